/** Metrics, functions and what can be plotted. @module */
import type { Entry } from "./entry.ts";

const metric = (word: string, text: string, range?: string): Entry => ({
  word,
  kind: "metric",
  form: `${word}(CIRCUIT, TASK.test)`,
  text,
  ...(range ? { range } : {}),
});

/** Metrics of a task's answers: a task may name one as its own. */
export const TASK_METRICS: readonly Entry[] = [
  metric(
    "kl",
    "Divergence of the circuit's next-token distribution from the full model's, KL(full || circuit), mean over the examples. 0 is perfectly faithful.",
    "from 0, in nats",
  ),
  metric(
    "logit_difference",
    "Logit of the right answer less the logit of the wrong one; of sets, the mean over each.",
  ),
  metric(
    "probability_difference",
    "Probability of all right answers together less that of all wrong ones.",
    "-1 to 1",
  ),
  metric("accuracy", "Share of examples whose most likely token is a right answer.", "0 to 1"),
  metric(
    "exact_match",
    "Share of examples on which the circuit's most likely token is the full model's.",
    "0 to 1",
  ),
  metric(
    "kendall_tau",
    "Kendall's rank correlation between the circuit's and the full model's order of the examples' answers.",
    "-1 to 1",
  ),
];

/** Metrics that only circuits have. */
export const CIRCUIT_METRICS: readonly Entry[] = [
  metric("metric", "The task's own metric, whichever it is: what the task says behind `metric`."),
  metric(
    "faithfulness",
    "The task's metric of the circuit, as a share of the way from the corrupted run to the full model. 1 is the full model.",
  ),
  metric(
    "completeness",
    "The same for what is left when the circuit is taken out of the model: near 0 when nothing of the behaviour is outside it.",
  ),
  metric(
    "minimality",
    "How much faithfulness the least important edge of the circuit is worth: 0 when something could go.",
  ),
  metric(
    "cpr",
    "Area under faithfulness over circuit sizes, as the MIB benchmark defines it (circuit performance ratio). Higher is better.",
  ),
  metric(
    "cmd",
    "Area between faithfulness and 1 over circuit sizes, as the MIB benchmark defines it (circuit-model distance). Lower is better.",
    "from 0",
  ),
  metric(
    "log_area",
    "Mean faithfulness over the logarithm of circuit size, so that small circuits count as much as large ones. 1 is ideal.",
  ),
];

/** Words that stand for metrics after `by`. */
export const METRIC_GROUPS: readonly Entry[] = [
  { word: "all", kind: "metric", form: "evaluate ep by all", text: "Every metric there is." },
];

const fn = (word: string, form: string, text: string): Entry => ({
  word,
  kind: "function",
  form,
  text,
});

/** Functions of circuits. */
export const CIRCUIT_FUNCTIONS: readonly Entry[] = [
  fn("edges", "edges(CIRCUIT)", "How many edges a circuit has."),
  fn("sparsity", "sparsity(CIRCUIT)", "The share of the model's edges that a circuit lacks."),
];

/** Functions of numbers. */
export const NUMBER_FUNCTIONS: readonly Entry[] = [
  fn("abs", "abs(NUMBER)", "The absolute value."),
  fn("min", "min(NUMBER, NUMBER)", "The smaller number."),
  fn("max", "max(NUMBER, NUMBER)", "The greater number."),
  fn("round", "round(NUMBER)", "The nearest whole number."),
];

const inMetric = (word: string, form: string, text: string) => fn(word, `metric ${form}`, text);

/** Functions of a task's own metric. */
export const METRIC_FUNCTIONS: readonly Entry[] = [
  inMetric("mean", "mean(logit(answers))", "The mean over a set of tokens."),
  inMetric("sum", "sum(probability(answers))", "The sum over a set of tokens."),
  inMetric("min", "min(logit(answers))", "The least value over a set of tokens."),
  inMetric("max", "max(logit(wrong))", "The greatest value over a set of tokens."),
  inMetric("logit", "max(logit(answers))", "Each token's logit."),
  inMetric(
    "probability",
    "sum(probability(answers))",
    "Each token's probability, among all tokens.",
  ),
  inMetric(
    "log_probability",
    "mean(log_probability(answers))",
    "The logarithm of each token's probability, in nats.",
  ),
  inMetric("answers", "max(logit(answers))", "The tokens that are right answers."),
];

/** Functions of programs. */
export const PROGRAM_FUNCTIONS: readonly Entry[] = [
  fn(
    "select",
    "select(KEYS, QUERIES, ==)",
    "At each position, the positions whose key compares so with the query here. In place of a comparison, `always`. Selections are joined by `and` and `or` and turned round by `not`.",
  ),
  fn(
    "aggregate",
    "aggregate(SELECTION, VALUES)",
    "The mean of the values at the selected positions; where they are all the same, that value, which may be a text. A third argument says what there is where nothing is selected, in place of 0.",
  ),
  fn("count", "count(SELECTION)", "How many positions are selected at each position."),
  fn(
    "if",
    "if(CONDITION, VALUE, VALUE)",
    "The first value where the condition holds, else the second.",
  ),
  fn(
    "mod",
    "mod(NUMBER, NUMBER)",
    "The remainder of a division, with the sign of the divisor: `mod(-1, 3)` is 2.",
  ),
];

/** Names known in programs. */
export const PROGRAM_NAMES: readonly Entry[] = [
  fn("tokens", "tokens", "The input's token at each position."),
  fn("indices", "indices", "The number of each position, from 0."),
  fn(
    "length",
    "length",
    "How many tokens the input has; not with causal attention, which cannot see them.",
  ),
  fn("always", "select(tokens, tokens, always)", "The comparison that always holds."),
];

/** Sources of the values of task variables. */
export const VALUE_FUNCTIONS: readonly Entry[] = [
  fn("lines", 'lines("names.txt")', "The lines of a file, relative to the script."),
];

const plot = (word: string, text: string): Entry => ({
  word,
  kind: "plot",
  form: `plot ${word} of CIRCUITS to "FILE.svg"`,
  text,
});

/** Plots other than those of metrics. */
export const PLOTS: readonly Entry[] = [
  plot("overlap", "How much each pair of circuits shares, as a matrix."),
  plot("layers", "How many edges of each layer a circuit keeps."),
];
