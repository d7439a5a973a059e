/**
 * Calls in expressions: `kl(ep)`, `edges(ep)`, `sparsity(ep)`.
 *
 * @module
 */
import type { CallExpression } from "../syntax/tree.ts";
import type { Context } from "./context.ts";
import { fail } from "./error.ts";
import { isMetric, measure } from "./measure/measure.ts";
import { circuitOf, evaluate } from "./expressions.ts";
import type { CircuitValue, Value } from "./values.ts";

/** What can be known of a circuit without running a model. */
const properties: Readonly<Record<string, (value: CircuitValue) => number>> = {
  edges: ({ circuit }) => circuit.edges.length,
  sparsity: ({ circuit }) => 1 - circuit.edges.length / circuit.universe.edgeCount,
};

const ofNumbers: Readonly<Record<string, (...numbers: number[]) => number>> = {
  abs: Math.abs,
  min: Math.min,
  max: Math.max,
  round: Math.round,
};

/** The value of a call: a metric or a property of a circuit, or a function of numbers. */
export async function callFunction(call: CallExpression, context: Context): Promise<Value> {
  const { callee, arguments: args } = call;
  const arithmetic = ofNumbers[callee.text];
  if (arithmetic !== undefined) {
    const numbers: number[] = [];
    for (const arg of args) {
      const value = await evaluate(arg, context);
      if (value.kind !== "number") fail(context.scope.place(arg), "a number is needed here");
      numbers.push(value.number);
    }
    return { kind: "number", number: arithmetic(...numbers) };
  }
  const property = properties[callee.text];
  if (property === undefined && !isMetric(callee.text)) {
    fail(context.scope.place(callee), `no function of circuits is called \`${callee.text}\``);
  }
  const [expression, on] = args;
  if (expression === undefined || args.length > 2 || (on !== undefined && on.kind !== "Path")) {
    fail(
      context.scope.place(call),
      `\`${callee.text}\` takes a circuit, and perhaps where to measure it`,
      `for example ${callee.text}(ep) or ${callee.text}(ep, ioi.test)`,
    );
  }
  const circuit = await circuitOf(expression, context);
  if (property !== undefined) return { kind: "number", number: property(circuit) };
  const place = context.scope.place(call);
  const occasion = { on, corruption: undefined };
  const measured = await measure(circuit, [callee.text], occasion, place, context);
  // The task's own metric goes by its own name.
  return { kind: "number", number: Object.values(measured)[0] };
}
