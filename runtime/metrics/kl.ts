/** KL divergence. @module */
import type { Metric } from "./metric.ts";

/** KL(full model || circuit) over the whole vocabulary at the answer, in nats; 0 is perfectly faithful. */
export const kl: Metric = {
  name: "kl",
  better: "lower",
  reads: "kl",
  needsWrong: false,
  value: ({ kl }) => kl,
  loss: () => ({ kind: "kl" }),
};
