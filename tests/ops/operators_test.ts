/** Every gradient rule of the operator table against central differences. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  gradients,
  Graph,
  type OperatorCase,
  operators,
  sizeOf,
  type Value,
} from "../../ops/mod.ts";
import { runGraph } from "./run_graph.ts";

/** Operators that only ever appear in gradients of others, which nothing differentiates twice, and those that count. */
const withoutGradient = ["Sign", "ArgMax", "ScatterElements"];

Deno.test("every operator has a gradient rule and cases, or is listed as having none", () => {
  const missing = operators.filter(({ gradient, cases }) => !gradient || !cases?.length).map((
    { name },
  ) => name);
  assertEquals(missing, withoutGradient);
});

for (const operator of operators) {
  for (const [number, test] of (operator.cases ?? []).entries()) {
    Deno.test(`${operator.name}, case ${number}: the gradient agrees with central differences`, () =>
      checkCase(test));
  }
}

function wave(n: number, phase: number, [low, high]: readonly [number, number]): Float32Array {
  // Irrational steps: no two elements alike, nothing near a kink by accident.
  return Float32Array.from(
    { length: n },
    (_, i) => low + (high - low) * ((phase + (i + 1) * 0.6180339887) % 1),
  );
}

async function checkCase(test: OperatorCase): Promise<void> {
  const graph = new Graph("case");
  const inputs = test.dims.map((dims, i) => graph.input(`x${i}`, "float32", dims));
  const built = test.build(...inputs);
  const outputs = Array.isArray(built) ? built as Value[] : [built as Value];
  const seeds = outputs.map((value, i) => ({
    value,
    gradient: graph.input(`seed${i}`, "float32", value.dims),
  }));
  const derivatives = gradients(seeds, inputs);
  const feeds: Record<string, Float32Array> = {};
  inputs.forEach((x, i) =>
    feeds[x.name] = wave(sizeOf(x.dims), 0.1 + i / 3, test.range ?? [-1, 1])
  );
  seeds.forEach(({ gradient }, i) =>
    feeds[gradient.name] = wave(sizeOf(gradient.dims), 0.7 + i / 5, [-1, 1])
  );

  const values = Object.fromEntries(outputs.map((value, i) => [`y${i}`, value]));
  const loss = async (): Promise<number> => {
    const results = await runGraph(graph, values, feeds);
    return outputs.reduce((sum, _, i) => sum + dot(results[`y${i}`], feeds[`seed${i}`]), 0);
  };
  const analytic = await runGraph(
    graph,
    Object.fromEntries(derivatives.flatMap((value, i) => value ? [[`d${i}`, value]] : [])),
    feeds,
  );
  for (const [i, x] of inputs.entries()) {
    assert(derivatives[i], `no gradient with respect to input ${i}`);
    for (let element = 0; element < sizeOf(x.dims); element++) {
      const numeric = await differentiate(feeds[x.name], element, loss);
      const actual = analytic[`d${i}`][element];
      assertAlmostEquals(
        actual,
        numeric,
        2e-3 * Math.max(1, Math.abs(numeric)),
        `input ${i}, element ${element}`,
      );
    }
  }
}

/** Five-point stencil: its error is of fourth order, so a step wide enough for float32 does no harm. */
async function differentiate(
  data: Float32Array,
  element: number,
  loss: () => Promise<number>,
): Promise<number> {
  const step = 0.03;
  const centre = data[element];
  const at = async (offset: number) => {
    data[element] = centre + offset * step;
    const value = await loss();
    data[element] = centre;
    return value;
  };
  const near = await at(1) - await at(-1);
  const far = await at(2) - await at(-2);
  return (8 * near - far) / (12 * step);
}

function dot(a: Float64Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
