/**
 * Checks of models and prompts before any session opens: those that the stream cannot compute are refused by name.
 *
 * @module
 */
import type { Convention } from "../universe/universe.ts";
import { type Architecture, type Model, ModelError } from "../models/mod.ts";
import type { StreamExample } from "./contract.ts";

/** The reason why a model cannot be masked, if there is one. */
function obstacleOf(
  { heads, keyValueHeads, headSize, settings, norm }: Architecture,
  { layers }: Model["weights"],
): string | undefined {
  if (heads % keyValueHeads !== 0) {
    return `its ${heads} query heads do not divide into ${keyValueHeads} key/value heads`;
  }
  for (const [layer, { rotary }] of settings.entries()) {
    if (rotary && (rotary.size > headSize || rotary.size % 2 !== 0)) {
      return `layer ${layer} turns ${rotary.size} dimensions of heads that have ${headSize}`;
    }
  }
  for (const [layer, { outputBias, attentionPostNorm }] of layers.entries()) {
    // A bias before a norm is scaled by what all heads write together, so it belongs to no writer.
    if (outputBias && attentionPostNorm) {
      return `layer ${layer} has an attention output bias and a norm after the attention`;
    }
    // Norms after the attention are folded into its heads, which a norm with a mean or a bias does not allow.
    if (attentionPostNorm && (norm.kind !== "rms" || attentionPostNorm.bias)) {
      return `the norm after the attention of layer ${layer} must be an RMSNorm: it is ${norm.kind}`;
    }
  }
}

/**
 * Refuses a model that cannot be masked under a convention.
 *
 * @throws {ModelError} if the stream cannot compute the model, or q, k and v are to share a reader where heads share keys
 *   and values
 */
export function checkModel(
  { name, architecture, weights }: Pick<Model, "name" | "architecture" | "weights">,
  convention: Convention,
): void {
  const reason = obstacleOf(architecture, weights);
  if (reason !== undefined) {
    throw new ModelError(`the edges of ${name} cannot be cut: ${reason}`);
  }
  const { heads, keyValueHeads } = architecture;
  if (convention.qkv === "joint" && keyValueHeads !== heads) {
    throw new ModelError(
      `\`${name}\` has no joint q, k and v: its ${heads} heads share ${keyValueHeads} key/value heads`,
      "write `split qkv`, as is usual",
    );
  }
}

/**
 * Refuses prompts that cannot be run through a model.
 *
 * @throws {RangeError} naming the example, counted from 0, and what is wrong with it.
 */
export function checkExamples(
  { name, architecture }: Pick<Model, "name" | "architecture">,
  examples: readonly StreamExample[],
): void {
  const { contextLength, vocabulary } = architecture;
  examples.forEach(({ cleanTokens, corruptedTokens }, i) => {
    const refuse = (reason: string) => {
      throw new RangeError(`Cannot run example ${i} through ${name}: ${reason}`);
    };
    const { length } = cleanTokens;
    if (length === 0) refuse("its prompt has no tokens");
    if (corruptedTokens.length !== length) {
      refuse(`its prompt has ${length} tokens and its twin ${corruptedTokens.length}`);
    }
    if (length > contextLength) {
      refuse(`its prompt has ${length} tokens where ${contextLength} is the most`);
    }
    for (const token of [...cleanTokens, ...corruptedTokens]) {
      if (!(Number.isInteger(token) && token >= 0 && token < vocabulary)) {
        refuse(`token ${token} is not one of the vocabulary's ${vocabulary}`);
      }
    }
  });
}
