/** Ranges of whole numbers: `11..17`. @module */
import type { Expression, RangeExpression } from "../syntax/tree.ts";
import type { Checker } from "./checker.ts";
import type { CheckedExpression, Later, Open } from "./program.ts";
import { number, valuesOf } from "./values.ts";

/** Largest number of values of a range. */
const LONGEST_RANGE = 1_000_000;

/** Checks a range; `ends` are there when they are known. */
export function range(
  c: Checker,
  { from, to, span }: RangeExpression,
): { readonly values: CheckedExpression; readonly ends?: { from: number; to: number } } {
  const low = number(c, from, { what: "a range's start", whole: true });
  const high = number(c, to, { what: "a range's end", whole: true });
  const values: CheckedExpression = {
    kind: "range",
    type: "list",
    from: end(from, low),
    to: end(to, high),
    span,
  };
  const [[first, ...others], [last, ...more]] = [valuesOf(low) ?? [], valuesOf(high) ?? []];
  if (others.length > 0 || more.length > 0 || first === undefined || last === undefined) {
    return { values };
  }
  if (first > last) {
    c.error(
      { span: { start: from.span.start, end: to.span.end } },
      `this range goes backwards, from ${first} to ${last}`,
      `write ${spelling(to)}..${spelling(from)}`,
    );
    return { values };
  }
  if (last - first >= LONGEST_RANGE) {
    const span = { start: from.span.start, end: to.span.end };
    c.error({ span }, `this range has more than ${LONGEST_RANGE} values`);
    return { values };
  }
  return { values, ends: { from: first, to: last } };
}

/** An end as it is written: leading zeros count. */
function end(node: Expression, value: Open<number>): CheckedExpression {
  if (typeof value !== "number") return (value as Later).expression;
  if (node.kind === "GroupExpression") return end(node.inner, value);
  const written = node.kind === "NumberLiteral" ? node.text : String(value);
  return {
    kind: "number",
    type: "number",
    number: value,
    percent: false,
    spelling: written,
    span: node.span,
  };
}

function spelling(expression: Expression): string {
  return expression.kind === "NumberLiteral" ? expression.text : "…";
}
