/**
 * Checks of models, prompts, masks and losses before anything is computed: what the stream cannot compute is refused by name.
 *
 * @module
 */
import { type Convention, conventionProblem } from "../universe/universe.ts";
import type { Loss } from "../metrics/mod.ts";
import { type Architecture, type Model, ModelError } from "../models/mod.ts";
import { type Ablation, ablationNamed, ablations } from "../universe/ablations.ts";
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
  const problem = conventionProblem(architecture, convention);
  if (problem) throw new ModelError(`\`${name}\`: ${problem.message}`, problem.help);
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

/** @throws {RangeError} if there is no ablation of that name */
export function checkAblation(ablation: Ablation): void {
  if (ablationNamed(ablation) !== undefined) return;
  throw new RangeError(
    `Cannot prepare examples as the ablation must be one of ${
      Object.keys(ablations).join(", ")
    }: ` +
      `current value is ${ablation}`,
  );
}

/**
 * Refuses prompts that the means of an ablation cannot be over.
 *
 * @throws {RangeError} if there are none, one cannot be run through the model, or no prompt reaches a position of an example
 *   whose mean is wanted
 */
export function checkMeanOver(
  model: Pick<Model, "name" | "architecture">,
  examples: readonly StreamExample[],
  ablation: Ablation,
  meanOver: readonly StreamExample[],
): void {
  if (meanOver.length === 0) {
    throw new RangeError(`Cannot take the ${ablation} over prompts as there must be one at least`);
  }
  checkExamples(model, meanOver);
  const problem = meanProblem(examples, ablation, meanOver);
  if (problem !== undefined) throw new RangeError(`Cannot ablate: ${problem}`);
}

/** The reason why an ablation has no value for a position of an example; undefined if it has all. */
export function meanProblem(
  examples: readonly Pick<StreamExample, "corruptedTokens">[],
  ablation: Ablation,
  meanOver: readonly Pick<StreamExample, "corruptedTokens">[],
): string | undefined {
  if (ablation !== "mean_by_position") return undefined;
  const longest = (all: typeof examples) =>
    all.reduce((most, { corruptedTokens: { length } }) => Math.max(most, length), 0);
  const [most, known] = [longest(examples), longest(meanOver)];
  return most <= known
    ? undefined
    : `a prompt has ${most} tokens, and the longest of the prompts that \`mean_by_position\` is over has ${known}`;
}

/** @throws {RangeError} unless masks z [edges] have a number in [0, 1] for every edge */
export function checkMasks(z: Float32Array, edgeCount: number): void {
  if (z.length !== edgeCount) {
    throw new RangeError(
      `Cannot compute masks as there must be one for each of ${edgeCount} edges: there are ${z.length}`,
    );
  }
  // A comparison with NaN is false.
  const wrong = z.findIndex((mask) => !(mask >= 0 && mask <= 1));
  if (wrong < 0) return;
  throw new RangeError(
    `Cannot compute masks as each must be from 0 to 1: current value of edge ${wrong} is ${
      z[wrong]
    }`,
  );
}

/** @throws {RangeError} unless all chosen places are those of examples */
export function checkPlaces(chosen: readonly number[], count: number): void {
  const wrong = chosen.find((place) => !(Number.isInteger(place) && place >= 0 && place < count));
  if (wrong === undefined) return;
  throw new RangeError(
    `Cannot choose example ${wrong} as it must be a whole number from 0 to ${count - 1}`,
  );
}

/**
 * Refuses a loss that does not fit the examples.
 *
 * @param rows number of chosen examples
 * @throws {RangeError} if there are no examples, or a matrix of the loss is not [rows, vocabulary] of finite numbers
 */
export function checkLoss(loss: Loss, rows: number, vocabulary: number): void {
  if (rows === 0) throw new RangeError("Cannot compute a gradient as there must be examples");
  for (const [name, matrix] of Object.entries(loss)) {
    if (!(matrix instanceof Float32Array)) continue;
    if (matrix.length !== rows * vocabulary) {
      throw new RangeError(
        `Cannot compute the loss as its ${name} must be numbers for ${rows} examples and ` +
          `${vocabulary} tokens: there are ${matrix.length}`,
      );
    }
    const wrong = matrix.find((value) => !Number.isFinite(value));
    if (wrong === undefined) continue;
    throw new RangeError(
      `Cannot compute the loss as its ${name} must be finite: current value is ${wrong}`,
    );
  }
}
