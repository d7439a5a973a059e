/** Types of expressions: a table from kind of node to the check that gives its checked form. @module */
import { isProperty } from "../../runtime/circuits/properties.ts";
import { type AnswerOperator, operators } from "../../runtime/metrics/mod.ts";
import type { BinaryExpression, CallExpression, Expression, Path } from "../syntax/tree.ts";
import {
  CIRCUIT_FUNCTIONS,
  CIRCUIT_METRICS,
  NUMBER_FUNCTIONS,
  TASK_METRICS,
} from "../reference/measures.ts";
import { isNumberFunction, numberFunctions } from "../reference/number_functions.ts";
import { type Checker, need, oneOf, reportUnknown, typeOf, use, wrong } from "./checker.ts";
import { isComponent, selection } from "./components.ts";
import { listQuery } from "./list_query.ts";
import { measurable } from "./metrics.ts";
import { occasionOf, onTask } from "./occasions.ts";
import type { CheckedExpression } from "./program.ts";
import {
  compareQuery,
  evaluateQuery,
  overlapQuery,
  runQuery,
  stabilityQuery,
  whyQuery,
} from "./queries.ts";
import { range } from "./ranges.ts";
import { joinedCircuits, typed, underExpression } from "./circuit_operations.ts";
import { aType, lookUp, type Type, type Typed } from "./symbols.ts";
import { number, share } from "./values.ts";

/** Combinations of values of a sweep that are followed through arithmetic. */
const MOST_VALUES = 1000;

type Check<N> = (c: Checker, node: N, wanted: readonly Type[]) => CheckedExpression;
type Checks = { readonly [K in Expression["kind"]]: Check<Extract<Expression, { kind: K }>> };

const CHECKS: Checks = {
  NumberLiteral: (_, { value, percent, text, span }) => ({
    kind: "number",
    type: "number",
    values: [value],
    share: percent,
    number: value,
    percent,
    spelling: text,
    span,
  }),
  TextLiteral: (_, { value, span }) => ({ kind: "text", type: "text", text: value, span }),
  ListLiteral: (c, { items, span }) => ({
    kind: "list",
    type: "list",
    items: items.map((item) => typeOf(c, item)),
    span,
  }),
  RangeExpression: (c, node) => range(c, node).values,
  CallExpression: call,
  OperatorArgument: (c, node) => {
    c.error(node, "a comparison by itself is no value", "only `select` takes one");
    return wrong(node);
  },
  GroupExpression: (c, { inner, span }) => ({ ...typeOf(c, inner), span }),
  UnaryExpression: (c, node) => {
    const { operator, operand: inner, span } = node;
    const operand = need(c, inner, [operator === "not" ? "truth" : "number"]);
    if (operator === "not") return { kind: "not", type: "truth", operand, span };
    const values = operand.values?.map((value) => -value);
    return { kind: "negative", type: "number", operand, span, ...(values && { values }) };
  },
  BinaryExpression: binary,
  WithoutExpression: (c, node) => {
    const circuit = need(c, node.circuit, ["circuit"]);
    for (const each of node.selections) selection(c, each, circuit.model);
    const selections = node.selections.map(({ from, to, span }) => ({
      from: from.text,
      to: to?.text,
      span,
    }));
    return { ...typed(circuit), kind: "without", circuit, selections, span: node.span };
  },
  AboveExpression: (c, node) => {
    const circuit = need(c, node.circuit, ["circuit"]);
    const least = number(c, node.threshold, { what: "a score" });
    return { ...typed(circuit), kind: "above", circuit, least, span: node.span };
  },
  TopExpression: (c, node) => {
    const amount = need(c, node.amount, ["number"]);
    if (amount.share) share(c, node.amount, "a share of the edges", amount);
    else {
      number(c, node.amount, { what: "a number of edges", least: 0, whole: true }, amount);
    }
    const circuit = need(c, node.circuit, ["circuit"]);
    return { ...typed(circuit), kind: "top", circuit, amount, span: node.span };
  },
  ComplementExpression: (c, node) => {
    const circuit = need(c, node.circuit, ["circuit"]);
    return { ...typed(circuit), kind: "complement", circuit, span: node.span };
  },
  UnderExpression: underExpression,
  Component: (c, node) => {
    c.error(
      node,
      `the component \`${node.text}\` is no value by itself`,
      "for instance `why a3.h1 in ep`",
    );
    return wrong(node);
  },
  Path: path,
  ListQuery: listQuery,
  WhyQuery: whyQuery,
  OverlapQuery: overlapQuery,
  StabilityQuery: stabilityQuery,
  RunQuery: runQuery,
  EvaluateQuery: evaluateQuery,
  CompareQuery: compareQuery,
};

/** An expression with its type; what is wrong inside is reported. */
export function expression(
  c: Checker,
  node: Expression,
  wanted: readonly Type[] = [],
): CheckedExpression {
  return (CHECKS[node.kind] as Check<Expression>)(c, node, wanted);
}

function path(c: Checker, node: Path, wanted: readonly Type[]): CheckedExpression {
  const [first, ...rest] = node.parts;
  const { span } = node;
  if (rest.length === 0 && (first.text === "true" || first.text === "false")) {
    return { kind: "truth", type: "truth", truth: first.text === "true", span };
  }
  const symbol = lookUp(c.scope, first.text);
  if (!symbol) {
    if (isComponent(node.text) && !nearestIsName(c, first.text)) {
      c.error(node, `the component \`${node.text}\` is no value by itself`);
    } else reportUnknown(c, first, rest.length === 0 ? wanted : []);
    return wrong(node);
  }
  use(c, first.span, symbol);
  if (rest.length === 0) return { ...typed(symbol.typed), kind: "name", symbol, span };
  if (symbol.type === "task") {
    c.error(node, `\`${node.text}\` is no value by itself`, "examples stand after `on`");
  } else {
    c.error(rest[0], `\`${first.text}\` is ${aType(symbol.type)} and has no parts`);
  }
  return wrong(node);
}

function nearestIsName(c: Checker, word: string): boolean {
  return c.later.has(word) || c.excused.all || c.excused.names.has(word);
}

function call(c: Checker, node: CallExpression): CheckedExpression {
  const { callee, arguments: items, span } = node;
  if (isNumberFunction(callee.text)) {
    const { takes } = numberFunctions[callee.text];
    const numbers = items.map((item) => need(c, item, ["number"]));
    if (takes === "one" ? items.length !== 1 : items.length < 2) {
      const wanted = takes === "one" ? "one number" : "two numbers or more";
      c.error(node, `\`${callee.text}\` takes ${wanted}`);
    }
    return { kind: "function", type: "number", name: callee.text, arguments: numbers, span };
  }
  const ofCircuit = [...TASK_METRICS, ...CIRCUIT_METRICS, ...CIRCUIT_FUNCTIONS]
    .map(({ word }) => word);
  const known = [...ofCircuit, ...NUMBER_FUNCTIONS.map(({ word }) => word)];
  if (!oneOf(c, callee, known, "function")) return wrong(node);
  const [first, on, ...more] = items;
  const isMeasured = !isProperty(callee.text);
  if (!first || more.length > 0 || (on && !isMeasured)) {
    c.error(
      node,
      isMeasured
        ? `\`${callee.text}\` takes a circuit, and perhaps where to measure it`
        : `\`${callee.text}\` takes a circuit`,
      isMeasured ? `for instance \`${callee.text}(ep, ioi.test)\`` : undefined,
    );
  }
  if (!first) return wrong(node);
  const circuit = need(c, first, ["circuit"]);
  const typed = { type: "number", circuit, span } as const;
  if (!isMeasured) return { ...typed, kind: "property", name: callee.text };
  if (on && on.kind !== "Path") {
    c.error(on, "a task's examples are needed here", "for instance `ioi.test`");
  }
  const where = on?.kind === "Path" ? onTask(c, on) : undefined;
  const tasks = [on ? where?.task.symbol : circuit.task];
  measurable(c, callee, tasks);
  return {
    ...typed,
    kind: "measure",
    metric: callee.text,
    occasion: occasionOf(c, where, [circuit]),
  };
}

function binary(c: Checker, node: BinaryExpression): CheckedExpression {
  const { operator, operatorSpan, span } = node;
  const joined = (
    left: CheckedExpression,
    right: CheckedExpression,
    typed: Typed,
  ): CheckedExpression => ({ ...typed, kind: "binary", operator, operatorSpan, left, right, span });
  switch (operator) {
    case "or":
    case "and": {
      const left = need(c, node.left, ["truth"]);
      return joined(left, need(c, node.right, ["truth"]), { type: "truth" });
    }
    case "|":
    case "&":
      return setOperation(need(c, node.left, ["circuit"]));
    case "-": {
      const left = typeOf(c, node.left);
      return left.type === "circuit" ? setOperation(left) : arithmetic(left);
    }
    case "+":
    case "*":
    case "/":
      return arithmetic(typeOf(c, node.left));
    case "in": {
      const left = need(c, node.left, ["number", "text"]);
      return joined(left, need(c, node.right, ["list"]), { type: "truth" });
    }
    default: {
      const left = need(c, node.left, ["number", "text", "truth"]);
      const right = need(c, node.right, ["number", "text", "truth"]);
      if (left.type !== "unknown" && right.type !== "unknown" && left.type !== right.type) {
        c.error(
          { span: operatorSpan },
          `${aType(left.type)} is compared with ${aType(right.type)}`,
        );
      } else if (
        left.type !== "number" && left.type !== "unknown" && operator !== "=" && operator !== "!="
      ) {
        c.error(
          { span: operatorSpan },
          `\`${operator}\` compares numbers, and this is ${aType(left.type)}`,
        );
      }
      return joined(left, right, { type: "truth" });
    }
  }

  function setOperation(left: CheckedExpression): CheckedExpression {
    const right = need(c, node.right, ["circuit"]);
    return joined(left, right, joinedCircuits(c, node, left, right));
  }

  function arithmetic(left: CheckedExpression): CheckedExpression {
    if (left.type !== "number" && left.type !== "unknown") {
      c.error(
        node.left,
        `\`${operator}\` takes numbers, and this is ${aType(left.type)}`,
        left.type === "circuit" ? "circuits are joined by `&`, `|`, `-` and `without`" : undefined,
      );
      typeOf(c, node.right);
      return wrong(node);
    }
    const right = need(c, node.right, ["number"]);
    if (operator === "/" && right.values?.includes(0)) {
      c.error(node.right, "division by 0");
      return joined(left, right, { type: "number" });
    }
    const values = combined(left, right, operators[operator as AnswerOperator]);
    return joined(left, right, { type: "number", ...(values && { values }) });
  }
}

function combined(
  { values: left }: Typed,
  { values: right }: Typed,
  apply: (a: number, b: number) => number,
): readonly number[] | undefined {
  if (!left || !right || left.length * right.length > MOST_VALUES) return undefined;
  return left.flatMap((a) => right.map((b) => apply(a, b)));
}
