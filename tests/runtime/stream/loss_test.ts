/** Losses written as expressions: values, and derivatives of the masks against central differences. */
import { assert, assertAlmostEquals } from "@std/assert";
import { universeOf } from "../../../runtime/universe/universe.ts";
import { chooseDevice } from "../../../runtime/engine/mod.ts";
import {
  expressionMetric,
  expressionText,
  type Metric,
  metrics,
} from "../../../runtime/evaluation/mod.ts";
import { openModel, shapeOf } from "../../../runtime/models/mod.ts";
import { randomFrom } from "../../../base/random.ts";
import type { AnswerExpression } from "../../../runtime/metrics/answer_expression.ts";
import type { Stream } from "../../../runtime/stream/contract.ts";
import { openStream } from "../../../runtime/stream/stream.ts";

const folder = new URL("../../fixtures/gpt2-tiny/", import.meta.url);
const model = await openModel(folder.pathname);
const universe = universeOf(shapeOf(model.architecture), { embeddings: "split", qkv: "split" });
const { vocabulary } = model.architecture;
const random = randomFrom(3, "tokens");
const tokens = (count: number) =>
  Int32Array.from({ length: count }, () => random.integer(vocabulary));
const examples = [5, 5, 7].map((length) => ({
  cleanTokens: tokens(length),
  corruptedTokens: tokens(length),
}));
const judged = [
  { answers: Int32Array.of(1), wrong: Int32Array.of(2, 5) },
  { answers: Int32Array.of(3, 4, 9), wrong: Int32Array.of(7) },
  { answers: Int32Array.of(0, vocabulary - 1), wrong: Int32Array.of(6, 8, 10) },
];
const everyone = [0, 1, 2];
const z = Float32Array.from({ length: universe.edgeCount }, () => 0.2 + 0.6 * random.uniform());

const over = (
  reduce: "mean" | "sum" | "min" | "max",
  value: "logit" | "probability",
  set: string,
) => ({ kind: "over", reduce, value, set }) as AnswerExpression;
const expressions: readonly AnswerExpression[] = [
  {
    kind: "binary",
    operator: "-",
    left: over("max", "logit", "answers"),
    right: over("min", "logit", "wrong"),
  },
  {
    kind: "binary",
    operator: "/",
    left: {
      kind: "over",
      reduce: "mean",
      value: "log_probability",
      set: "answers",
    },
    right: {
      kind: "binary",
      operator: "+",
      left: { kind: "number", value: 1 },
      right: over("sum", "probability", "wrong"),
    },
  },
  {
    kind: "negative",
    operand: {
      kind: "binary",
      operator: "*",
      left: { kind: "number", value: 10 },
      right: over("sum", "probability", "answers"),
    },
  },
];

async function withStream(test: (stream: Stream, prepared: number) => Promise<void>) {
  const stream = openStream(await chooseDevice("cpu"), model, universe, {
    batch: 2,
    memoryBudget: 1e9,
  });
  await test(stream, await stream.prepare(examples));
  await stream.close();
}

for (const expression of expressions) {
  Deno.test(`the derivatives of ${expressionText(expression)}`, () =>
    withStream(async (stream, prepared) => {
      const metric = expressionMetric(expression);
      const valueAt = async (masks: Float32Array) => {
        const { logits } = await stream.evaluate(prepared, masks, everyone, true);
        return everyone.reduce((sum, i) => {
          const row = logits.subarray(i * vocabulary, (i + 1) * vocabulary);
          return sum + metric.value({ logits: row, target: row, kl: 0 }, judged[i]) / 3;
        }, 0);
      };
      const loss = metric.loss!(judged, vocabulary);
      const found = await stream.gradient(prepared, z, everyone, loss, false, null);
      assertAlmostEquals(found.loss, await valueAt(z), 1e-4);
      const reach = Math.max(...found.gradient.map(Math.abs));
      assert(reach > 0);
      const step = 0.02;
      for (let edge = 0; edge < universe.edgeCount; edge += 9) {
        const at = (offset: number) => {
          const moved = z.slice();
          moved[edge] += offset * step;
          return valueAt(moved);
        };
        const [near, far] = [await at(1) - await at(-1), await at(2) - await at(-2)];
        const numeric = (8 * near - far) / (12 * step);
        assertAlmostEquals(found.gradient[edge], numeric, 5e-3 * reach, `edge ${edge}`);
      }
    }));
}

Deno.test("the logit difference as an expression has the linear loss's derivatives", () =>
  withStream(async (stream, prepared) => {
    const difference = expressionMetric({
      kind: "binary",
      operator: "-",
      left: over("mean", "logit", "answers"),
      right: over("mean", "logit", "wrong"),
    });
    const gradientOf = (metric: Metric) =>
      stream.gradient(prepared, z, everyone, metric.loss!(judged, vocabulary), false, null);
    const a = await gradientOf(difference);
    const b = await gradientOf(metrics.logit_difference);
    assertAlmostEquals(a.loss, b.loss, 1e-5);
    const reach = Math.max(...b.gradient.map(Math.abs));
    a.gradient.forEach((x, edge) => assertAlmostEquals(x, b.gradient[edge], 1e-5 * reach));
  }));
