/** The trained model as a Hugging Face folder. @module */
import { basename, dirname, join } from "node:path";
import { writeSafetensors } from "../../runtime/models/mod.ts";
import { configOf, parameters, type Sizes, type Weights } from "./model.ts";
import type { LearntTokenizer } from "./tokenizer.ts";

/** Rounds weights to what float16 can hold, in place: the model that is judged is the one that is written. */
export function roundToFloat16(weights: Weights): void {
  for (const data of weights.values()) data.set(new Float16Array(data));
}

/**
 * Writes the folder whole or not at all: under a temporary name first, then renamed. A folder that was there
 * before is replaced.
 */
export async function writeFolder(
  folder: string,
  sizes: Sizes,
  weights: Weights,
  tokenizer: LearntTokenizer,
): Promise<void> {
  const parent = dirname(folder);
  await Deno.mkdir(parent, { recursive: true });
  const partial = await Deno.makeTempDir({ dir: parent, prefix: `.${basename(folder)}-` });
  try {
    await writeSafetensors(
      join(partial, "model.safetensors"),
      parameters(sizes).map(({ name, dims }) => ({
        name,
        dims,
        type: "float16",
        data: weights.get(name)!,
      })),
    );
    const config = configOf(sizes, tokenizer.endOfText);
    const configJson = JSON.stringify(config, null, 2) + "\n";
    const texts = { ...tokenizer.files, "config.json": configJson };
    for (const [name, text] of Object.entries(texts)) {
      await Deno.writeTextFile(join(partial, name), text);
    }
    await Deno.chmod(partial, 0o755);
    await Deno.remove(folder, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    await Deno.rename(partial, folder);
  } catch (error) {
    await Deno.remove(partial, { recursive: true }).catch(() => {});
    throw error;
  }
}
