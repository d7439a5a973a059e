/** Weights that are no numbers. @module */
import type { Model } from "./architecture.ts";
import { readValues } from "./safetensors.ts";

/** Values read at once. */
const STEP = 1 << 20;

/** Name of the first tensor that holds NaN or infinity; undefined if all values are numbers. Reads all weights. */
export async function unsoundTensor(
  { tensors }: Pick<Model, "tensors">,
): Promise<string | undefined> {
  for (const [name, tensor] of tensors) {
    using file = await Deno.open(tensor.file);
    const count = tensor.dims.reduce((product, n) => product * n, 1);
    for (let start = 0; start < count; start += STEP) {
      const values = await readValues(file, tensor, start, Math.min(STEP, count - start));
      if (!values.every(Number.isFinite)) return name;
    }
  }
}
