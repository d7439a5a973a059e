/**
 * An expression by itself: its value is shown.
 *
 * @module
 */
import type { ShowStatement } from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { evaluate } from "../expressions.ts";
import { show } from "../show.ts";
import type { Value } from "../values.ts";

export async function runShow(
  { value: expression }: ShowStatement,
  context: Context,
): Promise<void> {
  const { point, scope, session } = context;
  const value = await evaluate(expression, context);
  show(point === undefined ? value : placed(value, point), scope.written(expression), session.host);
  session.last = value;
}

/** A table that says at which point of a sweep it was made: those of all points stand one below the other. */
function placed(value: Value, point: string): Value {
  if (value.kind !== "table") return value;
  const { notes = [] } = value.table;
  return { ...value, table: { ...value.table, notes: [`at ${point}`, ...notes] } };
}
