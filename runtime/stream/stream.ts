/**
 * The disentangled residual stream of one model: interchange ablation with a mask per edge, forward and
 * backward. Everything here runs in the thread that calls it; masked.ts puts it in a worker.
 *
 * For an example with a clean and a corrupted prompt, reader r reads
 * `h_r = base_r + sum_w z_wr d_w`, where d_w is what writer w adds inside the circuit less what it adds on
 * the corrupted prompt, and base_r the corrupted run's stream (Bhaskar et al. 2024, section 3).
 *
 * @module
 */
import type { Universe } from "../universe/universe.ts";
import type { Device } from "../engine/device.ts";
import { type AblatedRows, meanRows, zeroRows } from "./ablation.ts";
import type { Ablation } from "./ablations.ts";
import { createArena } from "./arena.ts";
import { gradientPass } from "./backward_pass.ts";
import type { Loss } from "../metrics/loss.ts";
import { blockLayout, bytesPerExample, type CachedExample } from "./cache.ts";
import type { Context, Pass } from "./context.ts";
import { computeExamples, type StreamExample, sumCorrupted } from "./dense_pass.ts";
import { evaluationPass } from "./evaluation_pass.ts";
import { type Group, groupByLength, paddedLengths } from "./groups.ts";
import { type Extent, fullExtent, liveExtent } from "./extent.ts";
import { edgesOfMatrix, maskMatrix } from "./layout.ts";
import type { StreamOptions } from "./options.ts";
import { createMixing, createPlan, type Plan } from "./plan.ts";
import { type KeptStacks, keptStacks } from "./restart.ts";
import {
  isNear,
  masksTogether,
  type Share,
  sharesOf,
  type Together,
  together,
} from "./together.ts";
import type { GraphModel } from "./weights.ts";

export type { Loss, StreamExample };

export interface Evaluation {
  /** KL(full model || circuit) at the answer, in nats, one per example. */
  readonly kl: Float32Array;
  /** Circuit's logits at the answer, [examples, vocabulary]; empty unless asked for. */
  readonly logits: Float32Array;
}

export interface MaskGradient {
  /** Mean over the examples. */
  readonly loss: number;
  /** Derivative of the mean loss with respect to every edge's mask, [edges]. */
  readonly gradient: Float32Array;
}

export interface Stream {
  readonly universe: Universe;
  /** Runs the corrupted prompts and the full model once; returns a number to refer to the examples by. */
  prepare(
    examples: readonly StreamExample[],
    ablation?: Ablation,
    progress?: (done: number) => void,
  ): Promise<number>;
  /** Log-probabilities of the full model at the answers, [chosen, vocabulary]. */
  targets(prepared: number, chosen: readonly number[]): Float32Array;
  evaluate(
    prepared: number,
    z: Float32Array,
    chosen: readonly number[],
    logits: boolean,
  ): Promise<Evaluation>;
  /** Begins a sequence of evaluations on the chosen examples. */
  sequence(prepared: number, chosen: readonly number[]): StreamSequence;
  /**
   * With `openOnly` what closed masks leave dead is not computed, and their derivatives may be left at 0. With
   * `differencesAt` readers' gradients meet the writers' differences under those masks in place of z.
   */
  gradient(
    prepared: number,
    z: Float32Array,
    chosen: readonly number[],
    loss: Loss,
    openOnly?: boolean,
    differencesAt?: Float32Array | null,
  ): Promise<MaskGradient>;
  /** Forgets prepared examples. */
  forget(prepared: number): void;
  /** Releases all sessions; passes under way fail. */
  close(): Promise<void>;
}

/**
 * Evaluations of masks that differ little, one after another on the same examples: a pass begins at the first layer that
 * its masks change, and masks near each other share passes as far as the batch has room.
 */
export interface StreamSequence {
  evaluate(masks: readonly Float32Array[], logits: boolean): Promise<Evaluation[]>;
  /** Gives back what the sequence keeps of its last passes. */
  close(): void;
}

interface Prepared {
  readonly sources: readonly StreamExample[];
  readonly examples: readonly CachedExample[];
  /** Length that each example is padded to. */
  readonly padded: readonly number[];
  /** What stands for the corrupted run; null with interchange ablation. */
  readonly ablated: AblatedRows | null;
}

/** Opens the stream of a model over a universe of the model's own shape. */
export function openStream(
  device: Device,
  model: GraphModel,
  universe: Universe,
  options: StreamOptions,
): Stream {
  const { architecture } = model;
  const { vocabulary } = architecture;
  const blocks = blockLayout(architecture, universe);
  const embeddings = model.weights.positionEmbedding ? ["tok", "pos"] : ["tok"];
  const mixing = createMixing(device);
  const context: Context = {
    architecture,
    universe,
    blocks,
    arena: createArena(),
    mixing,
    embeddings,
  };
  const everything = fullExtent(universe);
  /** Stacks of the sequences that are open. */
  const kept = new Set<KeptStacks>();
  const keptBytes = () => [...kept].reduce((sum, stacks) => sum + stacks.bytes(), 0);
  const plans = new Map<string, Plan>();
  const store = new Map<number, Prepared>();
  let nextPrepared = 0;
  let cachedBytes = 0;

  const planFor = ({ rows, length }: Group): Plan => {
    const key = `${rows.length}x${length}`;
    if (!plans.has(key)) {
      plans.set(
        key,
        createPlan(device, model, universe.convention.qkv, { batch: rows.length, length }),
      );
    }
    return plans.get(key)!;
  };

  /** What stands for the corrupted runs; null for interchange ablation, where they stand for themselves. */
  const ablatedRowsFor = async (
    ablation: Ablation,
    sources: readonly StreamExample[],
    groups: readonly Group[],
  ): Promise<AblatedRows | null> => {
    if (ablation === "interchange") return null;
    if (ablation === "zero") return await zeroRows(device, model, blocks);
    const longest = sources.reduce(
      (most, { corruptedTokens }) => Math.max(most, corruptedTokens.length),
      0,
    );
    const sums = Array.from({ length: longest }, () => new Float64Array(blocks.columns));
    for (const group of groups) {
      const members = group.rows.filter((i) => i >= 0);
      // Rows that only fill the batch add nothing: their prompt is empty.
      const nothing = { cleanTokens: new Int32Array(0), corruptedTokens: new Int32Array(0) };
      const rows = group.rows.map((i) => i < 0 ? nothing : sources[i]);
      if (members.length > 0) await sumCorrupted(context, planFor(group), rows, sums);
    }
    const counts = sums.map((_, p) =>
      sources.filter(({ corruptedTokens }) => corruptedTokens.length > p).length
    );
    return meanRows(blocks, architecture.layers, ablation, sums, counts);
  };

  /** The chosen examples as passes, their blocks computed again where the budget had no room for them. */
  async function* passesOf(
    { sources, examples, padded, ablated }: Prepared,
    chosen: readonly number[],
    masks: Float32Array,
    extent: Extent,
    sharesOfRows: (rows: readonly number[]) => readonly Share[] = () => [],
  ): AsyncGenerator<Pass> {
    for (const group of groupByLength(chosen.map((id) => padded[id]), options.batch)) {
      const plan = planFor(group);
      const ids = group.rows.map((i) => chosen[i < 0 ? group.rows[0] : i]);
      const cached = ids.map((id) => examples[id]);
      const complete = cached.every(({ block }) => block !== null);
      yield {
        plan,
        masks,
        shares: sharesOfRows(group.rows),
        extent,
        chosen: group.rows,
        examples: complete
          ? cached
          : await computeExamples(context, plan, ids.map((id) => sources[id]), () => true, ablated),
      };
    }
  }

  /**
   * What comes of masks [readers, writers], one by one.
   *
   * @param all what several masks have in common
   * @param stacks those of the sequence that the masks belong to
   */
  const measure = async (
    known: Prepared,
    matrices: readonly Float32Array[],
    all: Together | null,
    chosen: readonly number[],
    wantLogits: boolean,
    stacks: KeptStacks | null,
  ): Promise<Evaluation[]> => {
    const count = chosen.length;
    const sharesOfRows = (rows: readonly number[]) =>
      all === null
        ? []
        : sharesOf(rows.map((i) => i < 0 ? -1 : Math.floor(i / count)), matrices, all);
    const [masks, open] = all === null ? [matrices[0], matrices[0]] : [all.least, all.greatest];
    const extent = liveExtent(universe, model, open, known.ablated === null);
    // All chosen examples under the first mask, and so on.
    const everyone = matrices.flatMap(() => chosen);
    const kl = new Float32Array(everyone.length);
    const logits = new Float32Array(wantLogits ? everyone.length * vocabulary : 0);
    let batchNumber = 0;
    for await (const whole of passesOf(known, everyone, masks, extent, sharesOfRows)) {
      const room = options.memoryBudget - cachedBytes - keptBytes();
      const restart = stacks && stacks.of(batchNumber, whole, room);
      const pass = restart?.pass ?? whole;
      await evaluationPass(context, pass, kl, wantLogits ? logits : null, restart ?? undefined);
      if (restart) stacks!.done(batchNumber, restart);
      batchNumber++;
    }
    if (matrices.length === 1) return [{ kl, logits }];
    const part = (values: Float32Array, m: number) => {
      const size = values.length / matrices.length;
      return values.slice(m * size, (m + 1) * size);
    };
    return matrices.map((_, m) => ({ kl: part(kl, m), logits: part(logits, m) }));
  };

  return {
    universe,
    async prepare(sources, ablation = "interchange", progress) {
      // Examples come before what sequences keep.
      for (const stacks of kept) stacks.drop();
      const padded = paddedLengths(sources, options.batch, architecture.attention.mask === "full");
      const groups = groupByLength(padded, options.batch);
      const ablated = await ablatedRowsFor(ablation, sources, groups);
      const examples = new Array<CachedExample>(sources.length);
      let done = 0;
      for (const group of groups) {
        const members = group.rows.filter((i) => i >= 0);
        const rows = group.rows.map((i) => sources[i < 0 ? members[0] : i]);
        let counted = 0;
        const keep = (tokens: number) => {
          const bytes = bytesPerExample(blocks, tokens);
          // Rows beyond the members only fill the batch.
          if (counted++ >= members.length || cachedBytes + bytes > options.memoryBudget) {
            return false;
          }
          cachedBytes += bytes;
          return true;
        };
        const made = await computeExamples(context, planFor(group), rows, keep, ablated);
        members.forEach((id, i) => examples[id] = made[i]);
        progress?.(done += members.length);
      }
      store.set(nextPrepared, { sources, examples, padded, ablated });
      return nextPrepared++;
    },

    targets(prepared, chosen) {
      const { examples } = store.get(prepared)!;
      const rows = new Float32Array(chosen.length * vocabulary);
      chosen.forEach((id, i) => rows.set(examples[id].target, i * vocabulary));
      return rows;
    },

    async evaluate(prepared, z, chosen, wantLogits) {
      const masks = [maskMatrix(universe, z)];
      return (await measure(store.get(prepared)!, masks, null, chosen, wantLogits, null))[0];
    },

    sequence(prepared, chosen) {
      const known = store.get(prepared)!;
      const stacks = keptStacks(context);
      kept.add(stacks);
      // Examples that are computed at every use are not to be computed once for every mask.
      const cached = chosen.every((id) => known.examples[id].block !== null);
      const room = masksTogether(options, chosen.length);
      return {
        async evaluate(masks, wantLogits) {
          const matrices = masks.map((z) => maskMatrix(universe, z));
          const found: Evaluation[] = [];
          for (let i = 0; i < matrices.length; i += room) {
            const some = matrices.slice(i, i + room);
            const all = some.length > 1 && cached ? together(some) : null;
            const near = all && isNear(all, universe.edgeCount) ? all : null;
            for (const part of near ? [some] : some.map((one) => [one])) {
              found.push(...await measure(known, part, near, chosen, wantLogits, stacks));
            }
          }
          return found;
        },
        close() {
          stacks.drop();
          kept.delete(stacks);
        },
      };
    },

    async gradient(prepared, z, chosen, loss, openOnly, differencesAt) {
      const total = new Float32Array(universe.readers.length * universe.writers.length);
      const masks = maskMatrix(universe, z);
      const known = store.get(prepared)!;
      const reference = differencesAt ? maskMatrix(universe, differencesAt) : null;
      const extent = openOnly && reference === null
        ? liveExtent(universe, model, masks, known.ablated === null)
        : everything;
      let value = 0;
      for await (const pass of passesOf(known, chosen, masks, extent)) {
        const weight = Float32Array.from(pass.chosen, (i) => i < 0 ? 0 : 1 / chosen.length);
        value += await gradientPass(context, pass, loss, weight, total, reference);
      }
      return { loss: value, gradient: edgesOfMatrix(universe, total) };
    },

    forget(prepared) {
      for (const { block } of store.get(prepared)?.examples ?? []) {
        cachedBytes -= block?.byteLength ?? 0;
      }
      store.delete(prepared);
    },

    async close() {
      for (const plan of plans.values()) await plan.release();
      await mixing.release();
      plans.clear();
      store.clear();
    },
  };
}
