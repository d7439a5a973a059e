/** Checks of RASP programs. @module */
import type { Item, RaspProgram } from "../../runtime/programs/mod.ts";
import type { ProgramDeclaration } from "../syntax/tree.ts";
import { PROGRAM_NAMES } from "../reference/measures.ts";
import { type Checker, declare, declared, inside, oneOf, typeOf } from "./checker.ts";
import { first, lacks, once } from "./fields.ts";
import type { Open, StatementOf } from "./program.ts";
import { constant, partOf, type ProgramChecker, valueIn } from "./program_parts.ts";
import { range } from "./ranges.ts";
import { number } from "./values.ts";

export const ATTENTIONS = ["full", "causal"];
interface Inputs {
  readonly vocabulary: Open<readonly Item[]>;
  readonly length: Open<number>;
  readonly minimumLength?: Open<number>;
}

export function program(c: Checker, node: ProgramDeclaration): StatementOf<"program"> {
  once(c, "program", node.fields);
  const attention = node.fields.find((field) => field.kind === "ChoiceField");
  const causal = attention?.value.text === "causal";
  const inner: ProgramChecker = { ...inside(c), causal };
  const lets: Open<RaspProgram["lets"][number]>[] = [];
  let inputs: Inputs = { vocabulary: [], length: 1 };
  let output = constant(0);
  for (const field of node.fields) {
    if (field.kind === "OverField") inputs = over(inner, field);
    else if (field.kind === "ChoiceField") oneOf(inner, field.value, ATTENTIONS, "attention");
    else if (field.kind === "LetField") {
      const part = partOf(inner, field.value);
      if (PROGRAM_NAMES.some(({ word }) => word === field.name.text)) {
        c.error(
          field.name,
          `\`${field.name.text}\` is known in every program already`,
          "choose another name",
        );
      }
      declare(inner, field.name, { type: "unknown" }, { inner: "part", part: part.kind });
      lets.push({ name: field.name.text, value: part.selector ?? valueIn(part) });
    } else {
      const part = partOf(inner, field.value);
      output = valueIn(part);
      if (part.kind !== "selection") continue;
      c.error(
        field.value,
        "a program puts out a value at each position, and this is a selection",
        "`aggregate` or `count` makes values of it",
      );
    }
  }
  if (!node.damaged) {
    lacks(c, "program", node, [
      !first(node.fields, "OverField") && "over",
      !first(node.fields, "OutputField") && "output",
    ]);
    for (const part of inner.scope.names.values()) {
      if (part.uses === 0) c.warn(part, `\`${part.name}\` is never used`, "remove it");
    }
  }
  const mask = causal ? "causal" : "full";
  const definition = { name: node.name.text, ...inputs, mask, lets, output } as const;
  return { kind: "program", symbol: declared(c, node, { type: "program" }), definition };
}

function over(
  c: Checker,
  field: Extract<ProgramDeclaration["fields"][number], { kind: "OverField" }>,
): Inputs {
  const { values, length } = field;
  let vocabulary: Open<readonly Item[]> = [];
  if (values.kind === "RangeExpression") {
    vocabulary = { later: "tokens", expression: range(c, values).values };
  } else if (values.kind !== "ListLiteral" || values.items.length === 0) {
    c.error(values, "a list of tokens is needed here", "for instance `over [1, 2, 3] length 4`");
  } else {
    for (const item of values.items) {
      const negative = item.kind === "UnaryExpression" && item.operator === "-";
      if (item.kind !== "NumberLiteral" && item.kind !== "TextLiteral" && !negative) {
        c.error(item, "a token is a number or a text");
      }
    }
    vocabulary = values.items.map((item): Open<Item> =>
      item.kind === "TextLiteral" ? item.value : { later: "item", expression: typeOf(c, item) }
    );
  }
  const what = "the length of an input";
  if (length?.kind === "RangeExpression") {
    range(c, length);
    return {
      vocabulary,
      minimumLength: number(c, length.from, { what, whole: true, least: 1 }),
      length: number(c, length.to, { what, whole: true, least: 1 }),
    };
  }
  if (length) return { vocabulary, length: number(c, length, { what, whole: true, least: 1 }) };
  c.error(field, "nothing says how long an input is", "for instance `over [1, 2, 3] length 4`");
  return { vocabulary, length: 1 };
}
