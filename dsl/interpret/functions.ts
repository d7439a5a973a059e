/**
 * Calls in expressions: `kl(ep)`, `edges(ep)`, `sparsity(ep)`.
 *
 * @module
 */
import { circuitProperties, isProperty } from "../../runtime/circuits/properties.ts";
import {
  isNumberFunction,
  type NumberFunction,
  numberFunctions,
} from "../reference/number_functions.ts";
import type { CallExpression } from "../syntax/tree.ts";
import type { Context } from "./context.ts";
import { fail } from "./error.ts";
import { isMetric, measure } from "./measure/measure.ts";
import { circuitOf, evaluate } from "./expressions.ts";
import type { Value } from "./values.ts";

/** The value of a call: a metric or a property of a circuit, or a function of numbers. */
export async function callFunction(call: CallExpression, context: Context): Promise<Value> {
  const { callee, arguments: args } = call;
  if (isNumberFunction(callee.text)) {
    const { value }: NumberFunction = numberFunctions[callee.text];
    const numbers: number[] = [];
    for (const arg of args) {
      const found = await evaluate(arg, context);
      if (found.kind !== "number") fail(context.scope.place(arg), "a number is needed here");
      numbers.push(found.number);
    }
    return { kind: "number", number: value(...numbers) };
  }
  const property = isProperty(callee.text) ? circuitProperties[callee.text] : undefined;
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
  if (property !== undefined) return { kind: "number", number: property.value(circuit.circuit) };
  const place = context.scope.place(call);
  const occasion = { on, corruption: undefined };
  const measured = await measure(circuit, [callee.text], occasion, place, context);
  // The task's own metric goes by its own name.
  return { kind: "number", number: Object.values(measured)[0] };
}
