/**
 * Checks of RASP programs.
 *
 * Their values are sequences (a value at each position), selections (positions for each position) and
 * plain numbers and texts.
 *
 * @module
 */
import type { CallExpression, Expression, ProgramDeclaration } from "../syntax/tree.ts";
import { NUMBER_FUNCTIONS, PROGRAM_FUNCTIONS, PROGRAM_NAMES } from "../reference/measures.ts";
import { type Checker, declare, error, help, inside, oneOf, use, warn } from "./checker.ts";
import { range } from "./expressions.ts";
import { first, once } from "./fields.ts";
import { lookUp, symbolOf } from "./symbols.ts";
import { number } from "./values.ts";

export const ATTENTIONS = ["full", "causal"];
/** Stands among the parts of a program with causal attention; no part can have this name. */
const CAUSAL = "attention causal";

type Kind = "sequence" | "selection" | "value" | "unknown";

export function program(c: Checker, node: ProgramDeclaration): void {
  once(c, "program", node.fields);
  const inner = inside(c);
  const kinds = new Map<string, Kind>();
  const attention = node.fields.find((field) => field.kind === "ChoiceField");
  if (attention?.value.text === "causal") kinds.set(CAUSAL, "unknown");
  for (const field of node.fields) {
    if (field.kind === "OverField") over(inner, field);
    else if (field.kind === "ChoiceField") oneOf(inner, field.value, ATTENTIONS, "attention");
    else if (field.kind === "LetField") {
      const kind = kindOf(inner, field.value, kinds);
      if (PROGRAM_NAMES.some(({ word }) => word === field.name.text)) {
        error(
          c,
          field.name.span,
          `\`${field.name.text}\` is known in every program already`,
          "choose another name",
        );
      }
      declare(inner, symbolOf(field.name, c.file, { type: "unknown" }, { inner: "part" }));
      kinds.set(field.name.text, kind);
    } else if (kindOf(inner, field.value, kinds) === "selection") {
      error(
        c,
        field.value.span,
        "a program puts out a value at each position, and this is a selection",
        "`aggregate` or `count` makes values of it",
      );
    }
  }
  if (!node.damaged) {
    const missing = [
      !first(node.fields, "OverField") && "over",
      !first(node.fields, "OutputField") && "output",
    ].filter(Boolean);
    if (missing.length > 0) {
      error(
        c,
        node.name.span,
        `the program \`${node.name.text}\` has no ${
          missing.map((word) => `\`${word}\``).join(" and no ")
        }`,
      );
    }
    for (const part of inner.scope.names.values()) {
      if (part.uses === 0) warn(c, part.span, `\`${part.name}\` is never used`, "remove it");
    }
  }
  declare(
    c,
    symbolOf(node.name, c.file, { type: "program" }, { doc: node.doc, declaration: node }),
  );
}

function over(
  c: Checker,
  field: Extract<ProgramDeclaration["fields"][number], { kind: "OverField" }>,
): void {
  const { values, length } = field;
  if (values.kind === "RangeExpression") range(c, values.from, values.to);
  else if (values.kind !== "ListLiteral" || values.items.length === 0) {
    error(
      c,
      values.span,
      "a list of tokens is needed here",
      "for instance `over [1, 2, 3] length 4`",
    );
  } else {
    for (const item of values.items) {
      const negative = item.kind === "UnaryExpression" && item.operator === "-";
      if (item.kind !== "NumberLiteral" && item.kind !== "TextLiteral" && !negative) {
        error(c, item.span, "a token is a number or a text");
      }
    }
  }
  const what = "the length of an input";
  if (length?.kind === "RangeExpression") {
    range(c, length.from, length.to);
    number(c, length.from, { what, whole: true, least: 1 });
  } else if (length) number(c, length, { what, whole: true, least: 1 });
  else {error(
      c,
      field.span,
      "nothing says how long an input is",
      "for instance `over [1, 2, 3] length 4`",
    );}
}

/** What kind of value an expression of a program is; what is wrong inside is reported. */
function kindOf(c: Checker, node: Expression, kinds: ReadonlyMap<string, Kind>): Kind {
  const each = (part: Expression) => kindOf(c, part, kinds);
  switch (node.kind) {
    case "NumberLiteral":
    case "TextLiteral":
      return "value";
    case "GroupExpression":
      return each(node.inner);
    case "UnaryExpression": {
      const kind = each(node.operand);
      if (kind === "selection" && node.operator === "not") return kind;
      return plain(c, node.operand, kind);
    }
    case "BinaryExpression": {
      if (node.operator === "in") break;
      const left = each(node.left);
      const right = each(node.right);
      const selections = left === "selection" || right === "selection";
      if (selections && JOINING.has(node.operator)) {
        for (const [side, kind] of [[node.left, left], [node.right, right]] as const) {
          if (kind !== "selection") needsSelection(c, side, kind);
        }
        return "selection";
      }
      plain(c, node.left, left);
      plain(c, node.right, right);
      return left === "sequence" || right === "sequence" ? "sequence" : "value";
    }
    case "Path": {
      const [name, ...more] = node.parts;
      if (more.length > 0) break;
      const symbol = lookUp(c.scope, name.text);
      if (symbol?.inner === "part") {
        use(c, name.span, symbol);
        return kinds.get(name.text) ?? "unknown";
      }
      if (name.text === "tokens" || name.text === "indices") return "sequence";
      if (name.text === "length") {
        if (kinds.has(CAUSAL)) {
          error(
            c,
            name.span,
            "with causal attention no position knows the length",
            "`indices + 1` is how many tokens there are so far",
          );
        }
        return "sequence";
      }
      if (symbol && (symbol.type === "number" || symbol.type === "text")) {
        use(c, name.span, symbol);
        return "value";
      }
      if (name.text === "true" || name.text === "false") return "value";
      error(
        c,
        name.span,
        name.text === "always"
          ? "`always` is a comparison, and a value is needed here"
          : `unknown name \`${name.text}\``,
        help(c, name.text, [
          ...kinds.keys().filter((part) => part !== CAUSAL),
          "tokens",
          "indices",
          "length",
        ], "the names are"),
      );
      return "unknown";
    }
    case "CallExpression":
      return call(c, node, kinds);
  }
  error(
    c,
    node.span,
    "this has no meaning in a program",
    `programs are made of ${
      PROGRAM_FUNCTIONS.map(({ word }) => word).join(", ")
    }, arithmetic and comparisons`,
  );
  return "unknown";
}

/** Operators that join selections. */
const JOINING: ReadonlySet<string> = new Set(["and", "or", "&", "|"]);

function plain(c: Checker, node: Expression, kind: Kind): Kind {
  if (kind !== "selection") return kind;
  error(
    c,
    node.span,
    "this is a selection, and values are needed here",
    "`aggregate` or `count` makes values of it",
  );
  return "unknown";
}

function call(c: Checker, node: CallExpression, kinds: ReadonlyMap<string, Kind>): Kind {
  const { callee, arguments: items } = node;
  const values = (from: number, to = items.length) =>
    items.slice(from, to).map((item) => plain(c, item, kindOf(c, item, kinds)));
  const count = (least: number, most: number, how: string) => {
    if (items.length >= least && items.length <= most) return true;
    error(
      c,
      node.span,
      `\`${callee.text}\` takes ${how}, and here ${
        items.length === 1 ? "is 1" : `are ${items.length}`
      }`,
    );
    return false;
  };
  switch (callee.text) {
    case "select":
      if (!count(3, 3, "keys, queries and a comparison")) return "selection";
      values(0, 2);
      comparison(c, items[2]);
      return "selection";
    case "aggregate":
      if (!count(2, 3, "a selection and values")) return "sequence";
      selection(c, items[0], kinds);
      values(1);
      return "sequence";
    case "count":
      if (count(1, 1, "one selection")) selection(c, items[0], kinds);
      return "sequence";
    case "if":
      count(3, 3, "a condition, a value where it holds and one where it does not");
      return values(0).includes("sequence") ? "sequence" : "value";
    case "mod":
      count(2, 2, "a number and what divides it");
      return values(0).includes("sequence") ? "sequence" : "value";
  }
  if (NUMBER_FUNCTIONS.some(({ word }) => word === callee.text)) {
    const inner = values(0);
    return inner.includes("sequence") ? "sequence" : "value";
  }
  const known = [...PROGRAM_FUNCTIONS, ...NUMBER_FUNCTIONS].map(({ word }) => word);
  error(
    c,
    callee.span,
    `unknown function \`${callee.text}\``,
    help(c, callee.text, known, "the functions are"),
  );
  for (const item of items) if (item.kind !== "OperatorArgument") kindOf(c, item, kinds);
  return "unknown";
}

function comparison(c: Checker, node: Expression): void {
  if (node.kind === "OperatorArgument") return;
  if (node.kind === "Path" && node.text === "always") return;
  error(
    c,
    node.span,
    "a comparison is needed here",
    "one of `==`, `!=`, `<`, `<=`, `>`, `>=` and `always`",
  );
}

function selection(c: Checker, node: Expression, kinds: ReadonlyMap<string, Kind>): void {
  needsSelection(c, node, kindOf(c, node, kinds));
}

function needsSelection(c: Checker, node: Expression, kind: Kind): void {
  if (kind === "selection" || kind === "unknown") return;
  error(c, node.span, "a selection is needed here", "`select(KEYS, QUERIES, ==)` makes one");
}
