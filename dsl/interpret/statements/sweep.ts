/** `sweep a from [...], b from 1..3 { ... }`: runs its statements once for every combination. @module */
import { shownShare } from "../../../base/number_text.ts";
import type { CheckedExpression, StatementOf } from "../../check/program.ts";
import type { Symbol } from "../../check/symbols.ts";
import type { Context } from "../context.ts";
import { deferredIn, tellUnasked } from "../deferred.ts";
import { UnknownValue } from "../effects.ts";
import { fail } from "../error.ts";
import { valueOf } from "../expressions.ts";
import { rowsOf } from "../settle.ts";
import type { Value } from "../values.ts";

export async function runSweep(sweep: StatementOf<"sweep">, context: Context): Promise<void> {
  const { effects, interpreter } = context;
  const points = await pointsOf(sweep, context);
  const defers = context.defers === "nothing" ? "nothing" : deferredIn(sweep);
  for (const point of points) {
    const { label } = point;
    effects.note(label, context);
    const env = context.env.inside();
    for (const { symbol, value } of point.choices) env.set(symbol, value);
    const inner = {
      ...context,
      env,
      defers,
      point: [context.point ?? [], label].flat().join(", "),
    };
    for (const statement of sweep.statements) await interpreter.execute(statement, inner);
    if (point === points.at(-1)) {
      tellUnasked({ env, host: context.session.host }, context.source.file);
    }
  }
}

interface Choice {
  readonly symbol: Symbol;
  readonly value: Value;
  readonly written: string;
}

/** The combinations of a sweep's values. */
async function pointsOf(
  { variables }: StatementOf<"sweep">,
  context: Context,
): Promise<{ readonly label: string; readonly choices: readonly Choice[] }[]> {
  let points: Choice[][] = [[]];
  for (const { symbol, values } of variables) {
    const choices = await choicesOf(values, context);
    if (choices.length === 0) fail(context.source.place(values), "there is nothing to sweep over");
    points = points.flatMap((point) => choices.map((choice) => [...point, { symbol, ...choice }]));
  }
  return points.map((choices) => ({
    choices,
    label: choices.map(({ symbol, written }) => `${symbol.name}=${written}`).join(", "),
  }));
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
