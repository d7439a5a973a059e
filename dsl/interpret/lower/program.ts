/**
 * A program's declaration as the runtime's record.
 *
 * `length` is short for the count of all positions, which causal attention does not see.
 *
 * @module
 */
import type {
  BinaryOperator,
  Item,
  Predicate,
  RaspExpression,
  RaspProgram,
  RaspSelector,
} from "../../../runtime/programs/mod.ts";
import type { CallExpression, Expression, ProgramDeclaration } from "../../syntax/tree.ts";
import { fail } from "../error.ts";
import type { Scope } from "../scope.ts";
import { comparisons } from "./condition.ts";
import { rowsOf, spelling, wholeNumberOf } from "./constant.ts";
import { fieldsOf } from "./fields.ts";

/** The program that a declaration writes down. */
export async function programDefinition(
  declaration: ProgramDeclaration,
  scope: Scope,
): Promise<RaspProgram> {
  const { all, last } = fieldsOf(declaration.fields);
  const over = last("OverField") ?? fail(scope.place(declaration.name), "a program needs `over`");
  const output = last("OutputField") ??
    fail(scope.place(declaration.name), "a program needs `output`");
  const length = over.length ?? fail(scope.place(over), "nothing says how long an input is");
  const [least, most] = length.kind === "RangeExpression"
    ? [length.from, length.to]
    : [undefined, length];
  const attention = last("ChoiceField")?.value;
  if (attention && attention.text !== "full" && attention.text !== "causal") {
    fail(
      scope.place(attention),
      `unknown attention \`${attention.text}\``,
      "the attentions are full, causal",
    );
  }
  // A `let` names a value or a selection, and what uses it must know which.
  const parts = new Map<string, "value" | "selection">();
  const lets: { name: string; value: RaspExpression | RaspSelector }[] = [];
  for (const { name, value } of all("LetField")) {
    const selects = isSelection(value, parts);
    lets.push({
      name: name.text,
      value: selects ? selectorOf(value, parts, scope) : valueOf(value, parts, scope),
    });
    parts.set(name.text, selects ? "selection" : "value");
  }
  return {
    name: declaration.name.text,
    vocabulary: await vocabularyOf(over.values, scope),
    length: wholeNumberOf(most, scope, 1, "the length of an input"),
    ...(least && { minimumLength: wholeNumberOf(least, scope, 1, "the length of an input") }),
    mask: attention?.text === "causal" ? "causal" : "full",
    lets,
    output: valueOf(output.value, parts, scope),
  };
}

type Parts = ReadonlyMap<string, "value" | "selection">;

/** Tokens: those of a list as they are written there, those of a range as numbers. */
async function vocabularyOf(values: Expression, scope: Scope): Promise<Item[]> {
  if (values.kind === "ListLiteral") {
    return values.items.map((item) =>
      item.kind === "TextLiteral" ? item.value : Number(spelling(item, scope))
    );
  }
  return (await rowsOf(values, scope)).map((row) => Number(row));
}

function isSelection(expression: Expression, parts: Parts): boolean {
  switch (expression.kind) {
    case "GroupExpression":
      return isSelection(expression.inner, parts);
    case "CallExpression":
      return expression.callee.text === "select";
    case "Path":
      return parts.get(expression.text) === "selection";
    case "UnaryExpression":
      return expression.operator === "not" && isSelection(expression.operand, parts);
    case "BinaryExpression":
      return Object.hasOwn(joins, expression.operator) &&
        (isSelection(expression.left, parts) || isSelection(expression.right, parts));
  }
  return false;
}

/** How selections are joined. */
const joins: Readonly<Record<string, "both" | "either">> = {
  "and": "both",
  "&": "both",
  "or": "either",
  "|": "either",
};

function selectorOf(expression: Expression, parts: Parts, scope: Scope): RaspSelector {
  switch (expression.kind) {
    case "GroupExpression":
      return selectorOf(expression.inner, parts, scope);
    case "Path":
      if (parts.get(expression.text) === "selection") {
        return { kind: "name", name: expression.text };
      }
      break;
    case "CallExpression": {
      const [keys, queries, comparison] = expression.arguments;
      if (expression.callee.text !== "select" || comparison === undefined) break;
      return {
        kind: "select",
        keys: valueOf(keys, parts, scope),
        queries: valueOf(queries, parts, scope),
        predicate: predicateOf(comparison, scope),
      };
    }
    case "UnaryExpression":
      if (expression.operator !== "not") break;
      return { kind: "not", selector: selectorOf(expression.operand, parts, scope) };
    case "BinaryExpression": {
      const { operator, left, right } = expression;
      if (Object.hasOwn(joins, operator)) {
        return {
          kind: joins[operator],
          left: selectorOf(left, parts, scope),
          right: selectorOf(right, parts, scope),
        };
      }
    }
  }
  return fail(
    scope.place(expression),
    "a selection is needed here",
    "`select(KEYS, QUERIES, ==)` makes one",
  );
}

function predicateOf(node: Expression, scope: Scope): Predicate {
  if (node.kind === "Path" && node.text === "always") return "always";
  if (node.kind === "OperatorArgument") {
    const { operator } = node;
    return (operator as string) === "=" ? "==" : operator as Predicate;
  }
  return fail(scope.place(node), "a comparison is needed here");
}

const operators: Readonly<Record<string, BinaryOperator>> = {
  "+": "+",
  "-": "-",
  "*": "*",
  "/": "/",
  ...comparisons,
  "and": "and",
  "or": "or",
};

const everything: RaspSelector = {
  kind: "select",
  keys: { kind: "tokens" },
  queries: { kind: "tokens" },
  predicate: "always",
};

const constant = (value: Item): RaspExpression => ({ kind: "constant", value });
const binary = (
  left: RaspExpression,
  operator: BinaryOperator,
  right: RaspExpression,
): RaspExpression => ({ kind: "binary", left, operator, right });

function valueOf(expression: Expression, parts: Parts, scope: Scope): RaspExpression {
  const inner = (part: Expression) => valueOf(part, parts, scope);
  switch (expression.kind) {
    case "NumberLiteral":
      return constant(expression.value);
    case "TextLiteral":
      return constant(expression.value);
    case "GroupExpression":
      return inner(expression.inner);
    case "UnaryExpression":
      return {
        kind: "unary",
        operator: expression.operator,
        operand: inner(expression.operand),
      };
    case "BinaryExpression": {
      const operator = operators[expression.operator];
      if (operator === undefined) break;
      return binary(inner(expression.left), operator, inner(expression.right));
    }
    case "Path": {
      const { text } = expression;
      if (parts.get(text) === "value") return { kind: "name", name: text };
      if (text === "tokens" || text === "indices") return { kind: text };
      if (text === "length") return { kind: "count", selector: everything };
      if (text === "true" || text === "false") return constant(text === "true" ? 1 : 0);
      const value = scope.lookup(text);
      if (value?.kind === "number") return constant(value.number);
      if (value?.kind === "text") return constant(value.text);
      break;
    }
    case "CallExpression":
      return callOf(expression, parts, scope);
  }
  return fail(scope.place(expression), "a value at each position is needed here");
}

function callOf(call: CallExpression, parts: Parts, scope: Scope): RaspExpression {
  const { callee: { text: callee }, arguments: args } = call;
  const needed = (least: number, most = least) => {
    if (args.length < least || args.length > most) {
      fail(scope.place(call), `\`${callee}\` has ${args.length} arguments here`);
    }
  };
  const values = () => args.map((argument) => valueOf(argument, parts, scope));
  switch (callee) {
    case "count":
      needed(1);
      return { kind: "count", selector: selectorOf(args[0], parts, scope) };
    case "aggregate": {
      needed(2, 3);
      const otherwise = args[2] && valueOf(args[2], parts, scope);
      return {
        kind: "aggregate",
        selector: selectorOf(args[0], parts, scope),
        value: valueOf(args[1], parts, scope),
        ...(otherwise && { otherwise: itemOf(otherwise) }),
      };
    }
    case "if": {
      needed(3);
      const [condition, yes, no] = values();
      return { kind: "if", condition, yes, no };
    }
    case "mod": {
      needed(2);
      const [number, divisor] = values();
      return binary(number, "%", divisor);
    }
    case "min":
    case "max": {
      needed(1, Infinity);
      const [first, ...others] = values();
      return others.reduce((left, right) => binary(left, callee, right), first);
    }
    case "abs": {
      needed(1);
      const [value] = values();
      return binary(value, "max", { kind: "unary", operator: "-", operand: value });
    }
    case "round": {
      needed(1);
      const raised = binary(values()[0], "+", constant(0.5));
      return binary(raised, "-", binary(raised, "%", constant(1)));
    }
  }
  return fail(scope.place(call), `\`${callee}\` is no function of programs`);

  function itemOf(value: RaspExpression): Item {
    if (value.kind === "constant") return value.value;
    const operand = value.kind === "unary" && value.operator === "-" ? value.operand : undefined;
    if (operand?.kind === "constant" && typeof operand.value === "number") return -operand.value;
    return fail(
      scope.place(args[2]),
      "a number or a text is needed here",
      "it is what there is where nothing is selected",
    );
  }
}
