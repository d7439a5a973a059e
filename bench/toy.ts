/**
 * The model, tasks and published circuits of the toy that benchmarks run on: not the project's own (tests/fixtures).
 *
 * @module
 */
import { type Model, openModel } from "../runtime/models/mod.ts";
import type { EngineOptions } from "../runtime/engine/mod.ts";
import { type Engine, type MaskedModel, openEngine, openMasked } from "../runtime/stream/mod.ts";
import { taskFromFiles } from "../runtime/tasks/mod.ts";

const toyFolder = new URL("../tests/fixtures/toy/", import.meta.url).pathname;

/**
 * Circuits that the published implementation found on the toy: one run of 3,000 steps a row, 600 to 800 s on
 * two idle cores.
 */
export interface ToyRow {
  readonly name: string;
  readonly task: string;
  readonly edges: number;
  /** Test KL and exact match, as published. */
  readonly kl: number;
  readonly exactMatch: number;
}

export const toyRows: readonly ToyRow[] = [
  { name: "greater-than-36", task: "greater-than", edges: 36, kl: 0.0707, exactMatch: 0.417 },
  { name: "indirect-object-73", task: "indirect-object", edges: 73, kl: 0.9956, exactMatch: 0.724 },
  { name: "indirect-object-94", task: "indirect-object", edges: 94, kl: 0.3720, exactMatch: 0.880 },
  { name: "pronoun-15", task: "pronoun", edges: 15, kl: 0.0014, exactMatch: 1 },
];

/** The toy on an engine, its edges counted as the published runs count them. CIRC_BENCH_THREADS sets the threads. */
export async function openToy(
  options: EngineOptions = {},
  batch = 32,
): Promise<{ engine: Engine; masked: MaskedModel }> {
  const threads = Number(Deno.env.get("CIRC_BENCH_THREADS") ?? options.threads ?? 1);
  const engine = await openEngine({ device: "cpu", ...options, threads });
  const masked = await openMasked(engine, await openModel(toyFolder), {
    batch,
    convention: { embeddings: "split", qkv: "split" },
  });
  return { engine, masked };
}

/** A task of the toy by name, with its own metric. */
export async function openToyTask(name: string, model: Model) {
  const file = (split: string) => `${toyFolder}${name}.${split}.jsonl`;
  return await taskFromFiles({
    name,
    metric: name === "greater-than" ? "probability_difference" : "logit_difference",
    files: { train: file("train"), validation: file("validation"), test: file("test") },
    seed: 42,
    // Their pairs were drawn at random, and a few repeat between the splits.
    allowOverlap: true,
  }, model.tokenizer);
}
