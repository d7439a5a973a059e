/** Records whose values are all known: what the checker left open is evaluated. @module */
import { linesOf, numberRange, type VariableGroup } from "../../runtime/tasks/mod.ts";
import { boundsProblem, typeProblem } from "../check/messages.ts";
import type { CheckedExpression, Later, Open } from "../check/program.ts";
import type { Context } from "./context.ts";
import { UnknownValue } from "./effects.ts";
import { at, fail, type Place } from "./error.ts";
import { numberOf } from "./operands.ts";
import type { Value } from "./values.ts";

/** The record with the values that its expressions have here. */
export async function settle<T>(open: Open<T>, context: Context): Promise<T> {
  return await settled(open, context) as T;
}

async function settled(open: unknown, context: Context): Promise<unknown> {
  if (typeof open !== "object" || open === null) return open;
  if ("later" in open) return await makers[(open as Later).later](open as Later, context);
  if (Array.isArray(open)) {
    const items: unknown[] = [];
    for (const item of open) items.push(await settled(item, context));
    return items;
  }
  if (Object.getPrototypeOf(open) !== Object.prototype) return open;
  const record: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(open)) record[key] = await settled(value, context);
  return record;
}

type Make = (later: Later, context: Context) => Promise<unknown>;
const makers: Readonly<Record<Later["later"], Make>> = {
  number: async ({ expression, bounds }, context) => {
    const number = await numberOf(expression, context);
    const problem = bounds && boundsProblem(number, bounds);
    return problem ? fail(context.source.place(expression), problem) : number;
  },
  spelling: ({ expression }, context) => spelling(expression, context),
  item: async ({ expression }, context) => {
    const value = await context.interpreter.valueOfExpression(expression, context);
    return value.kind === "number" ? value.number : spelling(expression, context);
  },
  texts: ({ expression }, context) => textsOf(expression, context),
  tokens: async ({ expression }, context) => (await textsOf(expression, context)).map(Number),
  group: async ({ expression, names = [] }, context): Promise<VariableGroup> => {
    const rows = await rowsOf(expression, context);
    if (rows.every((row) => typeof row === "string")) {
      return { kind: "different", names, values: rows };
    }
    const odd = rows.map((row) => [row].flat()).find((row) => row.length !== names.length);
    if (odd === undefined) return { kind: "rows", names, rows: rows.map((row) => [row].flat()) };
    return fail(
      context.source.place(expression),
      `a row has ${odd.length} values for ${names.length} variables: [${odd.join(", ")}]`,
    );
  },
};

/** Rows of a list of values: each one text, or several that belong together. */
export async function rowsOf(
  expression: CheckedExpression,
  context: Context,
): Promise<(string | string[])[]> {
  const { source } = context;
  switch (expression.kind) {
    case "list": {
      const rows: (string | string[])[] = [];
      for (const item of expression.items) {
        if (item.kind === "list") rows.push(await textsOf(item, context));
        else rows.push(...await rowsOf(item, context));
      }
      return rows;
    }
    case "range": {
      const from = await spelling(expression.from, context);
      const to = await spelling(expression.to, context);
      return await at(source.place(expression), () => numberRange(from, to, "values"));
    }
    case "lines": {
      const { file } = expression;
      context.effects.read(source.path(file.text));
      const values = linesOf(await source.readText(file));
      if (values.length > 0) return values;
      return fail(source.place(file), `${JSON.stringify(file.text)} has no lines`);
    }
  }
  const value = await context.interpreter.valueOfExpression(expression, context);
  if (value.kind !== "list") return [await spelling(expression, context)];
  const place = source.place(expression);
  return value.items.map((item) =>
    item.kind === "list"
      ? item.items.map((each) => spellingOf(each, place))
      : spellingOf(item, place)
  );
}

async function textsOf(expression: CheckedExpression, context: Context): Promise<string[]> {
  return (await rowsOf(expression, context)).map((row) =>
    typeof row === "string"
      ? row
      : fail(context.source.place(expression), "a plain list is needed here")
  );
}

/** A literal as written: numbers keep their leading zeros. */
async function spelling(expression: CheckedExpression, context: Context): Promise<string> {
  if (expression.kind === "number") return expression.spelling;
  if (expression.kind === "negative") return `-${await spelling(expression.operand, context)}`;
  const value = await context.interpreter.valueOfExpression(expression, context);
  return spellingOf(value, context.source.place(expression));
}

function spellingOf(value: Value, place: Place): string {
  if (value.kind === "number") return String(value.number);
  if (value.kind === "text") return value.text;
  if (value.kind === "unknown") throw new UnknownValue();
  return fail(place, typeProblem(undefined, value.kind, ["text", "number"]));
}
