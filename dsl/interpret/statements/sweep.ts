/** `sweep a from [...], b from 1..3 { ... }`: runs its statements once for every combination. @module */
import { shownShare } from "../../../base/number_text.ts";
import type { CheckedExpression, StatementOf } from "../../check/program.ts";
import type { Context } from "../context.ts";
import { deferredIn, tellUnasked } from "../deferred.ts";
import { type Choice, labelOf, type SweepPoint, sweepResults } from "../sweep_results.ts";
import { UnknownValue } from "../effects.ts";
import { fail } from "../error.ts";
import { valueOf } from "../expressions.ts";
import { rowsOf } from "../settle.ts";
import type { Value } from "../values.ts";

export async function runSweep(sweep: StatementOf<"sweep">, context: Context): Promise<void> {
  const results = context.sweep?.results ?? sweepResults();
  const around = context.sweep?.choices ?? [];
  try {
    await runPoints(sweep, await pointsOf(sweep, context), { choices: around, results }, context);
  } catch (error) {
    // The points that are done are shown all the same.
    if (context.sweep === undefined) await results.finish(false).catch(() => {});
    throw error;
  }
  if (context.sweep === undefined) await results.finish(true);
}

async function runPoints(
  sweep: StatementOf<"sweep">,
  points: readonly (readonly Choice[])[],
  { choices: around, results }: SweepPoint,
  context: Context,
): Promise<void> {
  const { effects, interpreter, session, source } = context;
  const defers = context.defers === "nothing" ? "nothing" : deferredIn(sweep);
  for (const [i, choices] of points.entries()) {
    const label = labelOf(choices);
    effects.note(`${i + 1} of ${points.length}: ${label}`, context);
    const env = context.env.inside();
    for (const { symbol, value } of choices) env.set(symbol, value);
    const inner = {
      ...context,
      env,
      defers,
      point: [context.point ?? [], label].flat().join(", "),
      sweep: { choices: [...around, ...choices], results },
    };
    for (const statement of sweep.statements) await interpreter.execute(statement, inner);
    if (i === points.length - 1) tellUnasked({ env, host: session.host }, source.file);
  }
}

/** The combinations of a sweep's values. */
async function pointsOf(
  { variables }: StatementOf<"sweep">,
  context: Context,
): Promise<Choice[][]> {
  let points: Choice[][] = [[]];
  for (const { symbol, values } of variables) {
    const choices = await choicesOf(values, context);
    if (choices.length === 0) fail(context.source.place(values), "there is nothing to sweep over");
    points = points.flatMap((point) => choices.map((choice) => [...point, { symbol, ...choice }]));
  }
  return points;
}

async function choicesOf(
  values: CheckedExpression,
  context: Context,
): Promise<Omit<Choice, "symbol">[]> {
  const { source, interpreter } = context;
  if (values.kind === "range" || values.kind === "lines") {
    return (await rowsOf(values, context)).map((row) => {
      const written = [row].flat().join(", ");
      return { value: valueOf(written), written };
    });
  }
  if (values.kind === "list") {
    const choices: Omit<Choice, "symbol">[] = [];
    for (const item of values.items) {
      const value = await interpreter.valueOfExpression(item, context);
      choices.push({ value, written: textOf(value) ?? source.written(item) });
    }
    return choices;
  }
  const list = await interpreter.valueOfExpression(values, context);
  if (list.kind !== "list") throw new UnknownValue();
  return list.items.map((value) => ({ value, written: textOf(value) ?? value.kind }));
}

/** A number or text as a script would write it; other values go by how they are written. */
function textOf(value: Value): string | undefined {
  if (value.kind === "text") return value.text;
  if (value.kind !== "number") return undefined;
  return value.percent ? shownShare(value.number) : String(value.number);
}
