/**
 * Numbers and their ranges.
 *
 * @module
 */
import type { Field } from "../../runtime/discovery/fields.ts";
import type { Expression, StepCount, ValueField } from "../syntax/tree.ts";
import { type Checker, error } from "./checker.ts";
import { need } from "./expressions.ts";
import { lookUp } from "./symbols.ts";

/** What a number must be. */
export interface Bounds {
  readonly what: string;
  readonly whole?: boolean;
  readonly least?: number;
  readonly most?: number;
  /** The number must be greater than this. */
  readonly above?: number;
}

/** Checks that an expression is a number within bounds; returns the values that it may have. */
export function number(
  c: Checker,
  expression: Expression,
  bounds: Bounds,
): readonly number[] | undefined {
  const { values } = need(c, expression, ["number"]);
  const bad = values?.find((value) => !within(value, bounds));
  if (bad === undefined) return values;
  error(
    c,
    expression.span,
    `${bounds.what} must be ${wording(bounds)}: this is ${shown(bad)}`,
    bounds.whole && isPercent(c, expression) ? "a share is not allowed here" : undefined,
  );
  return undefined;
}

function within(value: number, { whole, least, most, above }: Bounds): boolean {
  return Number.isFinite(value) && (!whole || Number.isSafeInteger(value)) &&
    (least === undefined || value >= least) && (most === undefined || value <= most) &&
    (above === undefined || value > above);
}

function wording({ whole, least, most, above }: Bounds): string {
  const kind = whole ? "a whole number" : "a number";
  if (above !== undefined) {
    return `${kind} above ${above}${most === undefined ? "" : ` up to ${most}`}`;
  }
  if (least !== undefined && most !== undefined) return `${kind} from ${least} to ${most}`;
  if (least !== undefined) return `${kind} from ${least}`;
  return kind;
}

/** A number as it is shown: without binary noise. */
export function shown(value: number): string {
  return String(Number(value.toPrecision(12)));
}

/** Whether a number is written as a share, here or where its name is declared. */
export function isPercent(c: Checker, expression: Expression): boolean {
  if (expression.kind === "GroupExpression") return isPercent(c, expression.inner);
  if (expression.kind === "NumberLiteral") return expression.percent;
  return expression.kind === "Path" && lookUp(c.scope, expression.text)?.typed.share === true;
}

/** Checks a share between 0% and 100%. */
export function share(
  c: Checker,
  expression: Expression,
  what: string,
): readonly number[] | undefined {
  const { values } = need(c, expression, ["number"]);
  const bad = values?.find((value) => !(value >= 0 && value <= 1));
  if (bad === undefined) return values;
  const meant = expression.kind === "NumberLiteral" && !expression.percent && bad <= 100;
  error(
    c,
    expression.span,
    `${what} must lie between 0% and 100%: this is ${shown(bad * 100)}%`,
    meant ? `did you mean ${shown(bad)}%?` : undefined,
  );
  return undefined;
}

/** Checks a number by the record of its field. */
export function valueOf(
  c: Checker,
  { word, value }: ValueField,
  fields: Readonly<Record<string, Field>>,
): readonly number[] | undefined {
  const field = fields[word];
  const what = `\`${word}\``;
  return number(c, value, { ...field, what, whole: field.kind === "whole" });
}

/** Checks a number of steps. */
export function steps(
  c: Checker,
  count: StepCount,
  what: string,
  least: number,
): readonly number[] | undefined {
  return number(c, count.value, { what, whole: true, least });
}
