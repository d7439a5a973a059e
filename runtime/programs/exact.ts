/** True if a compiled program, or a circuit of it, gives the program's output. @module */
import type { DenseTensor } from "../models/mod.ts";
import { forward, type ForwardOptions } from "./forward.ts";
import { type CompiledProgram, OUTPUT_LOGIT } from "./plan.ts";

/** By how much a logit may differ from the program's for the output to count as the same. */
const TOLERANCE = 1e-4;

/** Token ids [positions] of an input of the domain, with the beginning token. */
export function inputTokens(plan: CompiledProgram, input: number): Int32Array {
  return Int32Array.of(plan.tokens.length - 1, ...plan.domain.inputs[input]);
}

/** True if, at every position of an input, the output's token has its logit and all others have 0. */
export function isExactOn(
  plan: CompiledProgram,
  tensors: ReadonlyMap<string, DenseTensor>,
  input: number,
  options: ForwardOptions = {},
): boolean {
  const { offsets } = plan.domain;
  const { logits } = forward(plan, tensors, inputTokens(plan, input), options);
  return plan.outputs.subarray(offsets[input], offsets[input + 1]).every((token, p) =>
    logits[p + 1].every((logit, other) =>
      Math.abs(logit - (other === token ? OUTPUT_LOGIT : 0)) < TOLERANCE
    )
  );
}
