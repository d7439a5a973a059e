/** Operators on single values. @module */
import type { BinaryOperator, Item, Predicate, UnaryOperator } from "./program.ts";

/** Thrown when an operator meets a value that it is not defined for; the caller knows the program. */
export class OperandError extends Error {}

/** The operator's result. */
export function applyUnary(operator: UnaryOperator, operand: Item): Item {
  return operator === "-" ? -numberOf(operand, operator) + 0 : isTrue(operand) ? 0 : 1;
}

type Arithmetic = Exclude<BinaryOperator, Predicate | "and" | "or">;
type Order = "<" | "<=" | ">" | ">=";

const orders: Readonly<Record<Order, (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

const arithmetic: Readonly<Record<Arithmetic, (a: number, b: number) => number>> = {
  "+": (a, b) => tidy(a + b),
  "-": (a, b) => tidy(a - b),
  "*": (a, b) => tidy(a * b),
  "/": (a, b) => tidy(a / b),
  // The remainder has the divisor's sign, so that indices wrap around.
  "%": (a, b) => tidy(a - b * Math.floor(a / b)),
  min: Math.min,
  max: Math.max,
};

/** The operator's result. `==` and `!=` compare anything, the others numbers. */
export function applyBinary(operator: BinaryOperator, left: Item, right: Item): Item {
  if (operator === "and") return isTrue(left) && isTrue(right) ? 1 : 0;
  if (operator === "or") return isTrue(left) || isTrue(right) ? 1 : 0;
  if (operator === "==" || operator === "!=" || operator in orders) {
    return compares(operator as Predicate, left, right) ? 1 : 0;
  }
  const [a, b] = [numberOf(left, operator), numberOf(right, operator)];
  if (b === 0 && (operator === "/" || operator === "%")) {
    throw new OperandError(`${a} ${operator} 0 has no value`);
  }
  return arithmetic[operator as Arithmetic](a, b);
}

export function compares(predicate: Predicate, left: Item, right: Item): boolean {
  if (predicate === "always") return true;
  if (predicate === "==") return left === right;
  if (predicate === "!=") return left !== right;
  return orders[predicate](numberOf(left, predicate), numberOf(right, predicate));
}

/** Anything but 0. */
export function isTrue(item: Item): boolean {
  return item !== 0;
}

export function mean(items: readonly Item[]): number {
  return tidy(
    items.reduce((sum: number, item) => sum + numberOf(item, "aggregate"), 0) / items.length,
  );
}

/** A value as a token's text: whole numbers as they are, other ones as a fraction where a small one fits. */
export function itemText(item: Item): string {
  if (typeof item === "string" || Number.isInteger(item)) return String(item);
  const fraction = nearFraction(item);
  return fraction === undefined ? String(item) : `${fraction.numerator}/${fraction.denominator}`;
}

/** Fractions that differ only by how they were rounded on the way become equal. */
function tidy(value: number): number {
  if (Number.isInteger(value)) return value + 0;
  const fraction = nearFraction(value);
  return fraction === undefined
    ? Number(value.toPrecision(12))
    : fraction.numerator / fraction.denominator;
}

/** The fraction with a denominator up to 10,000 that is as good as equal to the value: a convergent of its continued fraction. */
function nearFraction(value: number): { numerator: number; denominator: number } | undefined {
  let [p0, q0, p1, q1] = [0, 1, 1, 0];
  let rest = value;
  for (let step = 0; step < 20; step++) {
    const whole = Math.floor(rest);
    [p0, q0, p1, q1] = [p1, q1, whole * p1 + p0, whole * q1 + q0];
    if (q1 > 10_000) return undefined;
    if (Math.abs(p1 / q1 - value) <= 1e-10 * Math.max(1, Math.abs(value))) {
      return { numerator: p1, denominator: q1 };
    }
    rest = 1 / (rest - whole);
  }
  return undefined;
}

function numberOf(item: Item, operator: string): number {
  if (typeof item === "number") return item;
  throw new OperandError(`\`${operator}\` takes numbers, and ${JSON.stringify(item)} is not one`);
}
