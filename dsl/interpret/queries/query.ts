/**
 * `edges of`, `nodes of`, `paths of`, `count ... of` and `why ... in`.
 *
 * @module
 */
import { type Query, runQuery } from "../../../runtime/circuits/mod.ts";
import type { Context } from "../context.ts";
import { at } from "../error.ts";
import type { ExpressionOf } from "../expressions.ts";
import { circuitOf } from "../operands.ts";
import { settle } from "../settle.ts";
import type { Value } from "../values.ts";

export async function queryCircuit(
  expression: ExpressionOf<"query">,
  context: Context,
): Promise<Value> {
  const { circuit, pending } = await circuitOf(expression.circuit, context);
  const query = await settle<Query>(expression.query, context);
  if (pending) return { kind: "unknown" };
  const table = await at(context.source.place(expression), () => runQuery(query, circuit));
  return { kind: "table", table };
}
