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
} from "../../runtime/discovery/mod.ts";
import { entriesOf, type Entry } from "./entry.ts";

/** A way to count parts, and the parts that it is the default of; with an introduction where these are several. */
function convention(verb: Way["verb"], introduction?: string): Entry {
  const parts = partsOf(verb);
  const standard = parts.find(({ part }) =>
    withPart(defaultConvention, verb, part)[part] === defaultConvention[part]
  );
  const text = introduction === undefined
    ? capitalised(parts[0].about)
    : [introduction, ...parts.map(({ part, about }) => `\`${verb} ${part}\`: ${about}.`)].join(" ");
  const form = `${verb} embeddings`;
  const known = standard && { default: `\`${verb} ${standard.part}\`` };
  return { word: verb, kind: "field", of: "model", form, text, ...known };
}

const capitalised = (text: string) => `${text[0].toUpperCase()}${text.slice(1)}.`;

const MODEL: readonly Entry[] = [
  ...entriesOf({ kind: "field", of: "model" }, {
    'from "models/toy"':
      'Where the model comes from: a folder, relative to the script; `"hub:owner/name"` or `"hub:owner/name@revision"`; or the name of a program.',
  }),
  convention("split", "Counts parts as separate."),
  convention("join", "Counts parts as one."),
  convention("keep"),
];

const TASK = entriesOf({ kind: "field", of: "task" }, {
  'vary A, B from ["Mary", "John"]':
    'Variables of the prompts and their values: a list, a range such as `02..98` (leading zeros stay), or `lines("FILE")`. Several names take different values; a list of rows gives all of them values that belong together.',
  "where year > start": "Only combinations of values for which this holds become prompts.",
  'prompt "When {A} and {B} went ..."':
    "A template; `{A}` is a variable, `{{` and `}}` are braces. Of several, each example takes one at random.",
  'answer " {A}"':
    'The right next token, with the space before it. A set: `answer "{y}" for y in 00..99 where y > year`.',
  'wrong " {B}"': "A wrong next token to compare with, or a set of them, written like `answer`.",
  'data "pairs.jsonl"':
    'Reads the prompts from a file instead: JSON Lines, CSV, Parquet or prompt-set JSON, with columns clean, corrupted, answers and wrong. A file for each split: `data train "a.jsonl", test "b.jsonl"`; no prompt may be in two of them.',
  'columns clean "prompt", answers "label"':
    'What the data file calls the columns clean, corrupted, answers and wrong; a field of a record stands behind it, `"prompt.text"`.',
  "skip broken rows":
    "Leaves out rows of the data file that cannot be read, instead of refusing the file.",
  "generate boolean_expressions with form few_shot, depth 3":
    "Prompts and their twins that a generator makes up.",
  "metric logit_difference":
    "The task's own measure: one of the metrics, or an expression over the answers' logits or probabilities, of which more is better.",
  "examples train 200, validation 100, test 1000":
    "How many examples each split has. No prompt is in two splits.",
  "seed 7": "Where the drawing of examples starts.",
  'drawn_as "ioi"':
    "Draws what a task of this name would draw, or for the inputs of a program what a program of this name would. A draw depends on the seed and on the name; a saved session has this field where a name was declared twice.",
}, {
  metric: {
    default: `\`${defaultMetric(true)}\` with \`wrong\`, else \`${defaultMetric(false)}\``,
  },
  examples: { unit: "examples", range: "whole numbers from 0" },
  seed: { range: "whole numbers from 0", default: "0" },
  drawn_as: { default: "the own name" },
});

const CORRUPTION = entriesOf({ kind: "field", of: "corruption" }, {
  "redraw A, B": "These variables take new values, different from the clean ones.",
  "swap A, B": "Each of the two variables takes the other's value.",
  'set year to "01"': "The variable takes this value, a template over the clean variables.",
  'prompt "..."': "The twin's own template: one for each of the task's prompts, or one for all.",
  "where A != clean.B": "Only twins for which this holds. `clean.A` is the clean prompt's value.",
  'drawn_as "fresh_names"': "Draws the new values that a corruption of this name would draw.",
}, {
  drawn_as: { default: "the own name" },
});

const fieldEntries = (of: string, fields: Readonly<Record<string, Field>>): Entry[] =>
  Object.entries(fields).map(([word, record]) => {
    const { form, unit, standard } = record;
    const facts = { unit, range: rangeOf(record), default: standard };
    return { word, kind: "field", of, form, text: meaningOf(record), ...facts };
  });

const SCHEDULE = fieldEntries("schedule", scheduleFields);

const CIRCUIT: readonly Entry[] = [
  ...entriesOf({ kind: "field", of: "circuit" }, {
    "find edge_pruning": "The method that finds the circuit.",
    "in toy": "The model.",
    "for ioi corrupted by fresh_names":
      "The task that the circuit is to keep, and the corruption that makes the twins.",
    "using slow with steps 100": "The schedule, with fields changed for this circuit after `with`.",
    'from "ioi.circuit.json"': "Reads the circuit from a file instead of finding one.",
    "edges { a0.h1 -> m2 0.83 }": "Writes the circuit out: its edges, each perhaps with a score.",
  }),
  ...fieldEntries("circuit", circuitFields),
];

const PROGRAM = entriesOf({ kind: "field", of: "program" }, {
  "over [1, 2, 3] length 4":
    "The tokens that an input may have, and how many of them it has: at most so many, or from the least to the most (`length 2..4`).",
  "attention causal":
    "What a position can look at: all positions (`full`), or itself and those before it (`causal`), as in models that predict the next token. Every selection keeps to it.",
  "let size = count(...)": "Names a part of the program.",
  "output aggregate(flip, tokens)": "What the program computes: one value at each position.",
}, {
  attention: { default: "`full`" },
});

export const FIELDS: readonly Entry[] = [
  ...MODEL,
  ...TASK,
  ...CORRUPTION,
  ...SCHEDULE,
  ...CIRCUIT,
  ...PROGRAM,
];
