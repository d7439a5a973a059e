/** Values of tensors and of views, read whole and rearranged in plain loops. */
import { ModelError } from "../../../runtime/models/errors.ts";
import type {
  DenseTensor,
  TensorLocation,
  ViewStep,
  WeightType,
  WeightView,
} from "../../../runtime/models/mod.ts";
import { readAt } from "../../../runtime/models/safetensors.ts";

/** The shape that a view has after its steps. */
export function viewDims(view: WeightView): number[] {
  return view.steps.reduce((dims: number[], step) => stepDims(view.tensor, dims, step), [
    ...view.dims,
  ]);
}

/** Reads a tensor's values as float32; every stored type converts exactly. */
export async function readTensor(location: TensorLocation): Promise<DenseTensor> {
  using file = await Deno.open(location.file, { read: true });
  const bytes = await readAt(file, location.offset, location.length);
  if (bytes.length < location.length) {
    throw new ModelError(
      `${location.file} is cut short: it ends at byte ${
        location.offset + bytes.length
      }, and a tensor at byte ${location.offset + location.length}`,
    );
  }
  return { dims: location.dims, data: decodeValues(bytes, location.type) };
}

/** Reads a view's values: its tensor, rearranged. */
export async function readView(
  tensors: ReadonlyMap<string, TensorLocation>,
  view: WeightView,
): Promise<DenseTensor> {
  const location = tensors.get(view.tensor);
  if (location === undefined) {
    throw new RangeError(
      `Cannot read tensor ${view.tensor} as the model must have it: current value is absent`,
    );
  }
  return applySteps(view, await readTensor(location));
}

/** Rearranges a tensor as a view says. */
function applySteps(view: WeightView, tensor: DenseTensor): DenseTensor {
  return view.steps.reduce((from: DenseTensor, step): DenseTensor => {
    const dims = stepDims(view.tensor, from.dims, step);
    if (step.kind === "reshape") return { dims, data: from.data };
    const strides = stridesOf(from.dims);
    if (step.kind === "slice") {
      return gather(from.data, dims, strides, step.start * strides[step.axis]);
    }
    return gather(from.data, dims, step.permutation.map((axis) => strides[axis]), 0);
  }, tensor);
}

/** Little-endian bytes of a stored type as float32. */
function decodeValues(bytes: Uint8Array<ArrayBuffer>, type: WeightType): Float32Array {
  const { buffer, byteOffset, length } = bytes;
  if (type === "float32") return new Float32Array(buffer, byteOffset, length / 4);
  if (type === "float16") return new Float32Array(new Float16Array(buffer, byteOffset, length / 2));
  const halves = new Uint16Array(buffer, byteOffset, length / 2);
  const words = Uint32Array.from(halves, (half) => half << 16);
  return new Float32Array(words.buffer);
}

function stepDims(tensor: string, dims: readonly number[], step: ViewStep): number[] {
  const wrong = (must: string): RangeError =>
    new RangeError(
      `Cannot view ${tensor} [${dims.join(", ")}] as ${must}: current value is ${
        JSON.stringify(step)
      }`,
    );
  switch (step.kind) {
    case "reshape":
      if (elementsOf(step.dims) !== elementsOf(dims)) {
        throw wrong("a reshape must keep its elements");
      }
      return [...step.dims];
    case "slice":
      if (!(step.start >= 0 && step.start < step.end && step.end <= dims[step.axis])) {
        throw wrong("a slice must lie inside its axis");
      }
      return dims.map((n, axis) => axis === step.axis ? step.end - step.start : n);
    case "transpose":
      if (
        [...step.permutation].sort((a, b) => a - b).some((axis, i) => axis !== i) ||
        step.permutation.length !== dims.length
      ) {
        throw wrong("a transposition must name each axis once");
      }
      return step.permutation.map((axis) => dims[axis]);
  }
}

function gather(
  data: Float32Array,
  dims: readonly number[],
  strides: readonly number[],
  start: number,
): DenseTensor {
  const out = new Float32Array(elementsOf(dims));
  let next = 0;
  const walk = (axis: number, at: number) => {
    if (axis === dims.length) out[next++] = data[at];
    else for (let i = 0; i < dims[axis]; i++) walk(axis + 1, at + i * strides[axis]);
  };
  walk(0, start);
  return { dims, data: out };
}

function stridesOf(dims: readonly number[]): number[] {
  return dims.map((_, axis) => elementsOf(dims.slice(axis + 1)));
}

function elementsOf(dims: readonly number[]): number {
  return dims.reduce((product, n) => product * n, 1);
}
