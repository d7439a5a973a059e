/** Numbers that are none end a computation with the name of the prompt or the edge. */
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { EvaluationError, expressionMetric } from "../../../runtime/metrics/mod.ts";
import { evaluateFull } from "../../../runtime/evaluation/mod.ts";
import { openModel } from "../../../runtime/models/mod.ts";
import { openEngine, openMasked } from "../../../runtime/stream/mod.ts";
import { checkEvaluation, checkGradient } from "../../../runtime/stream/sound.ts";
import { universeOf } from "../../../runtime/universe/universe.ts";
import { shapeOf } from "../circuits/random.ts";
import { examples, withTiny } from "../evaluation/tiny.ts";
import { copyModel, withFolder } from "../models/helpers.ts";

/** Fills a float32 tensor of a safetensors file. */
async function fill(path: string, name: string, value: number): Promise<void> {
  const bytes = await Deno.readFile(path);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const [start, end] = header[name].data_offsets;
  const view = new DataView(bytes.buffer, 8 + length);
  for (let at = start; at < end; at += 4) view.setFloat32(at, value, true);
  await Deno.writeFile(path, bytes);
}

Deno.test("a model whose logits leave the range of numbers is refused with the prompt, before anything is searched", () =>
  withFolder(async (folder) => {
    await copyModel("gpt2-tiny", folder);
    // Finite weights, and a product beyond float32.
    await fill(`${folder}/model.safetensors`, "transformer.ln_f.weight", 3e38);
    const engine = await openEngine({ device: "cpu" });
    try {
      const masked = await openMasked(engine, await openModel(folder));
      const named = examples.map((example, i) => ({ ...example, clean: `prompt ${i}` }));
      const error = await assertRejects(() => masked.prepare(named), EvaluationError);
      assertStringIncludes(error.message, 'are not numbers on the prompt "prompt 0"');
      const unnamed = await assertRejects(() => masked.prepare(examples), EvaluationError);
      assertStringIncludes(unnamed.message, examples[0].cleanTokens.join(" "));
    } finally {
      await engine.close();
    }
  }));

Deno.test("NaN and infinite results name the prompt, and gradients the edge", () => {
  const named = ["a", "b", "c"].map((clean) => ({ ...examples[0], clean }));
  const universe = universeOf(shapeOf(1, 1), { embeddings: "joint", qkv: "split" });
  const gradient = new Float32Array(universe.edgeCount);
  for (const wrong of [NaN, Infinity, -Infinity]) {
    const kl = Float32Array.of(0.5, wrong);
    const logits = new Float32Array(0);
    assertThrows(() => checkEvaluation({ kl, logits }, named, undefined), EvaluationError, '"b"');
    assertThrows(() => checkEvaluation({ kl, logits }, named, [0, 2]), EvaluationError, '"c"');
    assertThrows(
      () => checkGradient({ loss: wrong, gradient }, named, universe),
      EvaluationError,
      'the loss is not a number on the prompt "a" and 2 more',
    );
    const slopes = gradient.slice();
    slopes[0] = wrong;
    assertThrows(
      () => checkGradient({ loss: 1, gradient: slopes }, named.slice(2), universe),
      EvaluationError,
      'for the edge `embed -> a0.h0.q` is not a number on the prompt "c"',
    );
  }
  checkGradient({ loss: 1, gradient }, named, universe);
  checkEvaluation({ kl: Float32Array.of(0, 1), logits: gradient }, named, undefined);
});

Deno.test("a metric that has no value on a prompt is an error, never a number", () =>
  withTiny(async (masked, prepared) => {
    const over = { kind: "over", reduce: "mean", value: "logit", set: "answers" } as const;
    const zero = { kind: "binary", operator: "-", left: over, right: over } as const;
    const metric = expressionMetric({ kind: "binary", operator: "/", left: over, right: zero });
    const error = await assertRejects(
      () => evaluateFull(masked, prepared, [metric]),
      EvaluationError,
    );
    assertStringIncludes(error.message, "Infinity on the prompt");
    assertEquals(Object.keys(await evaluateFull(masked, prepared, ["kl"])), ["kl"]);
  }));
