/** Variables of tasks: where their values come from, and where they are used. @module */
import type { Comparison, TaskCondition, TaskOperand } from "../../runtime/tasks/mod.ts";
import type { CallExpression, Expression, Name, TextLiteral } from "../syntax/tree.ts";
import { type Checker, help, need, typeOf, use, wrong } from "./checker.ts";
import { unrepeated } from "./fields.ts";
import { exists, pieceOf } from "./exists.ts";
import type { CheckedExpression, Open, Piece } from "./program.ts";
import { range } from "./ranges.ts";
import { lookUp, type Symbol, visible } from "./symbols.ts";

/** Source of values, and the number of plain ones where it is known. */
export interface Values {
  readonly values: CheckedExpression;
  readonly count?: number;
}

/** Checks where values of some variables come from. */
export function valuesFor(c: Checker, node: Expression, names: readonly Name[]): Values {
  switch (node.kind) {
    case "ListLiteral":
      if (node.items.length > 0) return listValues(c, node, names);
      c.error(node, "a list of values cannot be empty");
      return { values: wrong(node) };
    case "RangeExpression": {
      const { values, ends } = range(c, node);
      return { values, ...(ends && { count: ends.to - ends.from + 1 }) };
    }
    case "CallExpression":
      return { values: lines(c, node) };
    default: {
      const values = typeOf(c, node);
      if (values.type !== "list" && values.type !== "unknown") {
        c.error(
          node,
          "a list of values is needed here",
          'for instance `["park", "school"]`, `02..98` or `lines("names.txt")`',
        );
      }
      return { values };
    }
  }
}

function lines(c: Checker, node: CallExpression): CheckedExpression {
  const { callee, span } = node;
  if (callee.text !== "lines") {
    c.error(
      callee,
      `values do not come from \`${callee.text}\``,
      'values come from a list, a range or `lines("FILE")`',
    );
    return wrong(node);
  }
  const [file, ...more] = node.arguments;
  if (file?.kind !== "TextLiteral" || more.length > 0) {
    c.error(node, "`lines` takes one file in quotes", 'for instance `lines("names.txt")`');
    return wrong(node);
  }
  exists(c, file);
  return { kind: "lines", type: "list", span, file: pieceOf(file) };
}

function listValues(
  c: Checker,
  { items, span }: Extract<Expression, { kind: "ListLiteral" }>,
  names: readonly Name[],
): Values {
  const listed = unrepeated(c, (text) => `the value ${JSON.stringify(text)} is listed twice`);
  let plain = 0;
  let rows = 0;
  const list = (items: readonly CheckedExpression[], { span }: Pick<Expression, "span">) =>
    ({ kind: "list", type: "list", items, span }) as const;
  const checked = items.map((item): CheckedExpression => {
    if (item.kind === "ListLiteral") {
      rows++;
      if (item.items.length !== names.length) {
        c.error(
          item,
          `this row has ${item.items.length} ${
            item.items.length === 1 ? "value" : "values"
          } for ${names.length} ${names.length === 1 ? "variable" : "variables"}`,
        );
      }
      return list(item.items.map((value) => need(c, value, ["text", "number"])), item);
    }
    if (item.kind === "RangeExpression") {
      const { values, ends } = range(c, item);
      plain += ends ? ends.to - ends.from + 1 : names.length;
      return values;
    }
    plain++;
    const value = need(c, item, ["text", "number"]);
    if (item.kind === "TextLiteral") listed(pieceOf(item));
    else if (item.kind === "NumberLiteral") listed(item);
    return value;
  });
  if (rows > 0 && plain > 0) {
    c.error(items[0], "a list holds either single values or rows, not both");
  }
  return { values: list(checked, { span }), ...(rows === 0 && { count: plain }) };
}

/** Checks the variables of a template; `clean` names are also those of a corruption. */
export function template(c: Checker, text: TextLiteral): Set<string> {
  const used = new Set<string>();
  for (const piece of text.pieces) {
    if (piece.kind === "Stray") {
      c.error(
        piece,
        piece.text === "{" ? "this brace is no variable" : "this brace was never opened",
        "write `{name}` for a variable, `{{` and `}}` for braces",
      );
    } else if (piece.kind === "Variable") {
      used.add(piece.name);
      const { start, end } = piece.span;
      const word = { start: start + 1, end: end - 1 };
      variableNamed(c, { text: piece.name, span: piece.span }, word);
    }
  }
  return used;
}

const isVariable = ({ inner }: Symbol) => inner === "variable" || inner === "answer";

/** A use of a task's variable; `word` is where the bare name stands. */
export function variableNamed(c: Checker, name: Piece, word = name.span): Symbol | undefined {
  const symbol = lookUp(c.scope, name.text);
  if (symbol && isVariable(symbol)) {
    use(c, word, symbol);
    return symbol;
  }
  if (c.excused.all) return undefined;
  const variables = visible(c.scope).filter(isVariable).map(({ name }) => name);
  c.error(
    name,
    `nobody declares the variable \`${name.text}\``,
    help(c, name.text, variables, "the variables are") ??
      `\`vary ${name.text} from ...\` declares it`,
  );
}

/** Comparisons as the runtime writes them. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  "=": "==",
  "!=": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

/** A condition over variables: `y > year`, `name in ["Mary", "Anna"]`. */
export function variableCondition(
  c: Checker,
  node: Expression,
  clean = false,
): Open<TaskCondition> {
  const inner = (node: Expression) => variableCondition(c, node, clean);
  switch (node.kind) {
    case "GroupExpression":
      return inner(node.inner);
    case "UnaryExpression":
      if (node.operator === "not") return { kind: "not", condition: inner(node.operand) };
      break;
    case "BinaryExpression": {
      const { operator } = node;
      if (operator === "and" || operator === "or") {
        return { kind: operator, left: inner(node.left), right: inner(node.right) };
      }
      if (operator === "in") {
        const left = operand(c, node.left, clean);
        const { values } = valuesFor(c, node.right, []);
        return { kind: "in", operand: left, values: { later: "texts", expression: values } };
      }
      const comparison = comparisons[operator];
      if (comparison === undefined) break;
      const left = operand(c, node.left, clean);
      return { kind: "compare", operator: comparison, left, right: operand(c, node.right, clean) };
    }
  }
  c.error(node, "a condition is needed here", "for instance `y > year`");
  return { later: "texts", expression: wrong(node) };
}

function operand(c: Checker, node: Expression, clean: boolean): Open<TaskOperand> {
  const value = (): Open<TaskOperand> => ({
    kind: "literal",
    value: { later: "spelling", expression: need(c, node, ["number", "text"]) },
  });
  if (node.kind !== "Path") return value();
  const [head, ...rest] = node.parts;
  const symbol = lookUp(c.scope, head.text);
  if (clean && head.text === "clean" && rest.length === 1) variableNamed(c, rest[0]);
  else if (rest.length > 0) c.error(node, `\`${node.text}\` is no variable`);
  else if (symbol && !isVariable(symbol)) return value();
  else variableNamed(c, head);
  return { kind: "variable", name: node.text };
}
