/**
 * The safetensors format: places of the tensors' bytes, without reading them.
 *
 * A file is the header's length (8 bytes, little-endian), the header (JSON: per tensor its dtype,
 * shape and byte range), and the tensors' bytes with neither holes nor overlaps.
 *
 * @module
 */
import { isPointer, ModelError, pointerError } from "./errors.ts";
import type { TensorLocation, WeightType } from "./architecture.ts";

/** A tensor as its file describes it. Its dtype may be one that no weight may have. */
export interface StoredTensor {
  readonly name: string;
  /** Absolute path with links resolved. */
  readonly file: string;
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
  /** The format's own word: F32, BF16, BOOL, ... */
  readonly dtype: string;
  readonly dims: readonly number[];
}

/** Bytes of an element, by the format's words. */
const bytesPerElement: ReadonlyMap<string, number> = new Map([
  ...["BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2"].map((dtype) => [dtype, 1] as const),
  ...["U16", "I16", "F16", "BF16"].map((dtype) => [dtype, 2] as const),
  ...["U32", "I32", "F32"].map((dtype) => [dtype, 4] as const),
  ...["U64", "I64", "F64"].map((dtype) => [dtype, 8] as const),
]);

const weightTypes: Readonly<Record<string, WeightType>> = {
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
};

/** The format's limit on the header, which keeps a wrong length from being taken for memory to fill. */
const longestHeader = 100_000_000;

/**
 * Reads a file's header and checks it against the file's length.
 *
 * @returns the tensors in order of their bytes.
 * @throws {ModelError} when the file is cut short, its header points outside of it, or byte ranges overlap, leave holes or disagree with shapes.
 */
export async function readSafetensorsHeader(path: string): Promise<StoredTensor[]> {
  const resolved = await Deno.realPath(path);
  using file = await Deno.open(resolved, { read: true });
  const size = (await file.stat()).size;
  if (size < 8) {
    throw damaged(path, `it has ${size} bytes, and the header's length alone has 8`);
  }
  const start = await readAt(file, 0, Math.min(size, 64));
  if (isPointer(new TextDecoder().decode(start))) throw pointerError(path);
  const headerLength = Number(new DataView(start.buffer).getBigUint64(0, true));
  if (headerLength > longestHeader || 8 + headerLength > size) {
    throw damaged(path, `its header ends at byte ${8 + headerLength} of ${size}`);
  }
  const text = new TextDecoder().decode(await readAt(file, 8, headerLength));
  return parseHeader(path, resolved, text, 8 + headerLength, size);
}

/** The place of a tensor whose dtype is one that weights may have; anything else is refused by name. */
export function locationOf(tensor: StoredTensor): TensorLocation {
  const type = weightTypes[tensor.dtype];
  if (type === undefined) {
    throw new ModelError(
      `${tensor.name} in ${tensor.file} has type ${tensor.dtype}`,
      "weights have type F32, F16 or BF16",
    );
  }
  const { file, offset, length, dims } = tensor;
  return { file, offset, length, type, dims };
}

/** Bytes of an open file from a place on; fewer only where the file ends. */
export async function readAt(
  file: Deno.FsFile,
  offset: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  await file.seek(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const n = await file.read(bytes.subarray(filled));
    if (n === null) break;
    filled += n;
  }
  return bytes.subarray(0, filled);
}

/** Values [count] of an open file's tensor from the `start`-th on; each stored type converts exactly. */
export async function readValues(
  file: Deno.FsFile,
  { offset, type }: TensorLocation,
  start: number,
  count: number,
): Promise<Float32Array> {
  const size = type === "float32" ? 4 : 2;
  const { buffer } = await readAt(file, offset + start * size, count * size);
  if (type === "float32") return new Float32Array(buffer);
  if (type === "float16") return Float32Array.from(new Float16Array(buffer));
  return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (half) => half << 16).buffer);
}

function parseHeader(
  path: string,
  resolved: string,
  text: string,
  dataStart: number,
  size: number,
): StoredTensor[] {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw damaged(path, `its header is not JSON: ${JSON.stringify(text.slice(0, 40))}`);
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    throw damaged(path, `its header is no JSON object: ${JSON.stringify(text.slice(0, 40))}`);
  }
  const tensors = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, entry]) => parseEntry(path, resolved, name, entry, dataStart));
  tensors.sort((a, b) => a.offset - b.offset || a.length - b.length);
  let end = dataStart;
  let before = "the header";
  for (const tensor of tensors) {
    if (tensor.offset !== end) {
      throw damaged(
        path,
        `${tensor.name} begins at byte ${tensor.offset}, and ${before} ends at byte ${end}`,
      );
    }
    end = tensor.offset + tensor.length;
    before = tensor.name;
    if (end > size) {
      throw damaged(
        path,
        `it is cut short: ${tensor.name} ends at byte ${end}, the file at byte ${size}`,
      );
    }
  }
  if (end !== size) {
    throw damaged(path, `${size - end} bytes follow ${before}`);
  }
  return tensors;
}

function parseEntry(
  path: string,
  file: string,
  name: string,
  entry: unknown,
  dataStart: number,
): StoredTensor {
  const { dtype, shape, data_offsets: range } = (entry ?? {}) as Record<string, unknown>;
  if (typeof dtype !== "string" || !isCounts(shape) || !isCounts(range) || range.length !== 2) {
    throw damaged(
      path,
      `its header gives no dtype, shape and data_offsets of ${name}: ${JSON.stringify(entry)}`,
    );
  }
  const [start, end] = range;
  const elements = shape.reduce((product, n) => product * n, 1);
  const bytes = elements * (bytesPerElement.get(dtype) ?? NaN);
  if (end < start || (!Number.isNaN(bytes) && end - start !== bytes)) {
    throw damaged(
      path,
      `${name} takes bytes ${start} to ${end}, and ${dtype} [${
        shape.join(", ")
      }] is ${bytes} bytes`,
    );
  }
  return { name, file, offset: dataStart + start, length: end - start, dtype, dims: shape };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function damaged(path: string, problem: string): ModelError {
  return new ModelError(`${path} is no whole safetensors file: ${problem}`);
}
