/** Writing the safetensors format, one tensor at a time. @module */
import type { WeightType } from "./architecture.ts";

/**
 * A tensor to be written. A function is called when its tensor is written, so that a large file is never in
 * memory as a whole.
 */
export interface TensorToWrite {
  readonly name: string;
  readonly dims: readonly number[];
  /** The type on disk; values are rounded to the nearest, ties to even. */
  readonly type: WeightType;
  /** Row by row, as many values as the dims say. */
  readonly data: Float32Array | (() => Float32Array);
}

const dtypes: Readonly<Record<WeightType, { readonly name: string; readonly bytes: number }>> = {
  float32: { name: "F32", bytes: 4 },
  float16: { name: "F16", bytes: 2 },
  bfloat16: { name: "BF16", bytes: 2 },
};

/** Elements converted at a time. */
const chunk = 1 << 20;

/**
 * Writes a safetensors file under a temporary name, then renames it, so that no half-written file is ever seen.
 * The same tensors give the same bytes in any order: wide types first, then by name.
 *
 * @throws {ModelError} when a name comes twice, a tensor's values are not as many as its dims say, or a finite value is out of its type's range.
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<TensorToWrite>,
): Promise<void> {
  const sorted = [...tensors].sort((a, b) =>
    dtypes[b.type].bytes - dtypes[a.type].bytes || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  );
  const header = encodeHeader(path, sorted);
  const temporary = `${path}.${Deno.pid}.partial`;
  try {
    {
      using file = await Deno.open(temporary, { write: true, create: true, truncate: true });
      await writeAll(file, header);
      for (const tensor of sorted) await writeTensor(path, file, tensor);
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

function encodeHeader(path: string, tensors: readonly TensorToWrite[]): Uint8Array<ArrayBuffer> {
  const entries: Record<string, unknown> = { __metadata__: { format: "pt" } };
  let offset = 0;
  for (const { name, dims, type } of tensors) {
    if (Object.hasOwn(entries, name)) {
      throw new RangeError(
        `Cannot write ${path} as names must differ: current value is ${name}, twice`,
      );
    }
    const end = offset + elementsOf(dims) * dtypes[type].bytes;
    entries[name] = { dtype: dtypes[type].name, shape: dims, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(entries));
  // Spaces up to a multiple of 8 keep every tensor aligned to its element size.
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}

async function writeTensor(path: string, file: Deno.FsFile, tensor: TensorToWrite): Promise<void> {
  const data = typeof tensor.data === "function" ? tensor.data() : tensor.data;
  const count = elementsOf(tensor.dims);
  if (data.length !== count) {
    throw new RangeError(
      `Cannot write ${path} as tensor ${tensor.name} must have ${count} values for ` +
        `[${tensor.dims.join(", ")}]: current value is ${data.length}`,
    );
  }
  for (let start = 0; start < count; start += chunk) {
    const values = data.subarray(start, Math.min(start + chunk, count));
    await writeAll(file, encodeValues(values, tensor, path));
  }
}

function encodeValues(
  values: Float32Array,
  tensor: TensorToWrite,
  path: string,
): Uint8Array<ArrayBuffer> {
  if (tensor.type === "float32") {
    const copy = new Float32Array(values);
    return new Uint8Array(copy.buffer);
  }
  const encoded = tensor.type === "float16"
    ? new Uint16Array(new Float16Array(values).buffer)
    : toBfloat16(values);
  const exponent = tensor.type === "float16" ? 0x7c00 : 0x7f80;
  let overflow = -1;
  for (let i = 0; i < encoded.length && overflow < 0; i++) {
    if ((encoded[i] & exponent) === exponent && Number.isFinite(values[i])) overflow = i;
  }
  if (overflow >= 0) {
    throw new RangeError(
      `Cannot write ${path} as tensor ${tensor.name} must fit ${tensor.type}: ` +
        `current value is ${values[overflow]}`,
    );
  }
  return new Uint8Array(encoded.buffer);
}

/** The upper half of float32, rounded to nearest, ties to even. */
function toBfloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(new Float32Array(values).buffer);
  const upper = new Uint16Array(bits.length);
  // A plain loop: `from` with a function is many times slower, and files may have gigabytes.
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i];
    const isNaN = (word & 0x7fffffff) > 0x7f800000;
    upper[i] = isNaN ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return upper;
}

function elementsOf(dims: readonly number[]): number {
  return dims.reduce((product, n) => product * n, 1);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}
