/** Results that must be numbers: NaN and infinity are errors that name the prompt or the edge. @module */
import { EvaluationError } from "../metrics/mod.ts";
import type { Example } from "../tasks/mod.ts";
import { edgeName, type Universe } from "../universe/universe.ts";
import type { Evaluation, MaskGradient } from "./contract.ts";

/** A prompt as messages show it: its text, or its tokens where it has none. */
const shown = ({ clean, cleanTokens }: Example) =>
  clean === "" ? `of the tokens ${cleanTokens.join(" ")}` : JSON.stringify(clean);

/** Help on numbers that are none. */
const NO_NUMBER =
  "the model's weights or config.json are at fault, or its numbers leave the range of float32";

/**
 * The error about a prompt on which the model gives NaN or infinity.
 *
 * @param tensor a weight that holds NaN or infinity, where that is the cause.
 */
export function unsoundPrompt(who: string, example: Example, tensor?: string): EvaluationError {
  const problem = `the logits of ${who} are not numbers on the prompt ${shown(example)}`;
  return tensor === undefined
    ? new EvaluationError(problem, NO_NUMBER)
    : new EvaluationError(`${problem}: its weight ${tensor} holds NaN or infinity`);
}

/** @throws {EvaluationError} where the KL of a circuit [chosen] is NaN or infinite; the message names the prompt */
export function checkEvaluation(
  { kl }: Evaluation,
  examples: readonly Example[],
  chosen: readonly number[] | undefined,
): void {
  const wrong = kl.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw unsoundPrompt("the circuit", examples[chosen ? chosen[wrong] : wrong]);
}

/** @throws {EvaluationError} where a loss or one of its derivatives is NaN or infinite; the message names prompts or edge */
export function checkGradient(
  { loss, gradient }: MaskGradient,
  examples: readonly Example[],
  universe: Universe,
): void {
  const edge = gradient.findIndex((value) => !Number.isFinite(value));
  if (Number.isFinite(loss) && edge < 0) return;
  const what = Number.isFinite(loss)
    ? `the gradient of the loss for the edge \`${edgeName(universe, edge)}\``
    : "the loss";
  const among = examples.length === 1 ? "" : ` and ${examples.length - 1} more`;
  throw new EvaluationError(
    `${what} is not a number on the prompt ${shown(examples[0])}${among}`,
    NO_NUMBER,
  );
}
