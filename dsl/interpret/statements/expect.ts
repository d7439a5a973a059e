/** `expect CONDITION`: when it is false the script continues, and ends with status 1. @module */
import type { CheckedExpression, StatementOf } from "../../check/program.ts";
import { linesOf } from "../../text/source.ts";
import type { Context } from "../context.ts";
import { operandOf } from "../operands.ts";

/** Checks an expectation and tells what its sides came to. */
export async function runExpect(
  { condition }: StatementOf<"expect">,
  context: Context,
): Promise<void> {
  const { source, effects } = context;
  const { truth } = await operandOf("truth", condition, context);
  const sides = await sidesOf(condition, context);
  const { line } = linesOf(source.text).position(condition.span.start);
  const text = source.written(condition) + sides;
  effects.expected(truth, `${source.file}:${line}`, text, context);
}

/** Values of the sides of a comparison that are not plain numbers: `: kl(ep) is 0.31`. */
async function sidesOf(condition: CheckedExpression, context: Context): Promise<string> {
  if (condition.kind !== "binary") return "";
  const { operator, left, right } = condition;
  if (operator === "and" || operator === "or") {
    return await sidesOf(left, context) + await sidesOf(right, context);
  }
  const shown: string[] = [];
  for (const side of [left, right]) {
    if (side.kind === "number") continue;
    const value = await context.interpreter.valueOfExpression(side, context);
    if (value.kind === "number") {
      shown.push(`${context.source.written(side)} is ${+value.number.toPrecision(4)}`);
    }
  }
  return shown.map((text) => `; ${text}`).join("");
}
