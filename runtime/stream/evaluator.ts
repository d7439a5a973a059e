/** Evaluations of masks, one by one or in sequences that share what they have in common. @module */
import {
  type BatchedMasks,
  batchMasks,
  hasFewExtraEdges,
  masksPerPass,
  rowsOfMasks,
} from "./batched_masks.ts";
import type { Context } from "./context.ts";
import type { Evaluation, StreamOptions, StreamSequence } from "./contract.ts";
import { evaluationPass } from "./evaluation_pass.ts";
import type { ExampleStore, Prepared } from "./example_store.ts";
import { maskMatrix } from "./layout.ts";
import { liveSubgraph } from "./live_subgraph.ts";
import { type KeptStacks, keptStacks } from "./restart.ts";
import type { GraphModel } from "./weights.ts";

export function createEvaluator(
  context: Context,
  model: GraphModel,
  store: ExampleStore,
  options: StreamOptions,
) {
  const { universe, architecture: { vocabulary } } = context;
  /** Stacks of the sequences that are open. */
  const open = new Set<KeptStacks>();
  const room = () =>
    options.memoryBudget - store.bytes() -
    [...open].reduce((sum, stacks) => sum + stacks.bytes(), 0);

  /**
   * Evaluates masks in the same passes.
   *
   * @param matrices [readers, writers] of each mask
   * @param batched the same, compared; null for a single mask
   * @param stacks those of the sequence that the masks belong to
   */
  const evaluateBatch = async (
    prepared: Prepared,
    matrices: readonly Float32Array[],
    batched: BatchedMasks | null,
    chosen: readonly number[],
    wantLogits: boolean,
    stacks: KeptStacks | null,
  ): Promise<Evaluation[]> => {
    const greatest = batched?.greatest ?? matrices[0];
    // All chosen examples under the first mask, then under the next.
    const all = matrices.flatMap(() => chosen);
    const passes = store.passes(prepared, all, {
      masks: batched?.least ?? matrices[0],
      subgraph: liveSubgraph(universe, model, greatest, prepared.ablated === null),
      ...(batched && {
        rowsOf: (rows) =>
          rowsOfMasks(
            rows.map((i) => i < 0 ? -1 : Math.floor(i / chosen.length)),
            matrices,
            batched,
          ),
      }),
    });
    const kl = new Float32Array(all.length);
    const logits = new Float32Array(wantLogits ? all.length * vocabulary : 0);
    let batch = 0;
    for await (const whole of passes) {
      const restart = stacks && stacks.begin(batch, whole, room());
      const pass = restart?.pass ?? whole;
      await evaluationPass(context, pass, kl, wantLogits ? logits : null, restart ?? undefined);
      if (restart) stacks!.keep(batch, restart);
      batch++;
    }
    const part = (values: Float32Array, m: number) => {
      const size = values.length / matrices.length;
      return values.slice(m * size, (m + 1) * size);
    };
    return matrices.length === 1
      ? [{ kl, logits }]
      : matrices.map((_, m) => ({ kl: part(kl, m), logits: part(logits, m) }));
  };

  return {
    /** Evaluates masks z [edges] on chosen examples. */
    async evaluate(
      prepared: Prepared,
      z: Float32Array,
      chosen: readonly number[],
      logits: boolean,
    ): Promise<Evaluation> {
      const masks = [maskMatrix(universe, z)];
      return (await evaluateBatch(prepared, masks, null, chosen, logits, null))[0];
    },

    sequence(prepared: Prepared, chosen: readonly number[]): StreamSequence {
      const stacks = keptStacks(context);
      open.add(stacks);
      // Examples that are computed at every use are not to be computed once for every mask.
      const cached = chosen.every((id) => prepared.examples[id].block !== null);
      const perPass = masksPerPass(options, chosen.length);
      return {
        async evaluate(masks, logits) {
          const matrices = masks.map((z) => maskMatrix(universe, z));
          const found: Evaluation[] = [];
          for (let first = 0; first < matrices.length; first += perPass) {
            const some = matrices.slice(first, first + perPass);
            const batched = some.length > 1 && cached ? batchMasks(some) : null;
            const near = batched && hasFewExtraEdges(batched, universe.edgeCount) ? batched : null;
            for (const part of near ? [some] : some.map((one) => [one])) {
              found.push(...await evaluateBatch(prepared, part, near, chosen, logits, stacks));
            }
          }
          return found;
        },
        close() {
          stacks.drop();
          open.delete(stacks);
        },
      };
    },

    /** Drops the stacks of all sequences, which then begin anew. */
    dropStacks(): void {
      for (const stacks of open) stacks.drop();
    },
  };
}
