/** The dense pass: the ordinary model on both prompts of a batch, once per example. @module */
import type { View } from "../engine/session.ts";
import { logSumExp } from "../metrics/mod.ts";
import { addTo, subtractFrom } from "./arena.ts";
import type { AblatedRows } from "./ablation.ts";
import { type BlockLayout, type CachedExample, fieldOf } from "./cache.ts";
import type { Context } from "./context.ts";
import type { StreamExample } from "./contract.ts";
import type { ShapeSessions } from "./sessions.ts";

type Named = Record<string, View & { readonly data: Float32Array }>;

/** Runs the dense graph on one prompt per row. The outputs, by name, are valid until the next run. */
async function runDense(
  { architecture: a, arena }: Context,
  sessions: ShapeSessions,
  prompts: readonly Int32Array[],
  names: readonly string[],
): Promise<Named> {
  const { batch, length } = sessions.shape;
  const tokens = new BigInt64Array(batch * length);
  const last = new BigInt64Array(batch);
  prompts.forEach((prompt, i) => {
    prompt.forEach((token, t) => tokens[i * length + t] = BigInt(token));
    last[i] = BigInt(i * length + prompt.length - 1);
  });
  const dims = (name: string): number[] => {
    if (name === "logits") return [batch, a.vocabulary];
    if (name === "final") return [batch, a.width];
    return [batch * length, name.startsWith("heads.") ? a.heads * a.headSize : a.width];
  };
  const results: Named = {};
  for (const name of names) results[name] = arena.view(`dense.${name}`, dims(name));
  const session = await sessions.dense();
  await session.run({
    tokens: { data: tokens, dims: [batch * length] },
    rows: { data: last, dims: [batch] },
  }, results);
  return results;
}

/** Outputs of the dense graph that make a block, each with the field that it is added to. */
function partsOf({ blocks, embeddings }: Context): [output: string, field: string][] {
  const fields = [...blocks.fields.keys()].filter((name) => !name.startsWith("difference."));
  return [
    ...embeddingFields(blocks, embeddings),
    ...fields.map((name): [string, string] => [name, name]),
  ];
}

/** Embeddings, each with the field of its difference. A joint embedding is the sum of both. */
function embeddingFields(blocks: BlockLayout, embeddings: readonly string[]): [string, string][] {
  return embeddings.map((name, e) => [
    name,
    blocks.fields.has(`difference.${e}`) ? `difference.${e}` : "difference.0",
  ]);
}

/**
 * Adds every writer's output on the corrupted prompts to `sums`, by position.
 *
 * @param sums rows of a block, [positions][columns]; fields `difference.E` hold the embeddings themselves
 */
export async function sumCorrupted(
  context: Context,
  sessions: ShapeSessions,
  sources: readonly StreamExample[],
  sums: Float64Array[],
): Promise<void> {
  const parts = partsOf(context);
  const outputs = await runDense(
    context,
    sessions,
    sources.map(({ corruptedTokens }) => corruptedTokens),
    parts.map(([output]) => output),
  );
  for (const [output, field] of parts) {
    const { start, columns } = context.blocks.fields.get(field)!;
    sources.forEach(({ corruptedTokens }, i) => {
      for (let t = 0; t < corruptedTokens.length; t++) {
        const from = (i * sessions.shape.length + t) * columns;
        const row = sums[t];
        for (let k = 0; k < columns; k++) row[start + k] += outputs[output].data[from + k];
      }
    });
  }
}

/**
 * Runs both prompts of a batch, and keeps the target and final row of every example, and the block where there is room.
 *
 * @param keep true where an example's block, of so many tokens, is to be kept
 * @param ablated rows in place of the corrupted run; null under interchange ablation
 */
export async function computeExamples(
  context: Context,
  sessions: ShapeSessions,
  sources: readonly StreamExample[],
  keep: (tokens: number) => boolean,
  ablated: AblatedRows | null,
): Promise<CachedExample[]> {
  const { architecture: a, blocks, embeddings } = context;
  const { length } = sessions.shape;
  const kept = sources.map(({ cleanTokens }) =>
    keep(cleanTokens.length) ? new Float32Array(blocks.columns * cleanTokens.length) : null
  );
  const anyKept = kept.some((block) => block !== null);

  type Combine = (target: Float32Array, part: Float32Array) => void;
  const copy = ({ data, dims: [, columns] }: Named[string], field: string, combine: Combine) =>
    sources.forEach(({ cleanTokens }, i) => {
      const block = kept[i];
      if (block === null) return;
      const start = i * length * columns;
      const part = data.subarray(start, start + cleanTokens.length * columns);
      combine(fieldOf(block, blocks, cleanTokens.length, field), part);
    });
  const embedded = anyKept ? embeddingFields(blocks, embeddings) : [];

  const clean = await runDense(context, sessions, sources.map(({ cleanTokens }) => cleanTokens), [
    ...embedded.map(([output]) => output),
    "logits",
  ]);
  for (const [output, field] of embedded) copy(clean[output], field, addTo);
  const targets = sources.map((_, i) => {
    const logits = clean.logits.data.subarray(i * a.vocabulary, (i + 1) * a.vocabulary);
    const shift = logSumExp(logits);
    return logits.map((logit) => logit - shift);
  });
  const result = (i: number, final: Float32Array): CachedExample => ({
    length: sources[i].cleanTokens.length,
    block: kept[i],
    final,
    target: targets[i],
  });
  if (ablated) {
    return sources.map(({ cleanTokens }, i) => {
      if (kept[i]) ablated.fill(kept[i], cleanTokens.length);
      return result(i, ablated.final(cleanTokens.length - 1));
    });
  }

  const parts = anyKept ? partsOf(context) : [];
  const corrupted = await runDense(
    context,
    sessions,
    sources.map(({ corruptedTokens }) => corruptedTokens),
    [...parts.map(([output]) => output), "final"],
  );
  for (const [output, field] of parts) {
    const combine = field.startsWith("difference.")
      ? subtractFrom
      : (target: Float32Array, part: Float32Array) => target.set(part);
    copy(corrupted[output], field, combine);
  }
  return sources.map((_, i) =>
    result(i, corrupted.final.data.slice(i * a.width, (i + 1) * a.width))
  );
}
