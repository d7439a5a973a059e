/** Boolean expressions: is `not (True and False) or False` True or False? @module */
import type { Random } from "../../../base/random.ts";
import type { Generator } from "./generator.ts";

/** An expression over the two truth values. */
export type BooleanExpression =
  | { readonly kind: "literal"; readonly value: boolean }
  | { readonly kind: "not"; readonly operand: BooleanExpression }
  | {
    readonly kind: "and" | "or";
    readonly left: BooleanExpression;
    readonly right: BooleanExpression;
  };

/** Text before the expression in the instruction form. */
export const instruction = "Work out whether this Boolean expression is True or False.\n";

/**
 * Expressions of `least_literals` to `most_literals` literals, nested at most `depth` operators deep, equally often
 * true and false. The twin flips as few literals as change the value, so both have the same tokens but for those.
 */
export const booleanExpressions: Generator = {
  name: "boolean_expressions",
  about:
    "Boolean expressions of True, False, and, or, not; the corrupted one has the opposite value",
  corruption: "opposite_value",
  options: {
    form: { kind: "choice", values: ["plain", "instruction", "few_shot"], default: "plain" },
    least_literals: { kind: "integer", least: 1, most: 8, default: 3 },
    most_literals: { kind: "integer", least: 1, most: 8, default: 6 },
    depth: { kind: "integer", least: 1, most: 6, default: 3 },
    shots: { kind: "integer", least: 1, most: 16, default: 4 },
  },
  draw(random, options) {
    const [least, most, depth] = [options.least_literals, options.most_literals, options.depth].map(
      Number,
    );
    // As many literals as the depth has room for.
    const upper = Math.min(Math.max(least, most), 2 ** depth);
    const lower = Math.min(least, upper);
    const question = drawExpression(random, lower, upper, depth, random.integer(2) === 1);
    const twin = oppositeTwin(question, random);
    const before = options.form === "instruction"
      ? instruction
      : options.form === "few_shot"
      ? shots(random, Number(options.shots), lower, upper, depth)
      : "";
    const value = booleanValue(question);
    return {
      clean: `${before}${booleanText(question)} is`,
      corrupted: `${before}${booleanText(twin)} is`,
      answers: [value ? " True" : " False"],
      wrong: [value ? " False" : " True"],
    };
  },
};

/** The expression's value. */
export function booleanValue(expression: BooleanExpression): boolean {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "not":
      return !booleanValue(expression.operand);
    case "and":
      return booleanValue(expression.left) && booleanValue(expression.right);
    case "or":
      return booleanValue(expression.left) || booleanValue(expression.right);
  }
}

/** The expression as text; every `and` and `or` but the outermost is in parentheses. */
export function booleanText(expression: BooleanExpression, inner = false): string {
  switch (expression.kind) {
    case "literal":
      return expression.value ? "True" : "False";
    case "not":
      return `not ${booleanText(expression.operand, true)}`;
    default: {
      const text = `${booleanText(expression.left, true)} ${expression.kind} ${
        booleanText(expression.right, true)
      }`;
      return inner ? `(${text})` : text;
    }
  }
}

function shots(random: Random, count: number, lower: number, upper: number, depth: number): string {
  const values = random.shuffle(Array.from({ length: count }, (_, i) => i % 2 === 0));
  return values.map((value) => {
    const expression = drawExpression(random, lower, upper, depth, value);
    return `${booleanText(expression)} is ${value ? "True" : "False"}\n`;
  }).join("");
}

/** A random expression of `lower` to `upper` literals with this value, nested at most `depth` operators deep; 2^depth must be at least `upper`. */
export function drawExpression(
  random: Random,
  lower: number,
  upper: number,
  depth: number,
  value: boolean,
): BooleanExpression {
  for (;;) {
    const expression = build(random, lower + random.integer(upper - lower + 1), depth);
    if (booleanValue(expression) === value) return expression;
  }
}

/** A random expression of so many literals; 2^depth must be at least that. */
function build(random: Random, literals: number, depth: number): BooleanExpression {
  // `not` uses up one level, so it is only put where the literals still fit below it.
  if (depth >= 1 && literals <= 2 ** (depth - 1) && random.integer(4) === 0) {
    return { kind: "not", operand: build(random, literals, depth - 1) };
  }
  if (literals === 1) return { kind: "literal", value: random.integer(2) === 1 };
  const room = 2 ** (depth - 1);
  const fewest = Math.max(1, literals - room);
  const left = fewest + random.integer(Math.min(room, literals - 1) - fewest + 1);
  return {
    kind: random.integer(2) === 0 ? "and" : "or",
    left: build(random, left, depth - 1),
    right: build(random, literals - left, depth - 1),
  };
}

/** The same expression with as few literals flipped as give it the other value. */
function oppositeTwin(expression: BooleanExpression, random: Random): BooleanExpression {
  const literals = countLiterals(expression);
  const value = booleanValue(expression);
  let fewest = Infinity;
  let twins: BooleanExpression[] = [];
  // Every literal occurs once, so some choice of them always changes the value.
  for (let flips = 1; flips < 2 ** literals; flips++) {
    const size = flips.toString(2).replaceAll("0", "").length;
    if (size > fewest) continue;
    const twin = flip(expression, flips);
    if (booleanValue(twin) === value) continue;
    if (size < fewest) twins = [];
    fewest = size;
    twins.push(twin);
  }
  return random.choose(twins);
}

function countLiterals(expression: BooleanExpression): number {
  if (expression.kind === "literal") return 1;
  if (expression.kind === "not") return countLiterals(expression.operand);
  return countLiterals(expression.left) + countLiterals(expression.right);
}

/** Flips the literals whose bit is set, counted from the left. */
function flip(expression: BooleanExpression, flips: number): BooleanExpression {
  let next = 0;
  const visit = (node: BooleanExpression): BooleanExpression => {
    if (node.kind === "literal") {
      return { kind: "literal", value: node.value !== ((flips >> next++ & 1) === 1) };
    }
    if (node.kind === "not") return { kind: "not", operand: visit(node.operand) };
    return { kind: node.kind, left: visit(node.left), right: visit(node.right) };
  };
  return visit(expression);
}
