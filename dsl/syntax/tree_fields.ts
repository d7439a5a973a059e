/**
 * Records of the syntax tree: fields of declarations. See `tree.ts`.
 *
 * @module
 */
import type { circuitFields, scheduleFields, WordsOfKind } from "../../runtime/discovery/fields.ts";
import type { Expression, Name, Pattern, Span, TextLiteral } from "./tree_expressions.ts";

/** A number of steps; the word `steps` may follow. */
export interface StepCount {
  readonly kind: "StepCount";
  readonly value: Expression;
  readonly unit: boolean;
  readonly span: Span;
}

/** `from "models/toy"`, `from reverse`, in a model; `from "ioi.circuit.json"` in a circuit. */
export interface FromField {
  readonly kind: "FromField";
  readonly source: TextLiteral | Name;
  readonly span: Span;
}

/** `split embeddings`, `join embeddings`, `keep embeddings`, `split qkv`, `join qkv`. */
export interface ConventionField {
  readonly kind: "ConventionField";
  readonly verb: "split" | "join" | "keep";
  readonly what: Name;
  readonly span: Span;
}

/** `vary A, B from lines("names.txt")`. */
export interface VaryField {
  readonly kind: "VaryField";
  readonly names: readonly Name[];
  readonly values: Expression;
  readonly span: Span;
}

export interface PromptField {
  readonly kind: "PromptField";
  readonly text: TextLiteral;
  readonly span: Span;
}

/** `answer " {A}"`, `wrong "{y}" for y in 00..99 where y < year`, `answer " he" where name in men`. */
export interface AnswerField {
  readonly kind: "AnswerField";
  readonly word: "answer" | "wrong";
  readonly texts: readonly TextLiteral[];
  readonly each:
    | {
      readonly variable: Name;
      readonly values: Expression;
      readonly where: Expression | undefined;
    }
    | undefined;
  /** The condition of an answer without `for`: when it does not hold, this is no answer. */
  readonly where: Expression | undefined;
  readonly span: Span;
}

export interface WhereField {
  readonly kind: "WhereField";
  readonly condition: Expression;
  readonly span: Span;
}

/** A metric's name, or an expression over `answers` and `wrong`. */
export interface MetricField {
  readonly kind: "MetricField";
  readonly value: Expression;
  readonly span: Span;
}

/** `examples train 200, validation 100, test 1000`. */
export interface ExamplesField {
  readonly kind: "ExamplesField";
  readonly entries: readonly { readonly split: Name; readonly count: Expression }[];
  readonly span: Span;
}

/** `data "pairs.jsonl"`, `data train "a.jsonl", test "b.jsonl"`. */
export interface DataField {
  readonly kind: "DataField";
  readonly files: readonly { readonly split?: Name; readonly file: TextLiteral }[];
  readonly span: Span;
}

/** `columns clean "prompt", answers "label"`. */
export interface ColumnsField {
  readonly kind: "ColumnsField";
  readonly entries: readonly { readonly role: Name; readonly column: TextLiteral }[];
  readonly span: Span;
}

/** `skip broken rows`. */
export interface SkipField {
  readonly kind: "SkipField";
  readonly words: readonly Name[];
  readonly span: Span;
}

/** `generate boolean_expressions with form few_shot, depth 3`. */
export interface GenerateField {
  readonly kind: "GenerateField";
  readonly generator: Name;
  readonly options: readonly { readonly name: Name; readonly value: Expression }[];
  readonly span: Span;
}

/** `redraw A, B`, `swap A, B`. */
export interface NamesField {
  readonly kind: "NamesField";
  readonly word: "redraw" | "swap";
  readonly names: readonly Name[];
  readonly span: Span;
}

/** `set year to "01"`. */
export interface SetField {
  readonly kind: "SetField";
  readonly name: Name;
  readonly value: Expression;
  readonly span: Span;
}

/** `edge_sparsity 0 -> 98% over 2500 steps by cosine`, `node_sparsity off`, `edge_sparsity [0 at 0, 98% at 2500]`. */
export interface SparsityField {
  readonly kind: "SparsityField";
  readonly word: "edge_sparsity" | "node_sparsity";
  readonly form:
    | { readonly kind: "Off"; readonly span: Span }
    | {
      readonly kind: "Ramp";
      readonly from: Expression;
      readonly to: Expression | undefined;
      readonly over: StepCount | undefined;
      readonly by: Name | undefined;
    }
    | {
      readonly kind: "Points";
      readonly points: readonly { readonly value: Expression; readonly at: StepCount }[];
    };
  readonly span: Span;
}

/** `learning_rate 0.8` or `learning_rate masks 0.8, multipliers 0.8`. */
export interface LearningRateField {
  readonly kind: "LearningRateField";
  readonly entries: readonly { readonly of: Name | undefined; readonly rate: Expression }[];
  readonly span: Span;
}

/** Fields whose value is one expression. */
export type ValueWord =
  | "seed"
  | WordsOfKind<typeof circuitFields, "whole" | "number">
  | WordsOfKind<typeof scheduleFields, "whole" | "number">;

export interface ValueField {
  readonly kind: "ValueField";
  readonly word: ValueWord;
  readonly value: Expression;
  readonly span: Span;
}

export interface WarmUpField {
  readonly kind: "WarmUpField";
  readonly count: StepCount;
  readonly span: Span;
}

/** Fields whose value is one word. */
export type ChoiceWord =
  | "find"
  | "in"
  | "attention"
  | WordsOfKind<typeof circuitFields, "choice" | "switch" | "edges">;

export interface ChoiceField {
  readonly kind: "ChoiceField";
  readonly word: ChoiceWord;
  readonly value: Name;
  readonly span: Span;
}

/** `for ioi corrupted by fresh_names`. */
export interface ForField {
  readonly kind: "ForField";
  readonly task: Name;
  readonly corruption: Name | undefined;
  readonly span: Span;
}

/** `using slow with steps 100, edge_sparsity 0 -> 90%`. */
export interface UsingField {
  readonly kind: "UsingField";
  readonly schedule: Name;
  readonly overrides: readonly ScheduleField[];
  readonly span: Span;
}

/** `start from hint`. */
export interface StartField {
  readonly kind: "StartField";
  readonly circuit: Name;
  readonly span: Span;
}

/** `keep 2%`, `keep 100`, `keep above 0.01`. */
export interface KeepField {
  readonly kind: "KeepField";
  readonly above: boolean;
  readonly amount: Expression;
  readonly span: Span;
}

/** `edges { a0.h1 -> m2 0.83 ... }`: a circuit written out. */
export interface EdgesField {
  readonly kind: "EdgesField";
  readonly edges: readonly {
    readonly from: Pattern;
    readonly to: Pattern;
    readonly score: Expression | undefined;
    readonly span: Span;
  }[];
  readonly span: Span;
}

/** `over [1, 2, 3] length 4`, or `length 2..4`. */
export interface OverField {
  readonly kind: "OverField";
  readonly values: Expression;
  readonly length: Expression | undefined;
  readonly span: Span;
}

/** `let size = count(...)` in a program. */
export interface LetField {
  readonly kind: "LetField";
  readonly name: Name;
  readonly value: Expression;
  readonly span: Span;
}

export interface OutputField {
  readonly kind: "OutputField";
  readonly value: Expression;
  readonly span: Span;
}

export type ModelField = FromField | ConventionField;
export type TaskField =
  | VaryField
  | PromptField
  | AnswerField
  | WhereField
  | MetricField
  | ExamplesField
  | DataField
  | GenerateField
  | ColumnsField
  | SkipField
  | ValueField;
export type CorruptionField = NamesField | SetField | PromptField | WhereField;
export type ScheduleField = ValueField | WarmUpField | SparsityField | LearningRateField;
export type CircuitField =
  | FromField
  | ChoiceField
  | ForField
  | UsingField
  | StartField
  | KeepField
  | ValueField
  | EdgesField;
export type ProgramField = OverField | ChoiceField | LetField | OutputField;
export type Field =
  | ModelField
  | TaskField
  | CorruptionField
  | ScheduleField
  | CircuitField
  | ProgramField;
