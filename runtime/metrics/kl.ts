/** KL divergence. @module */
import type { NamedMetric } from "./metric.ts";

/** KL(full model || circuit) over the whole vocabulary at the answer, in nats; 0 is perfectly faithful. */
export const kl: NamedMetric = {
  name: "kl",
  about:
    "Divergence of the circuit's next-token distribution from the full model's, KL(full || circuit), mean over the examples. 0 is perfectly faithful.",
  source: "Conmy et al. 2023, arXiv:2304.14997",
  range: "from 0, in nats",
  bounds: [0, Infinity],
  relative: true,
  label: "KL from the full model (nats)",
  negligible: 1e-6,
  better: "lower",
  reads: "kl",
  needsWrong: false,
  value: ({ kl }) => kl,
  loss: () => ({ kind: "kl" }),
};
