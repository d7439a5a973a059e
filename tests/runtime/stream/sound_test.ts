/** Numbers that are none end a computation with the name of the prompt or the edge. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { EvaluationError, expressionMetric } from "../../../runtime/metrics/mod.ts";
import { evaluateFull } from "../../../runtime/evaluation/mod.ts";
import { openModel } from "../../../runtime/models/mod.ts";
import { openEngine, openMasked } from "../../../runtime/stream/mod.ts";
import { checkEvaluation, checkGradient } from "../../../runtime/stream/sound.ts";
import { universeOf } from "../../../runtime/universe/universe.ts";
import { shapeOf } from "../circuits/random.ts";
import { examples, withTiny } from "../evaluation/tiny.ts";
import { changeConfig, copyModel, withFolder } from "../models/helpers.ts";

/** Changes the values of a float32 tensor of a safetensors file. */
async function change(
  path: string,
  name: string,
  changed: (value: number, i: number) => number,
): Promise<void> {
  const bytes = await Deno.readFile(path);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const [start, end] = header[name].data_offsets;
  const view = new DataView(bytes.buffer, 8 + length);
  for (let at = start, i = 0; at < end; at += 4, i++) {
    view.setFloat32(at, changed(view.getFloat32(at, true), i), true);
  }
  await Deno.writeFile(path, bytes);
}

const fill = (path: string, name: string, value: number) => change(path, name, () => value);

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

Deno.test("a weight that is no number is named", async () => {
  for (const wrong of [NaN, -Infinity]) {
    await withFolder(async (folder) => {
      await copyModel("gpt2-tiny", folder);
      await fill(`${folder}/model.safetensors`, "transformer.h.1.mlp.c_fc.weight", wrong);
      const engine = await openEngine({ device: "cpu" });
      try {
        const masked = await openMasked(engine, await openModel(folder));
        const error = await assertRejects(() => masked.prepare(examples), EvaluationError);
        assertStringIncludes(
          error.message,
          ": its weight transformer.h.1.mlp.c_fc.weight holds NaN or infinity",
        );
      } finally {
        await engine.close();
      }
    });
  }
});

Deno.test("scale_attn_by_inverse_layer_idx is a query divided by the layer's number from 1", async () => {
  const engine = await openEngine({ device: "cpu" });
  const targets = async (folder: string) => {
    const masked = await openMasked(engine, await openModel(folder));
    return await masked.targets(await masked.prepare(examples));
  };
  try {
    await withFolder(async (folder) => {
      await copyModel("gpt2-tiny", folder);
      const plain = await targets(folder);
      await changeConfig(folder, { scale_attn_by_inverse_layer_idx: true });
      const scaled = await targets(folder);
      await changeConfig(folder, { scale_attn_by_inverse_layer_idx: false });
      // The second of two layers: its queries, the first third of the columns, are halved in the weights.
      for (const name of ["weight", "bias"]) {
        await change(
          `${folder}/model.safetensors`,
          `transformer.h.1.attn.c_attn.${name}`,
          (value, i) => i % 96 < 32 ? value / 2 : value,
        );
      }
      const halved = await targets(folder);
      const furthest = (a: Float32Array, b: Float32Array) =>
        a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
      assert(furthest(scaled, halved) < 1e-5, `${furthest(scaled, halved)}`);
      assert(furthest(scaled, plain) > 1e-3, `${furthest(scaled, plain)}`);
    });
  } finally {
    await engine.close();
  }
});

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
