/** Metrics, functions and plots: the records of the runtime as entries. @module */
import { circuitProperties } from "../../runtime/circuits/properties.ts";
import { measures } from "../../runtime/evaluation/measures/mod.ts";
import { circuitPlots } from "../../runtime/evaluation/plots/mod.ts";
import { type Described, metrics, reductions, tokenValues } from "../../runtime/metrics/mod.ts";
import { entriesOf, type Entry } from "./entry.ts";
import { numberFunctions } from "./number_functions.ts";

const metric = ({ name, about, range }: Described): Entry => ({
  word: name,
  kind: "metric",
  form: `${name}(CIRCUIT, TASK.test)`,
  text: about,
  ...(range ? { range } : {}),
});

/** Metrics of a task's answers: a task may name one as its own. */
export const TASK_METRICS: readonly Entry[] = Object.values(metrics).map(metric);

/** Metrics that only circuits have. */
export const CIRCUIT_METRICS: readonly Entry[] = [
  {
    name: "metric",
    about: "The task's own metric, whichever it is: what the task says behind `metric`.",
  },
  ...Object.values(measures),
].map(metric);

/** Names of groups of metrics after `by`. */
export const METRIC_GROUPS: readonly Entry[] = [
  { word: "all", kind: "metric", form: "evaluate ep by all", text: "Every metric there is." },
];

const fn = (word: string, form: string, text: string) =>
  ({ word, kind: "function", form, text }) as const;

export const CIRCUIT_FUNCTIONS: readonly Entry[] = Object.entries(circuitProperties)
  .map(([word, { about }]) => fn(word, `${word}(CIRCUIT)`, about));

export const NUMBER_FUNCTIONS: readonly Entry[] = Object.entries(numberFunctions)
  .map(([word, { form, about }]) => fn(word, form, about));

/** Functions of a task's own metric. */
export const METRIC_FUNCTIONS: readonly Entry[] = [
  ...Object.entries({ ...reductions, ...tokenValues })
    .map(([word, { example, about }]) => fn(word, `metric ${example}`, about)),
  fn("answers", "metric max(logit(answers))", "The tokens that are right answers."),
];

export const PROGRAM_FUNCTIONS = entriesOf({ kind: "function" }, {
  "select(KEYS, QUERIES, ==)":
    "At each position, the positions whose key compares so with the query here. In place of a comparison, `always`. Selections are joined by `and` and `or` and turned round by `not`.",
  "aggregate(SELECTION, VALUES)":
    "The mean of the values at the selected positions; where they are all the same, that value, which may be a text. A third argument says what there is where nothing is selected, in place of 0.",
  "count(SELECTION)": "How many positions are selected at each position.",
  "if(CONDITION, VALUE, VALUE)": "The first value where the condition holds, else the second.",
  "mod(NUMBER, NUMBER)":
    "The remainder of a division, with the sign of the divisor: `mod(-1, 3)` is 2.",
});

/** Names known in programs. */
export const PROGRAM_NAMES: readonly Entry[] = [
  ...entriesOf({ kind: "function" }, {
    tokens: "The input's token at each position.",
    indices: "The number of each position, from 0.",
    length: "How many tokens the input has; not with causal attention, which cannot see them.",
  }),
  fn("always", "select(tokens, tokens, always)", "The comparison that always holds."),
];

/** Sources of the values of task variables. */
export const VALUE_FUNCTIONS = entriesOf({ kind: "function" }, {
  'lines("names.txt")': "The lines of a file, relative to the script.",
});

/** Plots other than those of metrics. */
export const PLOTS: readonly Entry[] = Object.values(circuitPlots).map(({ name, about }) => ({
  word: name,
  kind: "plot",
  form: `plot ${name} of CIRCUITS to "FILE.svg"`,
  text: about,
}));
