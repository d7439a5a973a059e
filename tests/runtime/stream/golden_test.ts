/**
 * The disentangled stream against the published masked GPT-2: logits, KL and the gradient of every edge.
 * CIRC_TEST_DEVICE chooses where; webgpu_test.ts runs this file a second time.
 */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { edgeName, universeOf } from "../../../runtime/universe/universe.ts";
import { chooseDevice } from "../../../runtime/engine/mod.ts";
import { openModel, shapeOf } from "../../../runtime/models/mod.ts";
import { openStream } from "../../../runtime/stream/stream.ts";

interface GoldenEdge {
  from: string;
  to: string;
  z: number;
  kl_gradient: number;
  logit_difference_gradient_at_1: number;
  logit_difference_gradient_at_half: number;
}
interface Golden {
  clean_tokens: number[][];
  corrupted_tokens: number[][];
  dense_logits_clean: number[][][];
  dense_logits_corrupted_last: number[][];
  circuit_logits_last: number[][];
  kl_full_to_circuit_last_mean: number;
  edges: GoldenEdge[];
}

const folder = new URL("../../fixtures/gpt2-tiny/", import.meta.url);
const golden: Golden = JSON.parse(await Deno.readTextFile(new URL("golden.json", folder)));
const ours: Record<string, string> = { tok_embeds: "tok", pos_embeds: "pos", resid_post: "logits" };
const rename = (name: string) => ours[name] ?? name;

const device = await chooseDevice(Deno.env.get("CIRC_TEST_DEVICE") as "cpu" ?? "cpu");
const model = await openModel(folder.pathname);
const universe = universeOf(shapeOf(model.architecture), { embeddings: "split", qkv: "split" });
const goldenByName = new Map(
  golden.edges.map((edge) => [`${rename(edge.from)} -> ${rename(edge.to)}`, edge]),
);
const goldenEdges = Array.from(
  { length: universe.edgeCount },
  (_, e) => goldenByName.get(edgeName(universe, e))!,
);
const examples = golden.clean_tokens.map((clean, i) => ({
  cleanTokens: Int32Array.from(clean),
  corruptedTokens: Int32Array.from(golden.corrupted_tokens[i]),
}));
const everyone = examples.map((_, i) => i);
const constant = (z: number) => new Float32Array(universe.edgeCount).fill(z);

function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: (x: number) => number,
) {
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    assertAlmostEquals(actual[i], expected[i], tolerance(expected[i]), `element ${i}`);
  }
}
const logitTolerance = () => 1e-4;
const gradientTolerance = (x: number) => Math.max(1e-6, 1e-3 * Math.abs(x));
const mean = (x: Float32Array) => x.reduce((a, b) => a + b, 0) / x.length;

const stream = openStream(device, model, universe, { batch: 4, memoryBudget: 1e9 });
const prepared = await stream.prepare(examples);

Deno.test("the universe holds the golden edges and no others", () => {
  assertEquals(goldenByName.size, universe.edgeCount);
  assertEquals(goldenEdges.filter((edge) => edge === undefined), []);
});

Deno.test("all masks open: the dense model's logits", async () => {
  const { kl, logits } = await stream.evaluate(prepared, constant(1), everyone, true);
  assertClose(logits, golden.dense_logits_clean.flatMap((rows) => rows.at(-1)!), logitTolerance);
  assertClose(kl, [0, 0, 0], () => 1e-6);
});

Deno.test("all masks closed: the corrupted run's logits", async () => {
  const { logits } = await stream.evaluate(prepared, constant(0), everyone, true);
  assertClose(logits, golden.dense_logits_corrupted_last.flat(), logitTolerance);
});

Deno.test("the golden masks: logits, KL and the KL's gradient for every edge", async () => {
  const z = Float32Array.from(goldenEdges, (edge) => edge.z);
  const { kl, logits } = await stream.evaluate(prepared, z, everyone, true);
  assertClose(logits, golden.circuit_logits_last.flat(), logitTolerance);
  assertAlmostEquals(mean(kl), golden.kl_full_to_circuit_last_mean, 1e-5);
  const { loss, gradient } = await stream.gradient(prepared, z, everyone, { kind: "kl" });
  assertAlmostEquals(loss, golden.kl_full_to_circuit_last_mean, 1e-5);
  assertClose(gradient, goldenEdges.map((edge) => edge.kl_gradient), gradientTolerance);
});

for (
  const [z, field] of [[1, "logit_difference_gradient_at_1"], [
    0.5,
    "logit_difference_gradient_at_half",
  ]] as const
) {
  Deno.test(`the logit difference's gradient for every edge at z = ${z}`, async () => {
    const { vocabulary } = model.architecture;
    const coefficients = new Float32Array(3 * vocabulary);
    everyone.forEach((i) => {
      coefficients[i * vocabulary + 1] = 1;
      coefficients[i * vocabulary + 2] = -1;
    });
    const loss = { kind: "logits", coefficients } as const;
    const { gradient } = await stream.gradient(prepared, constant(z), everyone, loss);
    assertClose(gradient, goldenEdges.map((edge) => edge[field]), gradientTolerance);
  });
}
