/**
 * `sweep a from [...], b from 1..3 { ... }`: runs its statements once for every combination.
 *
 * @module
 */
import type { SweepStatement } from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { fail } from "../error.ts";
import { evaluate } from "../expressions.ts";
import { rowsOf } from "../lower/constant.ts";
import { scopeOf } from "../scope.ts";
import type { Value } from "../values.ts";
import { execute } from "./mod.ts";

export async function runSweep(sweep: SweepStatement, context: Context): Promise<void> {
  for (const point of await pointsOf(sweep, context)) {
    context.session.host.note(point.label);
    for (const statement of sweep.statements) await execute(statement, point.context);
  }
}

/** A number or text as a script would write it; other values go by how they are written. */
function textOf(value: Value): string | undefined {
  if (value.kind === "text") return value.text;
  if (value.kind !== "number") return undefined;
  return value.percent ? `${+(100 * value.number).toPrecision(12)}%` : String(value.number);
}

/** The combinations of a sweep's values, each with what its statements are given. */
export async function pointsOf(
  sweep: SweepStatement,
  context: Context,
): Promise<{ readonly label: string; readonly context: Context }[]> {
  const { scope, session } = context;
  let points: { name: string; value: Value; written: string }[][] = [[]];
  for (const { name, values } of sweep.variables) {
    const choices: { value: Value; written: string }[] = [];
    if (values.kind === "ListLiteral") {
      for (const item of values.items) {
        const value = await evaluate(item, context);
        choices.push({ value, written: textOf(value) ?? scope.written(item) });
      }
    } else {
      for (const row of await rowsOf(values, scope)) {
        const text = [row].flat().join(", ");
        const number = Number(text);
        choices.push({
          value: Number.isNaN(number) ? { kind: "text", text } : { kind: "number", number },
          written: text,
        });
      }
    }
    if (choices.length === 0) fail(scope.place(values), "there is nothing to sweep over");
    points = points.flatMap((point) =>
      choices.map((choice) => [...point, { name: name.text, ...choice }])
    );
  }
  return points.map((point) => {
    const names = new Map(scope.names);
    for (const { name, value } of point) names.set(name, value);
    const label = point.map(({ name, written }) => `${name}=${written}`).join(", ");
    return {
      label,
      context: {
        session,
        scope: scopeOf(scope.source, scope.folder, names),
        define: (name, value) => void names.set(name, value),
        point: [context.point, label].filter((text) => text !== undefined).join(", "),
      },
    };
  });
}
