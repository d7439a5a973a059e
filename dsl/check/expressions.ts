/**
 * Types of expressions: a table from kind of node to the check that gives its type.
 *
 * @module
 */
import type { BinaryExpression, CallExpression, Expression, Path } from "../syntax/tree.ts";
import {
  CIRCUIT_FUNCTIONS,
  CIRCUIT_METRICS,
  NUMBER_FUNCTIONS,
  TASK_METRICS,
} from "../reference/measures.ts";
import { isNumberFunction, numberFunctions } from "../reference/number_functions.ts";
import { type Checker, error, help, reportUnknown, use } from "./checker.ts";
import { isComponent, selection } from "./components.ts";
import {
  compareQuery,
  evaluateQuery,
  listQuery,
  onTask,
  overlapQuery,
  runQuery,
  stabilityQuery,
  whyQuery,
} from "./queries.ts";
import { measurable } from "./metrics.ts";
import { aType, lookUp, type Type, type Typed } from "./symbols.ts";
import { isPercent, number, share } from "./values.ts";

/** Combinations of values of a sweep that are followed through arithmetic. */
const MOST_VALUES = 1000;

type Check<N> = (c: Checker, node: N) => Typed;
type Checks = { readonly [K in Expression["kind"]]: Check<Extract<Expression, { kind: K }>> };

const CHECKS: Checks = {
  NumberLiteral: (_, node) => ({ type: "number", values: [node.value], share: node.percent }),
  TextLiteral: () => ({ type: "text" }),
  ListLiteral: (c, node) => {
    for (const item of node.items) typeOf(c, item);
    return { type: "list" };
  },
  RangeExpression: (c, node) => {
    range(c, node.from, node.to);
    return { type: "list" };
  },
  CallExpression: call,
  OperatorArgument: (c, node) => {
    error(c, node.span, "a comparison by itself is no value", "only `select` takes one");
    return UNKNOWN;
  },
  GroupExpression: (c, node) => typeOf(c, node.inner),
  UnaryExpression: (c, node) => {
    if (node.operator === "not") {
      need(c, node.operand, ["truth"]);
      return { type: "truth" };
    }
    const { values } = need(c, node.operand, ["number"]);
    return { type: "number", ...(values && { values: values.map((value) => -value) }) };
  },
  BinaryExpression: binary,
  WithoutExpression: (c, node) => {
    const circuit = need(c, node.circuit, ["circuit"]);
    for (const each of node.selections) selection(c, each, circuit.model);
    return circuit;
  },
  AboveExpression: (c, node) => {
    const circuit = need(c, node.circuit, ["circuit"]);
    need(c, node.threshold, ["number"]);
    return circuit;
  },
  TopExpression: (c, node) => {
    if (isPercent(c, node.amount)) share(c, node.amount, "a share of the edges");
    else number(c, node.amount, { what: "a number of edges", least: 0, whole: true });
    return need(c, node.circuit, ["circuit"]);
  },
  ComplementExpression: (c, node) => need(c, node.circuit, ["circuit"]),
  Component: (c, node) => {
    error(
      c,
      node.span,
      `the component \`${node.text}\` is no value by itself`,
      "for instance `why a3.h1 in ep`",
    );
    return UNKNOWN;
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

const UNKNOWN: Typed = { type: "unknown" };

/** The type of an expression; what is wrong inside is reported. */
export function typeOf(c: Checker, expression: Expression): Typed {
  return (CHECKS[expression.kind] as Check<Expression>)(c, expression);
}

/** The type of an expression that must have one of these types. */
export function need(c: Checker, expression: Expression, wanted: readonly Type[]): Typed {
  const typed = expression.kind === "Path" && expression.parts.length === 1
    ? path(c, expression, wanted)
    : typeOf(c, expression);
  if (typed.type === "unknown" || wanted.includes(typed.type)) return typed;
  const name = expression.kind === "Path" ? `\`${expression.text}\`` : "this";
  error(
    c,
    expression.span,
    `${name} is ${aType(typed.type)}, and ${wanted.map(aType).join(" or ")} is needed here`,
  );
  return UNKNOWN;
}

function path(c: Checker, node: Path, wanted: readonly Type[] = []): Typed {
  const [first, ...rest] = node.parts;
  if (rest.length === 0 && (first.text === "true" || first.text === "false")) {
    return { type: "truth" };
  }
  const symbol = lookUp(c.scope, first.text);
  if (!symbol) {
    if (isComponent(node.text) && !nearestIsName(c, first.text)) {
      error(c, node.span, `the component \`${node.text}\` is no value by itself`);
    } else reportUnknown(c, first, wanted);
    return UNKNOWN;
  }
  use(c, first.span, symbol);
  if (rest.length === 0) return symbol.typed;
  if (symbol.type === "task") {
    error(c, node.span, `\`${node.text}\` is no value by itself`, "examples stand after `on`");
  } else {
    error(c, rest[0].span, `\`${first.text}\` is ${aType(symbol.type)} and has no parts`);
  }
  return UNKNOWN;
}

function nearestIsName(c: Checker, word: string): boolean {
  return c.later.has(word) || c.excused.all || c.excused.names.has(word);
}

function call(c: Checker, node: CallExpression): Typed {
  const { callee, arguments: items } = node;
  if (isNumberFunction(callee.text)) {
    const { takes } = numberFunctions[callee.text];
    for (const item of items) need(c, item, ["number"]);
    if (takes === "one" ? items.length !== 1 : items.length < 2) {
      const wanted = takes === "one" ? "one number" : "two numbers or more";
      error(c, node.span, `\`${callee.text}\` takes ${wanted}`);
    }
    return { type: "number" };
  }
  const ofCircuit = [...TASK_METRICS, ...CIRCUIT_METRICS, ...CIRCUIT_FUNCTIONS]
    .map(({ word }) => word);
  if (!ofCircuit.includes(callee.text)) {
    const known = [...ofCircuit, ...NUMBER_FUNCTIONS.map(({ word }) => word)];
    error(
      c,
      callee.span,
      `unknown function \`${callee.text}\``,
      help(c, callee.text, known, "the functions are"),
    );
    return UNKNOWN;
  }
  const [circuit, on, ...more] = items;
  const needsOn = CIRCUIT_FUNCTIONS.every(({ word }) => word !== callee.text);
  if (!circuit || more.length > 0 || (on && !needsOn)) {
    error(
      c,
      node.span,
      needsOn
        ? `\`${callee.text}\` takes a circuit, and perhaps where to measure it`
        : `\`${callee.text}\` takes a circuit`,
      needsOn ? `for instance \`${callee.text}(ep, ioi.test)\`` : undefined,
    );
  }
  let task = circuit && need(c, circuit, ["circuit"]).task;
  if (on && needsOn) {
    task = on.kind === "Path" ? onTask(c, on) : undefined;
    if (on.kind !== "Path") {
      error(c, on.span, "a task's examples are needed here", "for instance `ioi.test`");
    }
  }
  measurable(c, callee, [task]);
  return { type: "number" };
}

function binary(c: Checker, node: BinaryExpression): Typed {
  const { operator, left, right } = node;
  switch (operator) {
    case "or":
    case "and":
      need(c, left, ["truth"]);
      need(c, right, ["truth"]);
      return { type: "truth" };
    case "|":
    case "&":
      return setOperation(c, node);
    case "-": {
      const first = typeOf(c, left);
      if (first.type === "circuit") return setOperation(c, node, first);
      return arithmetic(c, node, first);
    }
    case "+":
    case "*":
    case "/":
      return arithmetic(c, node, typeOf(c, left));
    case "in":
      need(c, left, ["number", "text"]);
      need(c, right, ["list"]);
      return { type: "truth" };
    default: {
      const first = need(c, left, ["number", "text", "truth"]);
      const second = need(c, right, ["number", "text", "truth"]);
      if (first.type !== "unknown" && second.type !== "unknown" && first.type !== second.type) {
        error(
          c,
          node.operatorSpan,
          `${aType(first.type)} is compared with ${aType(second.type)}`,
        );
      } else if (
        first.type !== "number" && first.type !== "unknown" && operator !== "=" && operator !== "!="
      ) {
        error(
          c,
          node.operatorSpan,
          `\`${operator}\` compares numbers, and this is ${aType(first.type)}`,
        );
      }
      return { type: "truth" };
    }
  }
}

function setOperation(c: Checker, node: BinaryExpression, left?: Typed): Typed {
  const first = left ?? need(c, node.left, ["circuit"]);
  const second = need(c, node.right, ["circuit"]);
  if (first.model && second.model && first.model !== second.model) {
    error(
      c,
      node.operatorSpan,
      `\`${node.operator}\` joins circuits of one model: these are circuits of \`${first.model.name}\` and \`${second.model.name}\``,
    );
  }
  return { ...second, ...first };
}

function arithmetic(c: Checker, node: BinaryExpression, first: Typed): Typed {
  if (first.type !== "number" && first.type !== "unknown") {
    error(
      c,
      node.left.span,
      `\`${node.operator}\` takes numbers, and this is ${aType(first.type)}`,
      first.type === "circuit" ? "circuits are joined by `&`, `|`, `-` and `without`" : undefined,
    );
    typeOf(c, node.right);
    return UNKNOWN;
  }
  const second = need(c, node.right, ["number"]);
  if (node.operator === "/" && second.values?.includes(0)) {
    error(c, node.right.span, "division by 0");
    return { type: "number" };
  }
  if (!first.values || !second.values) return { type: "number" };
  if (first.values.length * second.values.length > MOST_VALUES) return { type: "number" };
  const apply = OPERATIONS[node.operator as keyof typeof OPERATIONS];
  const { values: others } = second;
  return {
    type: "number",
    values: first.values.flatMap((a) => others.map((b) => apply(a, b))),
  };
}

const OPERATIONS = {
  "+": (a: number, b: number) => a + b,
  "-": (a: number, b: number) => a - b,
  "*": (a: number, b: number) => a * b,
  "/": (a: number, b: number) => a / b,
};

/** Largest number of values that a range may stand for. */
const LONGEST_RANGE = 1_000_000;

/** Checks a range; returns its ends when they are known. */
export function range(
  c: Checker,
  from: Expression,
  to: Expression,
): { from: number; to: number } | undefined {
  const low = number(c, from, { what: "a range's start", whole: true });
  const high = number(c, to, { what: "a range's end", whole: true });
  if (low?.length !== 1 || high?.length !== 1) return undefined;
  const span = { start: from.span.start, end: to.span.end };
  if (low[0] > high[0]) {
    error(
      c,
      span,
      `this range goes backwards, from ${low[0]} to ${high[0]}`,
      `write ${spelling(to)}..${spelling(from)}`,
    );
    return undefined;
  }
  if (high[0] - low[0] >= LONGEST_RANGE) {
    error(c, span, `this range has more than ${LONGEST_RANGE} values`);
    return undefined;
  }
  return { from: low[0], to: high[0] };
}

function spelling(expression: Expression): string {
  return expression.kind === "NumberLiteral" ? expression.text : "…";
}
