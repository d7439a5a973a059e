/**
 * A masked model whose logit difference is linear in the masks: logit 0 is the sum of weight * z over the edges that
 * lie on a path, logit 1 is 0. What methods and measures must give on it can be worked out by hand.
 */
import { reachableEdges } from "../../../runtime/universe/reachability.ts";
import { type Universe, universeOf } from "../../../runtime/universe/universe.ts";
import type { MaskedModel, PreparedExamples } from "../../../runtime/stream/mod.ts";
import type { Example } from "../../../runtime/tasks/task.ts";

/** One layer, one head, one embedding: 8 edges. */
export const universe: Universe = universeOf(
  { layers: 1, heads: 1, keyValueHeads: 1, residual: "sequential", learnedPositions: false },
  { embeddings: "split", qkv: "split" },
);

export const example: Example = {
  clean: "",
  corrupted: "",
  cleanTokens: Int32Array.of(0, 1),
  corruptedTokens: Int32Array.of(1, 1),
  answers: Int32Array.of(0),
  wrong: Int32Array.of(1),
};

/** The model with one weight per edge, and two examples on it. `wired`: an edge counts only on a path. */
export function linearModel(
  weights: readonly number[],
  wired = true,
): { readonly masked: MaskedModel; readonly prepared: PreparedExamples } {
  const difference = (z: Float32Array) => {
    const open = Uint32Array.from([...z.keys()].filter((edge) => z[edge] > 0));
    const live = wired ? reachableEdges(universe, open) : open;
    return live.reduce((sum, edge) => sum + z[edge] * weights[edge], 0);
  };
  const full = new Float32Array(universe.edgeCount).fill(1);
  const logProbabilities = (d: number) => {
    const shift = Math.log(Math.exp(d) + 1);
    return [d - shift, -shift];
  };
  const kl = (d: number) => {
    const [p, q] = [logProbabilities(difference(full)), logProbabilities(d)];
    return p.reduce((sum, value, i) => sum + Math.exp(value) * (value - q[i]), 0);
  };
  const prepared: PreparedExamples = { examples: [example, example], handle: Symbol("linear") };
  const masked = {
    model: {
      name: "linear",
      architecture: { vocabulary: 2, attention: {} },
      hash: () => Promise.resolve("none"),
    },
    engine: { provider: "cpu" },
    universe,
    batch: 4,
    targets: (_: PreparedExamples, chosen = [0, 1]) =>
      Promise.resolve(Float32Array.from(chosen.flatMap(() => logProbabilities(difference(full))))),
    evaluate: (_: PreparedExamples, z: Float32Array, { chosen = [0, 1] } = {}) =>
      Promise.resolve({
        kl: Float32Array.from(chosen, () => kl(difference(z))),
        logits: Float32Array.from(chosen.flatMap(() => [difference(z), 0])),
      }),
    sequence: (prepared: PreparedExamples, chosen = [0, 1]) =>
      Promise.resolve({
        evaluate: (masks: Float32Array[]) =>
          Promise.all(masks.map((z) => masked.evaluate(prepared, z, { chosen }))),
        close: () => Promise.resolve(),
      }),
    gradient: (
      _: PreparedExamples,
      z: Float32Array,
      { loss }: { loss?: { kind: string } } = {},
    ) => {
      const d = difference(z);
      const slope = loss?.kind === "kl"
        ? Math.exp(logProbabilities(d)[0]) - Math.exp(logProbabilities(difference(full))[0])
        : 1;
      return Promise.resolve({
        loss: loss?.kind === "kl" ? kl(d) : d,
        gradient: Float32Array.from(weights, (w) => w * slope),
      });
    },
  };
  return { masked: masked as unknown as MaskedModel, prepared };
}
