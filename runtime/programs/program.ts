/**
 * RASP programs (Weiss et al. 2021) as records.
 *
 * A program maps a sequence of tokens to a value at every position. It is made of
 *
 * - `tokens` and `indices` (0 for the first token),
 * - element-wise operators,
 * - selectors, which say for every pair of positions whether the query's position looks at the key's,
 * - `aggregate`, the mean of a value over the selected positions, and `count`, how many are selected.
 *
 * Weights of a program: every value that needs a component of its own is one-hot, in directions of the
 * residual stream that no other component writes to. A head is an aggregate or a count, a layer's MLP holds any number of
 * element-wise maps, and a map of a single one-hot value costs nothing, since its readers relabel the value.
 * Position 0 holds a beginning token that the program does not see: a head looks there when nothing is selected, and a
 * count is read off the share of attention that this token gets.
 *
 * @module
 */
import { UserError } from "../../base/user_error.ts";

/** A value at one position. Truth values are the numbers 1 and 0. */
export type Item = number | string;

/** A value at every position. */
export type RaspExpression =
  | { readonly kind: "tokens" }
  | { readonly kind: "indices" }
  | { readonly kind: "constant"; readonly value: Item }
  /** The value of a `let` of the program. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "unary"; readonly operator: "-" | "not"; readonly operand: RaspExpression }
  | {
    readonly kind: "binary";
    readonly operator:
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
  /** Number of selected positions (selector width). */
  | { readonly kind: "count"; readonly selector: RaspSelector };

export type UnaryOperator = Extract<RaspExpression, { readonly kind: "unary" }>["operator"];
/** Operator of two operands. */
export type BinaryOperator = Extract<RaspExpression, { readonly kind: "binary" }>["operator"];

/** Pairs of positions: those at which the query's position looks at the key's. */
export type RaspSelector =
  /** Query position q selects key position k where `keys[k] predicate queries[q]` holds; `always`: all keys. */
  | {
    readonly kind: "select";
    readonly keys: RaspExpression;
    readonly queries: RaspExpression;
    readonly predicate: "==" | "!=" | "<" | "<=" | ">" | ">=" | "always";
  }
  /** Selected by both, or by at least one. */
  | { readonly kind: "both" | "either"; readonly left: RaspSelector; readonly right: RaspSelector }
  /** Selected where the other is not. */
  | { readonly kind: "not"; readonly selector: RaspSelector }
  | { readonly kind: "name"; readonly name: string };

/** Comparison of a key with a query. */
export type Predicate = Extract<RaspSelector, { readonly kind: "select" }>["predicate"];

/** A program, which gives a value at every position of an input. */
export interface RaspProgram {
  /** Name of the program. */
  readonly name: string;
  /** The tokens that inputs are made of. */
  readonly vocabulary: readonly Item[];
  /** Tokens of the longest input. */
  readonly length: number;
  /** Tokens of the shortest input; default: 1. */
  readonly minimumLength?: number;
  /** `causal`: a position selects among itself and those before it. `full`: among all. */
  readonly mask: "causal" | "full";
  /** Named values and selectors, each of which may use those before it. */
  readonly lets: readonly {
    readonly name: string;
    readonly value: RaspExpression | RaspSelector;
  }[];
  /** The value at every position. */
  readonly output: RaspExpression;
}

/** A program that makes no sense, or that cannot be compiled, saved or opened. */
export class ProgramError extends UserError {
  /** Name of the class. */
  override readonly name = "ProgramError";
  /** Makes an error from the program's name and the problem in one sentence. */
  constructor(
    /** Name of the program. */
    readonly program: string,
    /** The problem, one sentence. */
    readonly problem: string,
  ) {
    super(`program ${program}: ${problem}`);
  }
}
