/**
 * The disentangled residual stream of one model: a mask per edge, forward and backward. It runs in the thread that calls
 * it; masked.ts reaches it in a worker.
 *
 * For an example with a clean and a corrupted prompt, reader r reads `h_r = base_r + sum_w z_rw d_w`, where d_w is what
 * writer w adds inside the circuit less what it adds on the corrupted prompt, and base_r the corrupted run's stream
 * (Bhaskar et al. 2024, section 3).
 *
 * @module
 */
import type { Device } from "../engine/mod.ts";
import type { Universe } from "../universe/universe.ts";
import { createArena } from "./arena.ts";
import { gradientPass } from "./backward_pass.ts";
import { blockLayout } from "./cache.ts";
import type { Context } from "./context.ts";
import type { Stream, StreamOptions } from "./contract.ts";
import { createEvaluator } from "./evaluator.ts";
import { createExampleStore } from "./example_store.ts";
import { edgesOfMatrix, maskMatrix } from "./layout.ts";
import { fullSubgraph, liveSubgraph } from "./live_subgraph.ts";
import { mixingSessions, modelSessions } from "./sessions.ts";
import type { GraphModel } from "./weights.ts";

/** Opens the stream of a model over a universe of the model's own shape. */
export function openStream(
  device: Device,
  model: GraphModel,
  universe: Universe,
  options: StreamOptions,
): Stream {
  const { architecture } = model;
  const { vocabulary } = architecture;
  const context: Context = {
    architecture,
    universe,
    blocks: blockLayout(architecture, universe),
    arena: createArena(),
    mixing: mixingSessions(device),
    embeddings: model.weights.positionEmbedding ? ["tok", "pos"] : ["tok"],
  };
  const sessions = modelSessions(device, model, universe.convention.qkv);
  const store = createExampleStore(device, model, context, sessions, options);
  const evaluator = createEvaluator(context, model, store, options);
  const everything = fullSubgraph(universe);

  return {
    universe,
    async prepare(sources, ablation = "interchange", progress, meanOver = sources) {
      // Examples come before the stacks of sequences.
      evaluator.dropStacks();
      return await store.prepare(sources, ablation, meanOver, progress);
    },

    unsound: (prepared) =>
      store.get(prepared).examples.findIndex(({ target, final }) =>
        !target.every(Number.isFinite) || !final.every(Number.isFinite)
      ),

    targets(prepared, chosen) {
      const { examples } = store.get(prepared);
      const rows = new Float32Array(chosen.length * vocabulary);
      chosen.forEach((id, i) => rows.set(examples[id].target, i * vocabulary));
      return rows;
    },

    evaluate: (prepared, z, chosen, logits) =>
      evaluator.evaluate(store.get(prepared), z, chosen, logits),

    sequence: (prepared, chosen) => evaluator.sequence(store.get(prepared), chosen),

    async gradient(prepared, z, chosen, loss, openOnly, differencesAt) {
      const total = new Float32Array(universe.readers.length * universe.writers.length);
      const masks = maskMatrix(universe, z);
      const known = store.get(prepared);
      const reference = differencesAt ? maskMatrix(universe, differencesAt) : null;
      const subgraph = openOnly && reference === null
        ? liveSubgraph(universe, model, masks, known.ablated === null)
        : everything;
      let value = 0;
      for await (const pass of store.passes(known, chosen, { masks, subgraph })) {
        const weight = Float32Array.from(pass.chosen, (i) => i < 0 ? 0 : 1 / chosen.length);
        value += await gradientPass(context, pass, loss, weight, total, reference);
      }
      return { loss: value, gradient: edgesOfMatrix(universe, total) };
    },

    forget: (prepared) => store.forget(prepared),

    async close() {
      await sessions.release();
      await context.mixing.release();
    },
  };
}
