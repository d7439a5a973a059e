/**
 * Masked models, whose stream is computed in the worker of an engine. This door loads neither the stream nor onnxruntime.
 *
 * Other doors of the room: memory.ts, which builds graphs to estimate their memory; stream.ts, the stream in the caller's thread, which loads onnxruntime.
 *
 * @module
 */
export type { Ablation } from "../universe/ablations.ts";
export { masksPerPass } from "./batched_masks.ts";
export { defaultStreamOptions, type Evaluation, type MaskGradient } from "./contract.ts";
export type { Cost } from "./cost.ts";
export {
  type MaskedModel,
  type MaskedOptions,
  type MaskedSequence,
  openMasked,
  type PreparedExamples,
  someOf,
} from "./masked.ts";
export { meanProblem } from "./check.ts";
export { meanOptions } from "./mean_prompts.ts";
export { type Engine, openEngine } from "./open_engine.ts";
