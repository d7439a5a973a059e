/** The tiny random GPT-2 of the fixtures with its golden prompts, opened for interchange ablation. */
import {
  type MaskedModel,
  openEngine,
  openMasked,
  type PreparedExamples,
} from "../../../runtime/stream/mod.ts";
import { openModel } from "../../../runtime/models/mod.ts";
import type { Example } from "../../../runtime/tasks/task.ts";

export interface GoldenEdge {
  readonly from: string;
  readonly to: string;
  readonly z: number;
  readonly logit_difference_gradient_at_1: number;
  readonly logit_difference_gradient_at_half: number;
}

export interface Golden {
  readonly clean_tokens: number[][];
  readonly corrupted_tokens: number[][];
  readonly dense_logits_clean: number[][][];
  readonly dense_logits_corrupted_last: number[][];
  readonly circuit_logits_last: number[][];
  readonly kl_full_to_circuit_last_mean: number;
  readonly edges: GoldenEdge[];
}

const folder = new URL("../../fixtures/gpt2-tiny/", import.meta.url);
export const golden: Golden = JSON.parse(
  await Deno.readTextFile(new URL("golden.json", folder)),
);

/** The golden prompts; the right answer is token 1, the wrong one token 2. */
export const examples: readonly Example[] = golden.clean_tokens.map((tokens, i) => ({
  clean: "",
  corrupted: "",
  cleanTokens: Int32Array.from(tokens),
  corruptedTokens: Int32Array.from(golden.corrupted_tokens[i]),
  answers: Int32Array.of(1),
  wrong: Int32Array.of(2),
}));

/** Examples whose corrupted prompt is the clean one. */
export const unchanged = examples.map((example) => ({
  ...example,
  corruptedTokens: example.cleanTokens,
}));

const ours: Record<string, string> = { tok_embeds: "tok", pos_embeds: "pos", resid_post: "logits" };

/** Golden edges by our names. */
export const goldenByName = new Map(
  golden.edges.map((edge) => [
    `${ours[edge.from] ?? edge.from} -> ${ours[edge.to] ?? edge.to}`,
    edge,
  ]),
);

/** Opens the model, prepares the examples, runs, and closes. */
export async function withTiny(
  run: (masked: MaskedModel, prepared: PreparedExamples) => Promise<void>,
  chosen: readonly Example[] = examples,
  batch = 4,
): Promise<void> {
  const engine = await openEngine({
    device: Deno.env.get("CIRC_TEST_DEVICE") as "cpu" ?? "cpu",
  });
  try {
    const masked = await openMasked(engine, await openModel(folder.pathname), {
      batch,
      convention: { embeddings: "split", qkv: "split" },
    });
    await run(masked, await masked.prepare(chosen));
  } finally {
    await engine.close();
  }
}
