/** Losses: values, and derivatives of the masks, against a float64 pass and its central differences. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Graph } from "../../../ops/mod.ts";
import { openSession } from "../../../runtime/engine/session.ts";
import { lossOf } from "../../../runtime/stream/loss.ts";
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
import type { Loss } from "../../../runtime/metrics/mod.ts";
import { openStream } from "../../../runtime/stream/stream.ts";
import { verified } from "../../support/verified.ts";
import { referenceLogits } from "../models/reference_forward.ts";
import { loader, maskedReference } from "./reference_masked.ts";

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

/** Log-probabilities of a row of logits, in float64. */
function logProbabilities(row: ArrayLike<number>): number[] {
  const logits = Array.from(row);
  const largest = Math.max(...logits);
  const total = logits.reduce((sum, x) => sum + Math.exp(x - largest), 0);
  return logits.map((x) => x - largest - Math.log(total));
}

/** Mean loss over the examples by its definition, from a float64 pass that shares nothing with the graphs. */
const load = loader(model);
const reference = await Promise.all(examples.map(async ({ cleanTokens, corruptedTokens }) => {
  const [clean, corrupted] = [Array.from(cleanTokens), Array.from(corruptedTokens)];
  const masked = await maskedReference(model, load, universe, clean, corrupted);
  const full = (await referenceLogits(model, clean)).at(-1)!;
  return { full, logitsAt: async (z: ArrayLike<number>) => (await masked(z)).at(-1)! };
}));

/** Loss of one example from the last logits of the circuit and of the full model. */
type Definition = (logits: ArrayLike<number>, full: ArrayLike<number>, example: number) => number;

const overSet = (values: readonly number[], set: Int32Array, reduce: string): number => {
  const chosen = Array.from(set, (token) => values[token]);
  if (reduce === "max") return Math.max(...chosen);
  if (reduce === "min") return Math.min(...chosen);
  const sum = chosen.reduce((a, b) => a + b, 0);
  return reduce === "sum" ? sum : sum / chosen.length;
};
const probabilities = (row: ArrayLike<number>) => logProbabilities(row).map(Math.exp);

const kl: Definition = (logits, full) => {
  const [p, q] = [logProbabilities(full), logProbabilities(logits)];
  return p.reduce((sum, log, token) => sum + Math.exp(log) * (log - q[token]), 0);
};
const difference =
  (of: (row: ArrayLike<number>) => number[], reduce: "mean" | "sum"): Definition =>
  (logits, _, i) =>
    overSet(of(logits), judged[i].answers, reduce) - overSet(of(logits), judged[i].wrong, reduce);
const valuesOf = (row: ArrayLike<number>) => Array.from(row);
const expressionDefinitions: readonly Definition[] = [
  (logits, _, i) =>
    overSet(valuesOf(logits), judged[i].answers, "max") -
    overSet(valuesOf(logits), judged[i].wrong, "min"),
  (logits, _, i) =>
    overSet(logProbabilities(logits), judged[i].answers, "mean") /
    (1 + overSet(probabilities(logits), judged[i].wrong, "sum")),
  (logits, _, i) => -10 * overSet(probabilities(logits), judged[i].answers, "sum"),
];

const cases: readonly {
  readonly name: "kl" | "logits" | "probabilities" | "expression";
  readonly title: string;
  readonly loss: Loss;
  readonly definition: Definition;
}[] = [
  { name: "kl", title: "kl", loss: { kind: "kl" }, definition: kl },
  {
    name: "logits",
    title: "logit_difference",
    loss: metrics.logit_difference.loss!(judged, vocabulary),
    definition: difference(valuesOf, "mean"),
  },
  {
    name: "probabilities",
    title: "probability_difference",
    loss: metrics.probability_difference.loss!(judged, vocabulary),
    definition: difference(probabilities, "sum"),
  },
  ...expressions.map((expression, i) => ({
    name: "expression" as const,
    title: expressionText(expression),
    loss: expressionMetric(expression).loss!(judged, vocabulary),
    definition: expressionDefinitions[i],
  })),
];

for (const { name, title, loss, definition } of cases) {
  Deno.test(`${title}: value and derivatives are those of its definition in float64`, () =>
    withStream(async (stream, prepared) => {
      const valueAt = async (masks: ArrayLike<number>) => {
        let sum = 0;
        for (const [i, { full, logitsAt }] of reference.entries()) {
          sum += definition(await logitsAt(masks), full, i);
        }
        return sum / reference.length;
      };
      const found = await stream.gradient(prepared, z, everyone, loss, false, null);
      const reach = Math.max(...found.gradient.map(Math.abs));
      assert(reach > 0);
      let largest = 0;
      const masks = Float64Array.from(z);
      for (let edge = 0; edge < universe.edgeCount; edge += 9) {
        const at = (offset: number) => valueAt(masks.with(edge, masks[edge] + offset));
        const numeric = (await at(1e-4) - await at(-1e-4)) / 2e-4;
        largest = Math.max(largest, Math.abs(found.gradient[edge] - numeric) / reach);
      }
      const value = await valueAt(masks);
      verified({
        of: "loss",
        name,
        against: "its definition on a float64 pass: the value",
        difference: Math.abs(found.loss - value) / Math.max(1, Math.abs(value)),
        tolerance: 1e-5,
      });
      verified({
        of: "loss",
        name,
        against: "central differences of a float64 pass: derivative of every ninth mask",
        difference: largest,
        tolerance: 1e-4,
        unit: "of the largest",
      });
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

Deno.test("the KL of logits that are no numbers is none", async () => {
  const graph = new Graph("kl");
  const logits = graph.input("logits", "float32", [4, 3]);
  const session = await openSession(await chooseDevice("cpu", 1), graph, {
    value: lossOf(graph, "kl", logits).value,
  });
  const value = { data: new Float32Array(4), dims: [4, 1] };
  const even = Math.log(1 / 3);
  const target = Float32Array.from({ length: 12 }, () => even);
  const given = Float32Array.of(NaN, 1, 2, Infinity, 1, 2, 1, -Infinity, 2, 0, 0, 0);
  await session.run({
    logits: { data: given, dims: [4, 3] },
    target: { data: target, dims: [4, 3] },
  }, { value });
  await session.release();
  assertEquals(Array.from(value.data, Number.isFinite), [false, false, false, true]);
  assertAlmostEquals(value.data[3], 0, 1e-7);
});
