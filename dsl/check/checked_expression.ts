/**
 * Records of the checked program: expressions, and values that are left open. See `program.ts`.
 *
 * @module
 */
import type { Query } from "../../runtime/circuits/queries/query.ts";
import type { Split } from "../../runtime/tasks/task.ts";
import type { numberFunctions } from "../reference/number_functions.ts";
import type { Repeat } from "../reference/repeats.ts";
import type { BinaryOperator } from "../syntax/tree.ts";
import type { Span } from "../text/source.ts";
import type { Bounds } from "./messages.ts";
import type { Symbol, Typed } from "./symbols.ts";

/** A piece of a script: a name or a text where it stands. */
export interface Piece {
  readonly text: string;
  readonly span: Span;
}

/** A name where it stands, and the declaration that it means. */
export interface Use {
  readonly symbol: Symbol;
  readonly span: Span;
}

/** An expression with its type; names in it are declarations. */
export type CheckedExpression =
  & Typed
  & { readonly span: Span }
  & (
    | {
      readonly kind: "number";
      readonly number: number;
      readonly percent: boolean;
      /** As it is written: `02` has two digits. */
      readonly spelling: string;
    }
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "truth"; readonly truth: boolean }
    | { readonly kind: "list"; readonly items: readonly CheckedExpression[] }
    | {
      readonly kind: "range";
      readonly from: CheckedExpression;
      readonly to: CheckedExpression;
    }
    | { readonly kind: "lines"; readonly file: Piece }
    | { readonly kind: "name"; readonly symbol: Symbol }
    | { readonly kind: "negative" | "not"; readonly operand: CheckedExpression }
    | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly operatorSpan: Span;
      readonly left: CheckedExpression;
      readonly right: CheckedExpression;
    }
    | {
      readonly kind: "function";
      readonly name: keyof typeof numberFunctions;
      readonly arguments: readonly CheckedExpression[];
    }
    | { readonly kind: "property"; readonly name: string; readonly circuit: CheckedExpression }
    | {
      readonly kind: "measure";
      readonly metric: string;
      readonly circuit: CheckedExpression;
      readonly occasion: Occasion;
    }
    | {
      readonly kind: "without";
      readonly circuit: CheckedExpression;
      readonly selections: readonly {
        readonly from: string;
        readonly to: string | undefined;
        readonly span: Span;
      }[];
    }
    | {
      readonly kind: "above";
      readonly circuit: CheckedExpression;
      readonly least: Open<number>;
    }
    /** `amount` is a share or a number of edges. */
    | {
      readonly kind: "top";
      readonly circuit: CheckedExpression;
      readonly amount: CheckedExpression;
    }
    | { readonly kind: "complement"; readonly circuit: CheckedExpression }
    | { readonly kind: "query"; readonly circuit: CheckedExpression; readonly query: Open<Query> }
    | { readonly kind: "overlap"; readonly circuits: readonly CheckedExpression[] }
    | {
      readonly kind: "stability";
      readonly circuit: CheckedExpression;
      readonly count: Open<number>;
      readonly over: Repeat;
      readonly overSpan: Span;
    }
    | {
      readonly kind: "run";
      readonly circuit: CheckedExpression;
      readonly prompt: Piece;
      readonly corrupted: Piece | undefined;
    }
    | {
      readonly kind: "evaluate";
      readonly circuits: readonly CheckedExpression[];
      readonly occasion: Occasion;
      readonly against: CheckedExpression | undefined;
      readonly metrics: readonly string[];
    }
    | {
      readonly kind: "compare";
      readonly circuits: readonly CheckedExpression[];
      readonly occasion: Occasion;
      readonly metrics: readonly string[];
    }
    /** It is wrong, and was reported. */
    | { readonly kind: "wrong" }
  );

/** The examples that circuits are measured on; what is left out is the circuit's own. */
export interface Occasion {
  readonly task: Use | undefined;
  readonly split: Split;
  readonly corruption: Use | undefined;
  /** Corruptions that can be seen there: a task that has one of them leaves nothing to choose. */
  readonly corruptions: readonly Symbol[];
}

/** An expression whose value only running tells. */
export interface Later {
  /**
   * Use of the value: a number within bounds; a number or text as it is written; plain values of a list, a range or
   * a file, as texts or as tokens of a program; or values of a group of variables.
   */
  readonly later: "number" | "spelling" | "item" | "texts" | "tokens" | "group";
  readonly expression: CheckedExpression;
  readonly bounds?: Bounds;
  /** Of a group: its variables. */
  readonly names?: readonly string[];
}

/** A record with values that are known, and expressions for those that only running tells. */
export type Open<T> = T extends object ? T | Later | { readonly [K in keyof T]: Open<T[K]> }
  : T | Later;
