/**
 * Values of expressions: one entry per kind of expression.
 *
 * @module
 */
import {
  complement,
  difference,
  intersection,
  restrict,
  top,
  topShare,
  union,
  without,
} from "../../runtime/circuits/mod.ts";
import type { Circuit, Condition } from "../../runtime/circuits/mod.ts";
import type { Expression, Selection } from "../syntax/tree.ts";
import type { Context } from "./context.ts";
import { at, fail } from "./error.ts";
import { callFunction } from "./functions.ts";
import { isShare, numberOf } from "./lower/constant.ts";
import { queries } from "./queries/mod.ts";
import { type CircuitValue, kindName, type Value } from "./values.ts";

type Evaluate<E extends Expression> = (expression: E, context: Context) => Promise<Value> | Value;
type Evaluators = {
  readonly [K in Expression["kind"]]?: Evaluate<Extract<Expression, { kind: K }>>;
};

/** The value of an expression. */
export async function evaluate(expression: Expression, context: Context): Promise<Value> {
  const evaluator = evaluators[expression.kind] as Evaluate<Expression> | undefined;
  if (evaluator === undefined) {
    fail(context.scope.place(expression), "this has no value by itself");
  }
  return await evaluator(expression, context);
}

/** The circuit that an expression stands for. */
export async function circuitOf(expression: Expression, context: Context): Promise<CircuitValue> {
  const value = await evaluate(expression, context);
  if (value.kind === "circuit") return value;
  const place = context.scope.place(expression);
  return fail(
    place,
    `a circuit is needed here: \`${context.scope.written(expression)}\` is ${kindName(value)}`,
  );
}

const number = (value: number): Value => ({ kind: "number", number: value });
const truth = (value: boolean): Value => ({ kind: "truth", truth: value });

const evaluators: Evaluators = {
  NumberLiteral: ({ value, percent }) =>
    percent ? { kind: "number", number: value, percent } : number(value),
  TextLiteral: ({ value }) => ({ kind: "text", text: value }),
  ListLiteral: async ({ items }, context) => {
    const values: Value[] = [];
    for (const item of items) values.push(await evaluate(item, context));
    return { kind: "list", items: values };
  },
  GroupExpression: ({ inner }, context) => evaluate(inner, context),
  CallExpression: callFunction,
  Path: (path, { scope }) => {
    if (path.text === "true" || path.text === "false") return truth(path.text === "true");
    return scope.lookup(path.text) ??
      fail(scope.place(path), `nothing is called \`${path.text}\` here`);
  },
  UnaryExpression: async ({ operator, operand }, context) => {
    const value = await evaluate(operand, context);
    if (operator === "-" && value.kind === "number") return number(-value.number);
    if (operator === "not" && value.kind === "truth") return truth(!value.truth);
    return fail(
      context.scope.place(operand),
      `\`${operator}\` does not apply to ${kindName(value)}`,
    );
  },
  BinaryExpression: async ({ operator, operatorSpan, left, right }, context) => {
    const a = await evaluate(left, context);
    // What decides the answer alone spares the other side, which may cost a pass over the test prompts.
    if (a.kind === "truth" && (operator === "and" ? !a.truth : operator === "or" && a.truth)) {
      return a;
    }
    const b = await evaluate(right, context);
    const place = { file: context.scope.file, span: operatorSpan };
    const onNumbers = numberOperations[operator];
    if (a.kind === "number" && b.kind === "number" && onNumbers) {
      return onNumbers(a.number, b.number);
    }
    const onCircuits = circuitOperations[operator];
    if (a.kind === "circuit" && b.kind === "circuit" && onCircuits) {
      return await derive(a, () => at(place, () => onCircuits(a.circuit, b.circuit)));
    }
    if (a.kind === "truth" && b.kind === "truth" && (operator === "and" || operator === "or")) {
      return b;
    }
    if (a.kind === "text" && b.kind === "text" && (operator === "=" || operator === "!=")) {
      return truth((a.text === b.text) === (operator === "="));
    }
    return fail(place, `\`${operator}\` does not apply to ${kindName(a)} and ${kindName(b)}`);
  },
  WithoutExpression: async ({ circuit, selections }, context) => {
    const from = await circuitOf(circuit, context);
    let left = from.circuit;
    for (const selection of selections) {
      const place = context.scope.place(selection);
      left = await at(place, () => removed(left, selection));
    }
    return await derive(from, () => left);
  },
  AboveExpression: async ({ circuit, threshold: least, span }, context) => {
    const from = await circuitOf(circuit, context);
    const place = { file: context.scope.file, span };
    const value = numberOf(least, context.scope);
    const above: Condition = { kind: "compare", field: "weight", operator: ">", value };
    return await derive(from, () => at(place, () => restrict(from.circuit, above)));
  },
  TopExpression: async ({ amount, circuit, span }, context) => {
    const from = await circuitOf(circuit, context);
    const wanted = numberOf(amount, context.scope);
    const take = isShare(amount, context.scope) ? topShare : top;
    const place = { file: context.scope.file, span };
    return await derive(from, () => at(place, () => take(from.circuit, wanted)));
  },
  ComplementExpression: async ({ circuit }, context) => {
    const from = await circuitOf(circuit, context);
    return await derive(from, () => complement(from.circuit));
  },
  ...queries,
};

const numberOperations: Readonly<Record<string, (a: number, b: number) => Value>> = {
  "+": (a, b) => number(a + b),
  "-": (a, b) => number(a - b),
  "*": (a, b) => number(a * b),
  "/": (a, b) => number(a / b),
  "=": (a, b) => truth(a === b),
  "!=": (a, b) => truth(a !== b),
  "<": (a, b) => truth(a < b),
  "<=": (a, b) => truth(a <= b),
  ">": (a, b) => truth(a > b),
  ">=": (a, b) => truth(a >= b),
};

const circuitOperations: Readonly<Record<string, (a: Circuit, b: Circuit) => Circuit>> = {
  "&": intersection,
  "|": union,
  "-": difference,
};

/** The circuit without a component's edges, or without the edges from one pattern to another. */
function removed(circuit: Circuit, { from, to }: Selection): Circuit {
  if (to === undefined) return without(circuit, [from.text]);
  const ends: Condition = {
    kind: "and",
    terms: [
      { kind: "compare", field: "from", operator: "=", value: from.text },
      { kind: "compare", field: "to", operator: "=", value: to.text },
    ],
  };
  return restrict(circuit, { kind: "not", term: ends });
}

/** A circuit made from another one: it is still about the same model and task, but no method found it. */
async function derive(
  { again: _, ...from }: CircuitValue,
  make: () => Circuit | Promise<Circuit>,
): Promise<CircuitValue> {
  return { ...from, circuit: await make() };
}
