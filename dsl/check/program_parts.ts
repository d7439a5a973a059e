/**
 * Checks of expressions of RASP programs.
 *
 * Their values are sequences (a value at each position), selections (positions for each position) and
 * plain numbers and texts.
 *
 * @module
 */
import type {
  BinaryOperator,
  Item,
  Predicate,
  RaspExpression,
  RaspSelector,
} from "../../runtime/programs/mod.ts";
import type { CallExpression, Expression } from "../syntax/tree.ts";
import { NUMBER_FUNCTIONS, PROGRAM_FUNCTIONS } from "../reference/measures.ts";
import { type Checker, help, oneOf, typeOf, use } from "./checker.ts";
import type { Later, Open } from "./program.ts";
import { lookUp, visible } from "./symbols.ts";
import { given } from "./values.ts";
import { comparisons } from "./variables.ts";

/** The checker for what is inside a program. */
export interface ProgramChecker extends Checker {
  /** True if no position attends to a later one. */
  readonly causal: boolean;
}

/** An expression of a program: its kind and, if it has no error, its checked form. */
export interface Part {
  readonly kind: "sequence" | "selection" | "value" | "unknown";
  readonly value?: Open<RaspExpression>;
  readonly selector?: Open<RaspSelector>;
}

export const constant = (value: Open<Item>): Open<RaspExpression> => ({ kind: "constant", value });
const everything: RaspSelector = {
  kind: "select",
  keys: { kind: "tokens" },
  queries: { kind: "tokens" },
  predicate: "always",
};
const UNKNOWN: Part = { kind: "unknown" };
export const valueIn = ({ value }: Part): Open<RaspExpression> => value ?? constant(0);
const selectorIn = ({ selector }: Part): Open<RaspSelector> => selector ?? everything;

/** A part made of some values: a sequence if one of them is. */
const joint = (
  parts: readonly Part[],
  make: (...values: Open<RaspExpression>[]) => Open<RaspExpression>,
): Part => ({
  kind: parts.some(({ kind }) => kind === "sequence") ? "sequence" : "value",
  ...(parts.length > 0 && { value: make(...parts.map(valueIn)) }),
});

const binary =
  (operator: BinaryOperator) =>
  (left: Open<RaspExpression>, right: Open<RaspExpression>): Open<RaspExpression> => ({
    kind: "binary",
    operator,
    left,
    right,
  });

/** An expression of a program; what is wrong inside is reported. */
export function partOf(c: ProgramChecker, node: Expression): Part {
  const each = (part: Expression) => partOf(c, part);
  switch (node.kind) {
    case "NumberLiteral":
    case "TextLiteral":
      return { kind: "value", value: constant(node.value) };
    case "GroupExpression":
      return each(node.inner);
    case "UnaryExpression": {
      const { operator } = node;
      const part = each(node.operand);
      if (part.kind === "selection" && operator === "not") {
        return { kind: part.kind, selector: { kind: "not", selector: selectorIn(part) } };
      }
      const { kind } = plain(c, node.operand, part);
      return { kind, value: { kind: "unary", operator, operand: valueIn(part) } };
    }
    case "BinaryExpression": {
      if (node.operator === "in") break;
      const [left, right] = [each(node.left), each(node.right)];
      const join = joins[node.operator];
      if ((left.kind === "selection" || right.kind === "selection") && join) {
        for (const [side, part] of [[node.left, left], [node.right, right]] as const) {
          if (part.kind !== "selection") needsSelection(c, side, part);
        }
        const [a, b] = [selectorIn(left), selectorIn(right)];
        return { kind: "selection", selector: { kind: join, left: a, right: b } };
      }
      const operator = operators[node.operator];
      // Values are not joined by `&` and `|`.
      if (operator === undefined) break;
      plain(c, node.left, left);
      plain(c, node.right, right);
      return joint([left, right], binary(operator));
    }
    case "Path": {
      const [name, ...more] = node.parts;
      if (more.length > 0) break;
      const symbol = lookUp(c.scope, name.text);
      if (symbol?.inner === "part") {
        use(c, name.span, symbol);
        const kind = symbol.part ?? "unknown";
        const made = { kind: "name", name: name.text } as const;
        return kind === "selection" ? { kind, selector: made } : { kind, value: made };
      }
      if (name.text === "tokens" || name.text === "indices") {
        return { kind: "sequence", value: { kind: name.text } };
      }
      if (name.text === "length") {
        if (c.causal) {
          c.error(
            name,
            "with causal attention no position knows the length",
            "`indices + 1` is how many tokens there are so far",
          );
        }
        return { kind: "sequence", value: { kind: "count", selector: everything } };
      }
      if (symbol?.type === "number") {
        return { kind: "value", value: constant(given(typeOf(c, node))) };
      }
      if (symbol?.type === "text") {
        return { kind: "value", value: constant({ later: "item", expression: typeOf(c, node) }) };
      }
      if (name.text === "true" || name.text === "false") {
        return { kind: "value", value: constant(name.text === "true" ? 1 : 0) };
      }
      c.error(
        name,
        name.text === "always"
          ? "`always` is a comparison, and a value is needed here"
          : `unknown name \`${name.text}\``,
        help(c, name.text, [
          ...visible(c.scope).filter(({ inner }) => inner === "part").map(({ name }) => name),
          "tokens",
          "indices",
          "length",
        ], "the names are"),
      );
      return UNKNOWN;
    }
    case "CallExpression":
      return call(c, node);
  }
  c.error(
    node,
    "this has no meaning in a program",
    `programs are made of ${
      PROGRAM_FUNCTIONS.map(({ word }) => word).join(", ")
    }, arithmetic and comparisons`,
  );
  return UNKNOWN;
}

/** Operators that join selections. */
const joins: Readonly<Record<string, "both" | "either" | undefined>> = {
  and: "both",
  "&": "both",
  or: "either",
  "|": "either",
};

const operators: Readonly<Record<string, BinaryOperator | undefined>> = {
  "+": "+",
  "-": "-",
  "*": "*",
  "/": "/",
  ...comparisons,
  and: "and",
  or: "or",
};

/** A part where values are needed. */
function plain(c: Checker, node: Expression, part: Part): Part {
  if (part.kind !== "selection") return part;
  c.error(
    node,
    "this is a selection, and values are needed here",
    "`aggregate` or `count` makes values of it",
  );
  return UNKNOWN;
}

function call(c: ProgramChecker, node: CallExpression): Part {
  const { callee, arguments: items } = node;
  const values = (from: number, to = items.length) =>
    items.slice(from, to).map((item) => plain(c, item, partOf(c, item)));
  const count = (least: number, most: number, how: string) => {
    if (items.length >= least && items.length <= most) return true;
    c.error(
      node,
      `\`${callee.text}\` takes ${how}, and here ${
        items.length === 1 ? "is 1" : `are ${items.length}`
      }`,
    );
    return false;
  };
  switch (callee.text) {
    case "select": {
      if (!count(3, 3, "keys, queries and a comparison")) return { kind: "selection" };
      const [keys, queries] = values(0, 2).map(valueIn);
      const predicate = comparison(c, items[2]);
      return { kind: "selection", selector: { kind: "select", keys, queries, predicate } };
    }
    case "aggregate": {
      if (!count(2, 3, "a selection and values")) return { kind: "sequence" };
      const selector = selection(c, items[0]);
      const [value, otherwise] = values(1).map(valueIn);
      return {
        kind: "sequence",
        value: {
          kind: "aggregate",
          selector,
          value,
          ...(otherwise && { otherwise: itemOf(c, items[2], otherwise) }),
        },
      };
    }
    case "count":
      return count(1, 1, "one selection")
        ? { kind: "sequence", value: { kind: "count", selector: selection(c, items[0]) } }
        : { kind: "sequence" };
    case "if":
      count(3, 3, "a condition, a value where it holds and one where it does not");
      return joint(values(0), (condition, yes, no) => ({ kind: "if", condition, yes, no }));
    case "mod":
      count(2, 2, "a number and what divides it");
      return joint(values(0), binary("%"));
    case "min":
    case "max":
      count(1, Infinity, "one value or more");
      return joint(
        values(0),
        (first, ...others) => others.reduce(binary(callee.text as "min"), first),
      );
    case "abs":
      count(1, 1, "one number");
      return joint(
        values(0),
        (value) => binary("max")(value, { kind: "unary", operator: "-", operand: value }),
      );
    case "round": {
      count(1, 1, "one number");
      return joint(values(0), (value) => {
        const raised = binary("+")(value, constant(0.5));
        return binary("-")(raised, binary("%")(raised, constant(1)));
      });
    }
  }
  const known = [...PROGRAM_FUNCTIONS, ...NUMBER_FUNCTIONS].map(({ word }) => word);
  oneOf(c, callee, known, "function");
  for (const item of items) if (item.kind !== "OperatorArgument") partOf(c, item);
  return UNKNOWN;
}

/** The value where nothing is selected, which is the same everywhere. */
function itemOf(c: Checker, node: Expression, made: Open<RaspExpression>): Open<Item> {
  const value = made as RaspExpression;
  if (value.kind === "constant") return value.value;
  if (value.kind === "unary" && value.operator === "-" && value.operand.kind === "constant") {
    const operand: Open<Item> = value.operand.value;
    if (typeof operand === "number") return -operand;
    if (typeof operand === "object") {
      const { expression } = operand as Later;
      return {
        later: "item",
        expression: { kind: "negative", type: "number", operand: expression, span: node.span },
      };
    }
  }
  c.error(
    node,
    "a number or a text is needed here",
    "it is what there is where nothing is selected",
  );
  return 0;
}

function comparison(c: Checker, node: Expression): Predicate {
  if (node.kind === "OperatorArgument") return comparisons[node.operator];
  if (node.kind === "Path" && node.text === "always") return "always";
  c.error(
    node,
    "a comparison is needed here",
    "one of `==`, `!=`, `<`, `<=`, `>`, `>=` and `always`",
  );
  return "always";
}

function selection(c: ProgramChecker, node: Expression): Open<RaspSelector> {
  const part = partOf(c, node);
  needsSelection(c, node, part);
  return selectorIn(part);
}

function needsSelection(c: Checker, node: Expression, { kind }: Part): void {
  if (kind === "selection" || kind === "unknown") return;
  c.error(node, "a selection is needed here", "`select(KEYS, QUERIES, ==)` makes one");
}
