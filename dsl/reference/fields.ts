/** Fields of blocks. @module */
import { defaultMetric } from "../../runtime/metrics/mod.ts";
import {
  defaultConvention,
  partsOf,
  type Way,
  withPart,
} from "../../runtime/universe/conventions.ts";
import {
  circuitFields,
  type Field,
  meaningOf,
  rangeOf,
  scheduleFields,
} from "../../runtime/discovery/fields.ts";
import type { Entry } from "./entry.ts";

const field = (of: string, word: string, form: string, text: string, more: Partial<Entry> = {}) =>
  ({ word, kind: "field", of, form, text, ...more }) as const satisfies Entry;

/** A way to count parts, and the parts that it is the default of; with an introduction where these are several. */
function convention(verb: Way["verb"], introduction?: string): Entry {
  const parts = partsOf(verb);
  const standard = parts.find(({ part }) =>
    withPart(defaultConvention, verb, part)[part] === defaultConvention[part]
  );
  const text = introduction === undefined
    ? capitalised(parts[0].about)
    : [introduction, ...parts.map(({ part, about }) => `\`${verb} ${part}\`: ${about}.`)].join(" ");
  return field("model", verb, `${verb} embeddings`, text, {
    ...(standard && { default: `\`${verb} ${standard.part}\`` }),
  });
}

const capitalised = (text: string) => `${text[0].toUpperCase()}${text.slice(1)}.`;

const MODEL: readonly Entry[] = [
  field(
    "model",
    "from",
    'from "models/toy"',
    'Where the model comes from: a folder, relative to the script; `"hub:owner/name"`; or the name of a program.',
  ),
  convention("split", "Counts parts as separate."),
  convention("join", "Counts parts as one."),
  convention("keep"),
];

const TASK: readonly Entry[] = [
  field(
    "task",
    "vary",
    'vary A, B from ["Mary", "John"]',
    'Variables of the prompts and their values: a list, a range such as `02..98` (leading zeros stay), or `lines("FILE")`. Several names take different values; a list of rows gives all of them values that belong together.',
  ),
  field(
    "task",
    "where",
    "where year > start",
    "Only combinations of values for which this holds become prompts.",
  ),
  field(
    "task",
    "prompt",
    'prompt "When {A} and {B} went ..."',
    "A template; `{A}` is a variable, `{{` and `}}` are braces. Of several, each example takes one at random.",
  ),
  field(
    "task",
    "answer",
    'answer " {A}"',
    'The right next token, with the space before it. A set: `answer "{y}" for y in 00..99 where y > year`.',
  ),
  field(
    "task",
    "wrong",
    'wrong " {B}"',
    "A wrong next token to compare with, or a set of them, written like `answer`.",
  ),
  field(
    "task",
    "data",
    'data "pairs.jsonl"',
    'Reads the prompts from a file instead: JSON Lines, CSV, Parquet or prompt-set JSON, with columns clean, corrupted, answers and wrong. A file for each split: `data train "a.jsonl", test "b.jsonl"`; no prompt may be in two of them.',
  ),
  field(
    "task",
    "columns",
    'columns clean "prompt", answers "label"',
    "What the data file calls the columns clean, corrupted, answers and wrong.",
  ),
  field(
    "task",
    "skip",
    "skip broken rows",
    "Leaves out rows of the data file that cannot be read, instead of refusing the file.",
  ),
  field(
    "task",
    "generate",
    "generate boolean_expressions with form few_shot, depth 3",
    "Prompts and their twins that a generator makes up.",
  ),
  field(
    "task",
    "metric",
    "metric logit_difference",
    "The task's own measure: one of the metrics, or an expression over the answers' logits or probabilities, of which more is better.",
    { default: `\`${defaultMetric(true)}\` with \`wrong\`, else \`${defaultMetric(false)}\`` },
  ),
  field(
    "task",
    "examples",
    "examples train 200, validation 100, test 1000",
    "How many examples each split has. No prompt is in two splits.",
    { unit: "examples", range: "whole numbers from 0" },
  ),
  field("task", "seed", "seed 7", "Where the drawing of examples starts.", {
    range: "whole numbers from 0",
    default: "0",
  }),
];

const CORRUPTION: readonly Entry[] = [
  field(
    "corruption",
    "redraw",
    "redraw A, B",
    "These variables take new values, different from the clean ones.",
  ),
  field("corruption", "swap", "swap A, B", "Each of the two variables takes the other's value."),
  field(
    "corruption",
    "set",
    'set year to "01"',
    "The variable takes this value, a template over the clean variables.",
  ),
  field(
    "corruption",
    "prompt",
    'prompt "..."',
    "The twin's own template: one for each of the task's prompts, or one for all.",
  ),
  field(
    "corruption",
    "where",
    "where A != clean.B",
    "Only twins for which this holds. `clean.A` is the clean prompt's value.",
  ),
];

/** Entries of fields that methods read. */
const entriesOf = (block: string, fields: Readonly<Record<string, Field>>): Entry[] =>
  Object.entries(fields).map(([word, record]) => {
    const { form, unit, standard } = record;
    const range = rangeOf(record);
    return field(block, word, form, meaningOf(record), {
      ...(unit && { unit }),
      ...(range && { range }),
      ...(standard && { default: standard }),
    });
  });

const SCHEDULE = entriesOf("schedule", scheduleFields);

const CIRCUIT: readonly Entry[] = [
  field("circuit", "find", "find edge_pruning", "The method that finds the circuit."),
  field("circuit", "in", "in toy", "The model."),
  field(
    "circuit",
    "for",
    "for ioi corrupted by fresh_names",
    "The task that the circuit is to keep, and the corruption that makes the twins.",
  ),
  field(
    "circuit",
    "using",
    "using slow with steps 100",
    "The schedule, with fields changed for this circuit after `with`.",
  ),
  field(
    "circuit",
    "from",
    'from "ioi.circuit.json"',
    "Reads the circuit from a file instead of finding one.",
  ),
  field(
    "circuit",
    "edges",
    "edges { a0.h1 -> m2 0.83 }",
    "Writes the circuit out: its edges, each perhaps with a score.",
  ),
  ...entriesOf("circuit", circuitFields),
];

const PROGRAM: readonly Entry[] = [
  field(
    "program",
    "over",
    "over [1, 2, 3] length 4",
    "The tokens that an input may have, and how many of them it has: at most so many, or from the least to the most (`length 2..4`).",
  ),
  field(
    "program",
    "attention",
    "attention causal",
    "What a position can look at: all positions (`full`), or itself and those before it (`causal`), as in models that predict the next token. Every selection keeps to it.",
    { default: "`full`" },
  ),
  field("program", "let", "let size = count(...)", "Names a part of the program."),
  field(
    "program",
    "output",
    "output aggregate(flip, tokens)",
    "What the program computes: one value at each position.",
  ),
];

export const FIELDS: readonly Entry[] = [
  ...MODEL,
  ...TASK,
  ...CORRUPTION,
  ...SCHEDULE,
  ...CIRCUIT,
  ...PROGRAM,
];
