/**
 * Prepared examples: values that no mask changes are computed once, and kept as far as the memory budget allows.
 *
 * @module
 */
import type { Device } from "../engine/mod.ts";
import { type AblatedRows, meanRows, zeroRows } from "./ablation.ts";
import type { Ablation } from "../universe/ablations.ts";
import type { MaskRows } from "./batched_masks.ts";
import { bytesPerExample, type CachedExample } from "./cache.ts";
import type { Context, Pass } from "./context.ts";
import type { StreamExample, StreamOptions } from "./contract.ts";
import { computeExamples, sumCorrupted } from "./dense_pass.ts";
import { type Group, groupByLength, paddedLengths } from "./groups.ts";
import type { ModelSessions, ShapeSessions } from "./sessions.ts";
import type { GraphModel } from "./weights.ts";

/** Examples that were prepared together. */
export interface Prepared {
  readonly sources: readonly StreamExample[];
  readonly examples: readonly CachedExample[];
  /** Tokens that each example is padded to, [examples]. */
  readonly padded: readonly number[];
  /** Rows in place of the corrupted run; null under interchange ablation. */
  readonly ablated: AblatedRows | null;
}

/** Masks of passes over a list of examples. */
export interface PassMasks extends Pick<Pass, "masks" | "subgraph"> {
  /** Rows of each of several masks in a group of rows; without it all rows have the same. */
  rowsOf?(rows: readonly number[]): readonly MaskRows[];
}

export type ExampleStore = ReturnType<typeof createExampleStore>;

/** Fills a batch under the mean ablations: a prompt without tokens adds nothing. */
const nothing: StreamExample = {
  cleanTokens: new Int32Array(0),
  corruptedTokens: new Int32Array(0),
};

/** The prepared examples of a model. */
export function createExampleStore(
  device: Device,
  model: GraphModel,
  context: Context,
  sessions: ModelSessions,
  { batch, memoryBudget }: StreamOptions,
) {
  const { blocks, architecture } = context;
  const store = new Map<number, Prepared>();
  let nextPrepared = 0;
  let bytes = 0;

  const sessionsOf = ({ rows, length }: Group): ShapeSessions =>
    sessions.of({ batch: rows.length, length });

  const paddedTo = (sources: readonly StreamExample[]) =>
    paddedLengths(sources, batch, architecture.attention.mask === "full");

  const ablatedRows = async (
    ablation: Ablation,
    sources: readonly StreamExample[],
  ): Promise<AblatedRows | null> => {
    if (ablation === "interchange") return null;
    if (ablation === "zero") return await zeroRows(device, model, blocks);
    const groups = groupByLength(paddedTo(sources), batch);
    const lengths = sources.map(({ corruptedTokens }) => corruptedTokens.length);
    const longest = lengths.reduce((a, b) => Math.max(a, b), 0);
    const sums = Array.from({ length: longest }, () => new Float64Array(blocks.columns));
    for (const group of groups) {
      const rows = group.rows.map((i) => i < 0 ? nothing : sources[i]);
      await sumCorrupted(context, sessionsOf(group), rows, sums);
    }
    const counts = sums.map((_, position) => lengths.filter((length) => length > position).length);
    return meanRows(blocks, architecture.layers, ablation, sums, counts);
  };

  return {
    /** As {@linkcode Stream.prepare}. */
    async prepare(
      sources: readonly StreamExample[],
      ablation: Ablation,
      meanOver: readonly StreamExample[],
      progress?: (done: number) => void,
    ): Promise<number> {
      const padded = paddedTo(sources);
      const groups = groupByLength(padded, batch);
      const ablated = await ablatedRows(ablation, meanOver);
      const examples = new Array<CachedExample>(sources.length);
      let done = 0;
      for (const group of groups) {
        const members = group.rows.filter((i) => i >= 0);
        const rows = group.rows.map((i) => sources[i < 0 ? members[0] : i]);
        let counted = 0;
        const keep = (tokens: number) => {
          const more = bytesPerExample(blocks, tokens);
          // Rows beyond the members only fill the batch.
          if (counted++ >= members.length || bytes + more > memoryBudget) return false;
          bytes += more;
          return true;
        };
        const made = await computeExamples(context, sessionsOf(group), rows, keep, ablated);
        members.forEach((id, i) => examples[id] = made[i]);
        progress?.(done += members.length);
      }
      store.set(nextPrepared, { sources, examples, padded, ablated });
      return nextPrepared++;
    },

    /** The examples of a number that `prepare` returned. */
    get: (prepared: number): Prepared => store.get(prepared)!,

    /** Passes over chosen examples. Blocks that the budget had no room for are computed again. */
    async *passes(
      { sources, examples, padded, ablated }: Prepared,
      chosen: readonly number[],
      { masks, subgraph, rowsOf }: PassMasks,
    ): AsyncGenerator<Pass> {
      for (const group of groupByLength(chosen.map((id) => padded[id]), batch)) {
        const ids = group.rows.map((i) => chosen[i < 0 ? group.rows[0] : i]);
        const sessions = sessionsOf(group);
        const cached = ids.map((id) => examples[id]);
        const complete = cached.every(({ block }) => block !== null);
        const own = ids.map((id) => sources[id]);
        yield {
          sessions,
          masks,
          maskRows: rowsOf?.(group.rows) ?? [],
          subgraph,
          chosen: group.rows,
          examples: complete
            ? cached
            : await computeExamples(context, sessions, own, () => true, ablated),
        };
      }
    },

    /** Bytes of all blocks. */
    bytes: (): number => bytes,

    forget(prepared: number): void {
      for (const { block } of store.get(prepared)?.examples ?? []) {
        bytes -= block?.byteLength ?? 0;
      }
      store.delete(prepared);
    },
  };
}
