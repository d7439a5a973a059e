/** Values of expressions: one entry per kind of expression. @module */
import {
  ablationOf,
  ablationProblem,
  type Circuit,
  circuitProperties,
  complement,
  type Condition,
  difference,
  fullCircuit,
  intersection,
  isProperty,
  type Query,
  requireScores,
  restrict,
  runQuery,
  type Table,
  top,
  topShare,
  union,
  without,
  withoutScores,
} from "../../runtime/circuits/mod.ts";
import { typeProblem } from "../check/messages.ts";
import type { CheckedExpression, ExpressionOf, SelectedEdges } from "../check/program.ts";
import { type NumberFunction, numberFunctions } from "../reference/number_functions.ts";
import { tellNoPath, tellTie } from "./circuit/remarks.ts";
import type { Context } from "./context.ts";
import { UnknownValue } from "./effects.ts";
import { at, fail, type Place } from "./error.ts";
import { underAblationOf } from "./measure/means.ts";
import { measure } from "./measure/measure.ts";
import { circuitOf, numberOf, operandOf } from "./operands.ts";
import { compareCircuits } from "./queries/compare.ts";
import { evaluateCircuits } from "./queries/evaluate.ts";
import { overlapQuery } from "./queries/overlap.ts";
import { runPrompt } from "./queries/run.ts";
import { stabilityQuery } from "./queries/stability.ts";
import { rowsOf, settle } from "./settle.ts";
import type { CircuitValue, Value } from "./values.ts";

type Evaluate<K extends CheckedExpression["kind"]> = (
  expression: ExpressionOf<K>,
  context: Context,
) => Promise<Value> | Value;
type Evaluators = { readonly [K in CheckedExpression["kind"]]: Evaluate<K> };

const number = (value: number): Value => ({ kind: "number", number: value });
const truth = (value: boolean): Value => ({ kind: "truth", truth: value });
const unknown: Value = { kind: "unknown" };

/** The value of an expression. */
export async function valueOfExpression(
  expression: CheckedExpression,
  context: Context,
): Promise<Value> {
  try {
    const evaluator = evaluators[expression.kind] as Evaluate<CheckedExpression["kind"]>;
    return await evaluator(expression, context);
  } catch (error) {
    if (error instanceof UnknownValue && context.effects.tolerant) return unknown;
    throw error;
  }
}

const evaluators: Evaluators = {
  number: ({ number: value, percent }) =>
    percent ? { kind: "number", number: value, percent } : number(value),
  text: ({ text }) => ({ kind: "text", text }),
  truth: (expression) => truth(expression.truth),
  list: async ({ items }, context) => {
    const values: Value[] = [];
    for (const item of items) values.push(await valueOfExpression(item, context));
    return { kind: "list", items: values };
  },
  range: (expression, context) => listOf(expression, context),
  lines: (expression, context) => listOf(expression, context),
  name: async ({ symbol }, { env }) => {
    const value = await env.ask(symbol);
    if (value === undefined) throw new UnknownValue();
    return value;
  },
  negative: async ({ operand }, context) => number(-await numberOf(operand, context)),
  not: async ({ operand }, context) => truth(!(await operandOf("truth", operand, context)).truth),
  binary: async ({ operator, operatorSpan, left, right }, context) => {
    const a = await valueOfExpression(left, context);
    // An answer that one side decides spares the other, which may cost a pass over the test prompts.
    if (a.kind === "truth" && (operator === "and" ? !a.truth : operator === "or" && a.truth)) {
      return a;
    }
    const b = await valueOfExpression(right, context);
    if (a.kind === "unknown" || b.kind === "unknown") return unknown;
    if (operator === "in" && b.kind === "list") {
      return truth(right.kind === "range" ? isBetween(a, b.items) : b.items.some(isSame(a)));
    }
    const place = context.source.place({ span: operatorSpan });
    if (a.kind === "circuit" && b.kind === "circuit") {
      const [one, other] = [ablationOf(a.circuit), ablationOf(b.circuit)];
      const [here, there] = [context.source.written(left), context.source.written(right)];
      if (one !== other) fail(place, ...ablationProblem(here, one, there, other, operator));
    }
    const result = await joined(operator, a, b, place);
    if (result?.kind === "number" && !Number.isFinite(result.number) && context.effects.measures) {
      fail(place, `\`${operator}\` gives no number here: ${numbersOf(a, b).join(` ${operator} `)}`);
    }
    return result ??
      fail(place, typeProblem(context.source.written(right), b.kind, [a.kind]));
  },
  function: async ({ name, arguments: args }, context) => {
    const { value }: NumberFunction = numberFunctions[name];
    const numbers: number[] = [];
    for (const arg of args) numbers.push(await numberOf(arg, context));
    return number(value(...numbers));
  },
  property: async ({ name, circuit }, context) => {
    const { circuit: found, pending } = await circuitOf(circuit, context);
    if (pending || !isProperty(name)) return unknown;
    return number(circuitProperties[name].value(found));
  },
  measure: async (expression, context) => {
    const { metric, circuit, occasion } = expression;
    const value = await circuitOf(circuit, context);
    const place = context.source.place(circuit);
    const measured = await measure(value, [metric], occasion, place, context);
    // The task's own metric goes by its own name.
    return context.effects.measured(Object.values(measured)[0]!);
  },
  without: async ({ circuit, selections }, context) => {
    let value = await circuitOf(circuit, context);
    for (const selection of selections) {
      const place = context.source.place(selection);
      value = await derived(value, place, (circuit) => removed(circuit, selection));
    }
    return value;
  },
  above: async (expression, context) => {
    const from = await circuitOf(expression.circuit, context);
    const value = await settle<number>(expression.least, context);
    const above: Condition = { kind: "compare", field: "weight", operator: ">", value };
    return await derived(
      from,
      context.source.place(expression),
      (circuit) => restrict(circuit, above),
    );
  },
  top: async (expression, context) => {
    const from = await circuitOf(expression.circuit, context);
    const { number, percent } = await operandOf("number", expression.amount, context);
    const take = percent ? topShare : top;
    await at(context.source.place(expression.circuit), () => requireScores(from.circuit));
    const place = context.source.place(expression);
    const circuit = await at(place, () => take(from.circuit, number));
    if (!from.pending) {
      const name = context.source.written(expression);
      tellNoPath(circuit, name, context);
      tellTie(from.circuit, circuit, name, context);
    }
    return await derived({ ...from, circuit }, place, (circuit) => circuit);
  },
  under: async (expression, context) => {
    const from = await circuitOf(expression.circuit, context);
    const place = context.source.place(expression);
    const under = await underAblationOf(from, expression.ablation, place, context);
    return await derived({ ...from, circuit: under }, place, (circuit) => circuit);
  },
  complement: async (expression, context) => {
    const from = await circuitOf(expression.circuit, context);
    return await derived(from, context.source.place(expression), complement, true);
  },
  query: async (expression, context) => {
    const { circuit, pending } = await circuitOf(expression.circuit, context);
    const query = await settle<Query>(expression.query, context);
    if (pending) return unknown;
    const table = await at(context.source.place(expression), () => runQuery(query, circuit));
    return { kind: "table", table: withAblation(table, circuit) };
  },
  overlap: overlapQuery,
  stability: stabilityQuery,
  run: runPrompt,
  evaluate: evaluateCircuits,
  compare: compareCircuits,
  wrong: () => unknown,
};

/** A table about a circuit, with a note of its ablation where that is not the usual one. */
function withAblation(table: Table, circuit: Circuit): Table {
  const ablation = ablationOf(circuit);
  if (ablation === "interchange") return table;
  return { ...table, notes: [...table.notes ?? [], `of a circuit under \`${ablation}\``] };
}

async function listOf(expression: CheckedExpression, context: Context): Promise<Value> {
  const rows = await rowsOf(expression, context);
  return { kind: "list", items: rows.map((row) => valueOf([row].flat().join(", "))) };
}

/** A value of a list of texts: a number where it is one. */
export function valueOf(text: string): Value {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? { kind: "text", text } : number(value);
}

/** True for a value that is equal to a number or a text. */
const isSame = (a: Value) => (b: Value): boolean =>
  a.kind === "number" && b.kind === "number"
    ? a.number === b.number
    : a.kind === "text" && b.kind === "text" && a.text === b.text;

/** True if a number lies between the ends of a range, which belong to it, as in conditions of queries. */
function isBetween(value: Value, range: readonly Value[]): boolean {
  const [number] = numbersOf(value);
  const ends = numbersOf(...range);
  return number >= ends[0] && number <= ends.at(-1)!;
}

const numbersOf = (...values: readonly Value[]) =>
  values.flatMap((value) => value.kind === "number" ? [value.number] : []);

/** Value of an operator on two values; undefined where it does not apply to them. */
async function joined(
  operator: string,
  a: Value,
  b: Value,
  place: Place,
): Promise<Value | undefined> {
  if (a.kind === "number" && b.kind === "number") {
    return numberOperations[operator]?.(a.number, b.number);
  }
  if (a.kind === "circuit" && b.kind === "circuit") {
    const join = circuitOperations[operator];
    return join && await joinedCircuits(a, b, place, join, operator === "|");
  }
  if (a.kind === "truth" && b.kind === "truth" && (operator === "and" || operator === "or")) {
    return b;
  }
  const [left, right] = [a, b].map((each) =>
    each.kind === "text" ? each.text : each.kind === "truth" ? each.truth : undefined
  );
  if (left === undefined || typeof left !== typeof right) return undefined;
  return operator === "=" || operator === "!="
    ? truth((left === right) === (operator === "="))
    : undefined;
}

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
function removed(circuit: Circuit, { from, to }: SelectedEdges): Circuit {
  if (to === undefined) return without(circuit, [from]);
  const ends: Condition = {
    kind: "and",
    terms: [
      { kind: "compare", field: "from", operator: "=", value: from },
      { kind: "compare", field: "to", operator: "=", value: to },
    ],
  };
  const rest = restrict(circuit, { kind: "not", term: ends });
  const gone = restrict({ ...circuit, edges: fullCircuit(circuit.universe).edges }, ends);
  return { ...rest, scores: withoutScores(rest.scores, gone.edges) };
}

/** A circuit made from two: about the task and the corruption on which they agree. Neither comes first. */
async function joinedCircuits(
  a: CircuitValue,
  b: CircuitValue,
  place: Place,
  join: (a: Circuit, b: Circuit) => Circuit,
  widens: boolean,
): Promise<CircuitValue> {
  const circuit = await at(place, () => join(a.circuit, b.circuit));
  const agreed = <Fact>(one: Fact | undefined, other: Fact | undefined) =>
    one === undefined || one === other ? other : other === undefined ? one : undefined;
  const [task, corruption] = [agreed(a.task, b.task), agreed(a.corruption, b.corruption)];
  const about = {
    kind: "circuit",
    model: a.model,
    ...(task && { task }),
    ...(corruption && { corruption }),
  } as const;
  if (!a.pending && !b.pending) return { ...about, circuit };
  const known = { ...about, circuit: a.circuit, pending: true };
  return await derived(known, place, () => circuit, widens);
}

/** A circuit made from another one: it is still about the same model and task, but no method found it. */
async function derived(
  { again: _, ...from }: CircuitValue,
  place: Place,
  make: (circuit: Circuit) => Circuit,
  widens = false,
): Promise<CircuitValue> {
  if (!from.pending) return { ...from, circuit: await at(place, () => make(from.circuit)) };
  // Of a circuit that is not found yet, an upper bound is known.
  const { universe } = from.circuit;
  return widens
    ? { ...from, circuit: { ...from.circuit, edges: fullCircuit(universe).edges } }
    : from;
}
