/**
 * RASP programs (Weiss, Goldberg and Yahav, "Thinking like transformers", 2021) as records.
 *
 * A program maps a sequence of tokens to a value at every position. It is made of
 *
 * - `tokens` and `indices` (0 for the first token),
 * - element-wise operators,
 * - selectors, which say for every pair of positions whether the query's position looks at the key's,
 * - `aggregate`, the mean of a value over the selected positions, and `count`, how many are selected.
 *
 * How it becomes weights: every value that needs a component of its own is held one-hot, in directions of the
 * residual stream that no other component writes to. A head is an aggregate or a count, a layer's MLP holds any number of
 * element-wise maps, and a map of a single one-hot value costs nothing, since whoever reads it reads it relabelled.
 * Position 0 holds a beginning token that the program does not see: a head looks there when nothing is selected, and a
 * count is read off the share of attention that this token gets.
 *
 * @module
 */

/** A value at one position. Truth values are the numbers 1 and 0. */
export type Item = number | string;

export type UnaryOperator = "-" | "not";
export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "min"
  | "max"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "and"
  | "or";

/** Which keys a query selects; `always`: all of them. */
export type Predicate = "==" | "!=" | "<" | "<=" | ">" | ">=" | "always";

/** A value at every position. */
export type RaspExpression =
  | { readonly kind: "tokens" }
  | { readonly kind: "indices" }
  | { readonly kind: "constant"; readonly value: Item }
  /** What a `let` of the program names. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "unary"; readonly operator: UnaryOperator; readonly operand: RaspExpression }
  | {
    readonly kind: "binary";
    readonly operator: BinaryOperator;
    readonly left: RaspExpression;
    readonly right: RaspExpression;
  }
  /** `yes` where the condition is not 0, else `no`. */
  | {
    readonly kind: "if";
    readonly condition: RaspExpression;
    readonly yes: RaspExpression;
    readonly no: RaspExpression;
  }
  /** Mean of the selected values; a value that is the same everywhere need not be a number. `otherwise` (0 unless given) where nothing is selected. */
  | {
    readonly kind: "aggregate";
    readonly selector: RaspSelector;
    readonly value: RaspExpression;
    readonly otherwise?: Item;
  }
  /** How many positions are selected (selector width). */
  | { readonly kind: "count"; readonly selector: RaspSelector };

export type RaspSelector =
  /** Key position k is selected by query position q where `keys[k] predicate queries[q]` holds. */
  | {
    readonly kind: "select";
    readonly keys: RaspExpression;
    readonly queries: RaspExpression;
    readonly predicate: Predicate;
  }
  /** Selected by both, or by at least one. */
  | { readonly kind: "both" | "either"; readonly left: RaspSelector; readonly right: RaspSelector }
  /** Selected where the other is not. */
  | { readonly kind: "not"; readonly selector: RaspSelector }
  | { readonly kind: "name"; readonly name: string };

export interface RaspProgram {
  readonly name: string;
  /** The tokens that inputs are made of. */
  readonly vocabulary: readonly Item[];
  /** Inputs have `minimumLength` (1 unless given) to `length` tokens. */
  readonly length: number;
  readonly minimumLength?: number;
  /** `causal`: a position selects among itself and those before it. `full`: among all. */
  readonly mask: "causal" | "full";
  readonly lets: readonly {
    readonly name: string;
    readonly value: RaspExpression | RaspSelector;
  }[];
  readonly output: RaspExpression;
}

/** What is wrong with a program: one sentence, and the values that it names. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
  constructor(
    readonly program: string,
    readonly problem: string,
    readonly values: Readonly<Record<string, string | number>> = {},
  ) {
    super(`program ${program}: ${problem}`);
  }
}
