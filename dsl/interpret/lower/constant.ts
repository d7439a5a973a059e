/**
 * Expressions whose value is known before anything runs: numbers, texts and lists of them.
 *
 * @module
 */
import { linesOf, numberRange } from "../../../runtime/tasks/mod.ts";
import type { Expression } from "../../syntax/tree.ts";
import { at, fail, type Place } from "../error.ts";
import type { Scope } from "../scope.ts";

/** The number that an expression stands for. */
export function numberOf(expression: Expression, scope: Scope): number {
  const place = scope.place(expression);
  switch (expression.kind) {
    case "NumberLiteral":
      return expression.value;
    case "GroupExpression":
      return numberOf(expression.inner, scope);
    case "UnaryExpression":
      if (expression.operator === "-") return -numberOf(expression.operand, scope);
      break;
    case "BinaryExpression": {
      const operation = arithmetic[expression.operator as keyof typeof arithmetic];
      if (operation !== undefined) {
        return operation(numberOf(expression.left, scope), numberOf(expression.right, scope));
      }
      break;
    }
    case "Path": {
      const value = scope.lookup(expression.text);
      if (value?.kind === "number") return value.number;
      break;
    }
  }
  return fail(place, "a number is needed here");
}

/** Whether a number was written as a share: `2%`, or a name that stands for one. */
export function isShare(expression: Expression, scope: Scope): boolean {
  if (expression.kind === "NumberLiteral") return expression.percent;
  if (expression.kind === "GroupExpression") return isShare(expression.inner, scope);
  if (expression.kind !== "Path") return false;
  const value = scope.lookup(expression.text);
  return value?.kind === "number" && value.percent === true;
}

const arithmetic = {
  "+": (a: number, b: number) => a + b,
  "-": (a: number, b: number) => a - b,
  "*": (a: number, b: number) => a * b,
  "/": (a: number, b: number) => a / b,
};

/** What drawing starts from: 0 where nothing says so. */
export function seedOf(seed: Expression | undefined, scope: Scope, what = "a seed"): number {
  return seed === undefined ? 0 : wholeNumberOf(seed, scope, 0, what);
}

/** A whole number within bounds. */
export function wholeNumberOf(
  expression: Expression,
  scope: Scope,
  least: number,
  what: string,
): number {
  const number = numberOf(expression, scope);
  if (!Number.isSafeInteger(number) || number < least) {
    fail(
      scope.place(expression),
      `${what} must be a whole number of at least ${least}: current value is ${number}`,
    );
  }
  return number;
}

/** Rows of a list of values: each one text, or several that belong together. */
export async function rowsOf(expression: Expression, scope: Scope): Promise<(string | string[])[]> {
  const place = scope.place(expression);
  switch (expression.kind) {
    case "ListLiteral": {
      const rows = await Promise.all(
        expression.items.map(async (item): Promise<(string | string[])[]> => {
          if (item.kind === "ListLiteral") return [await textsOf(item, scope)];
          return await rowsOf(item, scope);
        }),
      );
      return rows.flat();
    }
    case "RangeExpression":
      return await at(
        place,
        () =>
          numberRange(spelling(expression.from, scope), spelling(expression.to, scope), "values"),
      );
    case "CallExpression":
      return await linesOfCall(expression.callee.text, expression.arguments, place, scope);
    default:
      return [spelling(expression, scope)];
  }
}

/** A list of plain values. */
export async function textsOf(expression: Expression, scope: Scope): Promise<string[]> {
  return (await rowsOf(expression, scope)).map((row) =>
    typeof row === "string" ? row : fail(scope.place(expression), "a plain list is needed here")
  );
}

async function linesOfCall(
  callee: string,
  args: readonly Expression[],
  place: Place,
  scope: Scope,
): Promise<string[]> {
  const [file] = args;
  if (callee !== "lines" || args.length !== 1 || file.kind !== "TextLiteral") {
    fail(
      place,
      `\`${callee}\` cannot be used here`,
      'values come from lists, ranges and lines("FILE")',
    );
  }
  const values = linesOf(await scope.readText(file.value, scope.place(file)));
  if (values.length === 0) fail(scope.place(file), `${JSON.stringify(file.value)} has no lines`);
  return values;
}

/** A literal as written: numbers keep their leading zeros. */
export function spelling(expression: Expression, scope: Scope): string {
  switch (expression.kind) {
    case "TextLiteral":
      return expression.value;
    case "NumberLiteral":
      return expression.text;
    case "GroupExpression":
      return spelling(expression.inner, scope);
    case "UnaryExpression":
      if (expression.operator === "-") return "-" + spelling(expression.operand, scope);
      break;
    case "Path": {
      const value = scope.lookup(expression.text);
      if (value?.kind === "number") return String(value.number);
      if (value?.kind === "text") return value.text;
      break;
    }
  }
  return fail(scope.place(expression), "a text or a number is needed here");
}
