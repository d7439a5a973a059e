/** Records of the syntax tree: fields of declarations. See `tree.ts`. @module */
import type { circuitFields, scheduleFields, WordsOfKind } from "../../runtime/discovery/mod.ts";
import type { Expression, Name, NodeOf, Pattern, Span, TextLiteral } from "./tree_expressions.ts";

/** A number of steps; the word `steps` may follow. */
export interface StepCount extends NodeOf<"StepCount"> {
  readonly value: Expression;
  readonly unit: boolean;
}

/** `from "models/toy"`, `from reverse`, in a model; `from "ioi.circuit.json"` in a circuit. */
export interface FromField extends NodeOf<"FromField"> {
  readonly source: TextLiteral | Name;
}

/** `split embeddings`, `join embeddings`, `keep embeddings`, `split qkv`, `join qkv`. */
export interface ConventionField extends NodeOf<"ConventionField"> {
  readonly word: "split" | "join" | "keep";
  readonly what: Name;
}

/** `vary A, B from lines("names.txt")`. */
export interface VaryField extends NodeOf<"VaryField"> {
  readonly names: readonly Name[];
  readonly values: Expression;
}

export interface PromptField extends NodeOf<"PromptField"> {
  readonly text: TextLiteral;
}

/** `answer " {A}"`, `wrong "{y}" for y in 00..99 where y < year`, `answer " he" where name in men`. */
export interface AnswerField extends NodeOf<"AnswerField"> {
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
}

export interface WhereField extends NodeOf<"WhereField"> {
  readonly condition: Expression;
}

/** A metric's name, or an expression over `answers` and `wrong`. */
export interface MetricField extends NodeOf<"MetricField"> {
  readonly value: Expression;
}

/** `examples train 200, validation 100, test 1000`. */
export interface ExamplesField extends NodeOf<"ExamplesField"> {
  readonly entries: readonly { readonly split: Name; readonly count: Expression }[];
}

/** `data "pairs.jsonl"`, `data train "a.jsonl", test "b.jsonl"`. */
export interface DataField extends NodeOf<"DataField"> {
  readonly files: readonly { readonly split?: Name; readonly file: TextLiteral }[];
}

/** `columns clean "prompt", answers "label"`. */
export interface ColumnsField extends NodeOf<"ColumnsField"> {
  readonly entries: readonly { readonly role: Name; readonly column: TextLiteral }[];
}

/** `drawn_as "ioi"`. */
export interface DrawnAsField extends NodeOf<"DrawnAsField"> {
  readonly name: TextLiteral;
}

/** `skip broken rows`. */
export interface SkipField extends NodeOf<"SkipField"> {
  readonly words: readonly Name[];
}

/** `generate boolean_expressions with form few_shot, depth 3`. */
export interface GenerateField extends NodeOf<"GenerateField"> {
  readonly generator: Name;
  readonly options: readonly { readonly name: Name; readonly value: Expression }[];
}

/** `redraw A, B`, `swap A, B`. */
export interface NamesField extends NodeOf<"NamesField"> {
  readonly word: "redraw" | "swap";
  readonly names: readonly Name[];
}

/** `set year to "01"`. */
export interface SetField extends NodeOf<"SetField"> {
  readonly name: Name;
  readonly value: Expression;
}

/** `edge_sparsity 0 -> 98% over 2500 steps by cosine`, `node_sparsity off`, `edge_sparsity [0 at 0, 98% at 2500]`. */
export interface SparsityField extends NodeOf<"SparsityField"> {
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
}

/** `learning_rate 0.8` or `learning_rate masks 0.8, multipliers 0.8`. */
export interface LearningRateField extends NodeOf<"LearningRateField"> {
  readonly entries: readonly { readonly of: Name | undefined; readonly rate: Expression }[];
}

/** Fields whose value is one expression. */
export type ValueWord =
  | "seed"
  | WordsOfKind<typeof circuitFields, "whole" | "number">
  | WordsOfKind<typeof scheduleFields, "whole" | "number">;

export interface ValueField extends NodeOf<"ValueField"> {
  readonly word: ValueWord;
  readonly value: Expression;
}

export interface WarmUpField extends NodeOf<"WarmUpField"> {
  readonly count: StepCount;
}

/** Fields whose value is one word. */
export type ChoiceWord =
  | "find"
  | "in"
  | "attention"
  | WordsOfKind<typeof circuitFields, "choice" | "switch" | "edges">;

export interface ChoiceField extends NodeOf<"ChoiceField"> {
  readonly word: ChoiceWord;
  readonly value: Name;
}

/** `for ioi corrupted by fresh_names`. */
export interface ForField extends NodeOf<"ForField"> {
  readonly task: Name;
  readonly corruption: Name | undefined;
}

/** `using slow with steps 100, edge_sparsity 0 -> 90%`. */
export interface UsingField extends NodeOf<"UsingField"> {
  readonly schedule: Name;
  readonly overrides: readonly ScheduleField[];
}

/** `start from hint`. */
export interface StartField extends NodeOf<"StartField"> {
  readonly circuit: Name;
}

/** `keep 2%`, `keep 100`, `keep above 0.01`. */
export interface KeepField extends NodeOf<"KeepField"> {
  readonly above: boolean;
  readonly amount: Expression;
}

/** `edges { a0.h1 -> m2 0.83 ... }`: a circuit written out. */
export interface EdgesField extends NodeOf<"EdgesField"> {
  readonly edges: readonly {
    readonly from: Pattern;
    readonly to: Pattern;
    readonly score: Expression | undefined;
    readonly span: Span;
  }[];
}

/** `over [1, 2, 3] length 4`, or `length 2..4`. */
export interface OverField extends NodeOf<"OverField"> {
  readonly values: Expression;
  readonly length: Expression | undefined;
}

/** `let size = count(...)` in a program. */
export interface LetField extends NodeOf<"LetField"> {
  readonly name: Name;
  readonly value: Expression;
}

export interface OutputField extends NodeOf<"OutputField"> {
  readonly value: Expression;
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
  | DrawnAsField
  | ValueField;
export type CorruptionField = NamesField | SetField | PromptField | WhereField | DrawnAsField;
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
