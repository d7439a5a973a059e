/** Numbers and their ranges. @module */
import { shownNumber } from "../../base/number_text.ts";
import type { Field } from "../../runtime/discovery/mod.ts";
import type { Expression, StepCount, ValueField } from "../syntax/tree.ts";
import { type Checker, need } from "./checker.ts";
import { type Bounds, boundsProblem } from "./messages.ts";
import type { CheckedExpression, Later, Open } from "./program.ts";

/** Checks that an expression is a number within bounds. */
export function number(
  c: Checker,
  expression: Expression,
  bounds: Bounds,
  checked: CheckedExpression = need(c, expression, ["number"]),
): Open<number> {
  return bounded(c, expression, checked, bounds);
}

function bounded(
  c: Checker,
  { span }: Expression,
  checked: CheckedExpression,
  bounds: Bounds,
  help = bounds.whole && checked.share === true ? "a share is not allowed here" : undefined,
): Open<number> {
  const { values } = checked;
  const bad = values?.find((value) => boundsProblem(value, bounds));
  if (bad === undefined) return given(checked, bounds);
  c.error({ span }, boundsProblem(bad, bounds)!, help);
  const { values: _, ...unknown } = checked;
  return { later: "number", expression: unknown, bounds };
}

/** A number where there is one for all runs, else its expression. */
export function given(expression: CheckedExpression, bounds?: Bounds): Open<number> {
  const { values } = expression;
  if (values?.length === 1) return values[0];
  return { later: "number", expression, ...(bounds && { bounds }) };
}

/** Every value that a number may have; undefined where that is unknown. */
export function valuesOf(number: Open<number>): readonly number[] | undefined {
  return typeof number === "number" ? [number] : (number as Later).expression.values;
}

/** Checks a share between 0% and 100%. */
export function share(
  c: Checker,
  expression: Expression,
  what: string,
  checked: CheckedExpression = need(c, expression, ["number"]),
): Open<number> {
  const [bad] = checked.values?.filter((value) => !(value >= 0 && value <= 1)) ?? [];
  const meant = expression.kind === "NumberLiteral" && !expression.percent && bad <= 100;
  const help = meant ? `did you mean ${shownNumber(bad)}%?` : undefined;
  return bounded(c, expression, checked, { what, share: true }, help);
}

/** Checks a number by the record of its field. */
export function fieldValue(
  c: Checker,
  { word, value }: ValueField,
  fields: Readonly<Record<string, Field>>,
): Open<number> {
  const field = fields[word];
  return number(c, value, { ...boundsOf(field), what: `\`${word}\`` });
}

function boundsOf(field: Field): Omit<Bounds, "what"> {
  if (field.kind === "whole") return { whole: true, least: field.least };
  if (field.kind !== "number") return {};
  const { least, above } = field;
  return { ...(least !== undefined && { least }), ...(above !== undefined && { above }) };
}

export function steps(c: Checker, count: StepCount, what: string, least: number): Open<number> {
  return number(c, count.value, { what, whole: true, least });
}
