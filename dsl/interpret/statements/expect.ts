/**
 * `expect CONDITION`: when it is false the script goes on, and ends with status 1.
 *
 * @module
 */
import type { ExpectStatement, Expression } from "../../syntax/tree.ts";
import { linesOf } from "../../text/source.ts";
import type { Context } from "../context.ts";
import { fail } from "../error.ts";
import { evaluate } from "../expressions.ts";
import { kindName } from "../values.ts";

/** Checks an expectation and tells what its sides came to. */

export async function runExpect({ condition }: ExpectStatement, context: Context): Promise<void> {
  const { scope, session } = context;
  const value = await evaluate(condition, context);
  if (value.kind !== "truth") {
    fail(scope.place(condition), `a condition is needed here: this is ${kindName(value)}`);
  }
  const written = scope.written(condition);
  const sides = await sidesOf(condition, context);
  const { line } = linesOf(scope.source.text).position(condition.span.start);
  const where = `${scope.file}:${line}`;
  if (!value.truth) session.failed.push(where);
  session.host.note(
    `${value.truth ? "as expected" : `${where}: not as expected`}: ${written}${sides}`,
  );
}

/** What the sides of a comparison came to, where they are not plain numbers: `: kl(ep) is 0.31`. */
async function sidesOf(condition: Expression, context: Context): Promise<string> {
  if (condition.kind === "GroupExpression") return await sidesOf(condition.inner, context);
  if (condition.kind !== "BinaryExpression") return "";
  if (condition.operator === "and" || condition.operator === "or") {
    return await sidesOf(condition.left, context) + await sidesOf(condition.right, context);
  }
  const shown: string[] = [];
  for (const side of [condition.left, condition.right]) {
    if (side.kind === "NumberLiteral") continue;
    const value = await evaluate(side, context);
    if (value.kind === "number") {
      shown.push(`${context.scope.written(side)} is ${+value.number.toPrecision(4)}`);
    }
  }
  return shown.map((text) => `; ${text}`).join("");
}
