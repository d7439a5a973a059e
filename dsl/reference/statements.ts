/** Statements and queries. @module */
import type { FileForm } from "../../base/file_forms.ts";
import { circuitForms } from "../../runtime/circuits/forms/mod.ts";
import { tableForms } from "../../runtime/tables/forms/mod.ts";
import { ablations } from "../../runtime/universe/ablations.ts";
import { entriesOf, type Entry } from "./entry.ts";

const formsText = (forms: readonly FileForm[]): string =>
  forms.map(({ endings, about }) => {
    const names = endings.map((ending) =>
      ending === "/" ? "a folder such as `mib/ioi_gpt2/`" : `\`${ending}\``
    );
    return `${names.join(" or ")} (${about})`;
  }).join(", ");

const entry = (word: string, kind: Entry["kind"], form: string, text: string): Entry => ({
  word,
  kind,
  form,
  text,
});

export const STATEMENTS = entriesOf({ kind: "statement" }, {
  'model NAME { from "FOLDER" }':
    "Names a transformer: a Hugging Face folder, a model of the hub, or a program that is compiled to weights. How its edges are counted is part of it.",
  'task NAME { vary ... prompt "..." answer "..." }':
    "Describes prompts and what counts as a right answer, by templates over variables, by a data file, or by a generator.",
  "corruption NAME of TASK { redraw A, B }":
    "Says how a prompt's corrupted twin differs from it. Everything that is not named stays as it is, and both must have the same number of tokens.",
  "schedule NAME { steps 3000 edge_sparsity 0 -> 98% }":
    "Says how long masks are trained and how sparse the circuit is at each step.",
  "circuit NAME { find METHOD in MODEL for TASK corrupted by CORRUPTION }":
    "Finds a circuit with a method, reads one from a file, or writes one out edge by edge. A circuit is a set of edges of one model, with a score each.",
  "program NAME { over [1, 2, 3] length 4 output EXPRESSION }":
    "A RASP program, compiled to the weights of a transformer whose circuit is known. `model m { from NAME }` makes a model of it.",
  "let NAME = EXPRESSION":
    "Names a number, a text, a list, a circuit or a table. `circ run --set NAME=VALUE` replaces the value of a number, a text or a list.",
  'import "other.circ"':
    "Makes the declarations of another script known here. The path is relative to this script; commands of the other script do not run.",
  "sweep NAME from [94%, 96%], seed from 1..3 { ... }":
    "Runs the statements inside once for every combination of the values. What is declared inside is known only inside. What is shown inside becomes one table for each statement, with the values as columns.",
  'plot WHAT of CIRCUITS to "FILE.svg"':
    "Draws something about circuits into an SVG file: a metric over sizes with its intervals, for each circuit a curve where its edges have scores; `overlap`; or `layers`. In a sweep, `plot WHAT of CIRCUITS over NAME` draws a metric over the values of a variable.",
  'save EXPRESSION to "FILE"':
    `Writes a circuit or a table to a file, whose name may hold values: \`"c-{seed}.json"\`. The ending chooses the form. Circuits: ${
      formsText(circuitForms)
    }. Tables: ${formsText(tableForms)}.`,
  "expect CONDITION":
    "States what must hold. A script goes on after a false expectation, and ends with status 1.",
});

export const QUERIES = entriesOf({ kind: "query" }, {
  "edges of CIRCUIT where CONDITION order by COLUMN desc limit 10":
    "Lists a circuit's edges. `edges(CIRCUIT)` is their number.",
  "nodes of CIRCUIT where CONDITION order by COLUMN desc limit 10":
    "Lists the components that a circuit's edges join.",
  "paths of CIRCUIT from tok to logits via a2.h3 limit 20":
    "Lists paths along a circuit's edges, the strongest first.",
  "count edges of CIRCUIT where CONDITION group by COLUMN":
    "Counts edges, nodes or paths; with `group by`, one count for each value of the column.",
  "why COMPONENT in CIRCUIT":
    "Shows what flows into a component, by q, k and v, and what flows out, with scores.",
  "overlap CIRCUIT, CIRCUIT":
    "Shows how many edges circuits share, their Jaccard index, and how often chance would give as much; of three or more, such as those of several seeds, how far all agree.",
  "stability of CIRCUIT over 5 seeds":
    "Finds a circuit again, each time with another seed or, `over 10 resamples`, on training examples drawn anew with replacement, and shows what each run shares with it and how far all agree, with a 95% confidence interval over the runs, from three on.",
  'run CIRCUIT on "PROMPT" corrupted "PROMPT"':
    "Shows what the model and the circuit predict after a prompt, side by side.",
  "evaluate CIRCUITS on TASK.test corrupted by CORRUPTION against CIRCUIT by METRICS":
    "Measures circuits on a task's examples: one row each. Without `on`, on the test examples of the task that a circuit was found for. `against` compares with a circuit that is known to be right.",
  "compare CIRCUITS on TASK.test by METRICS":
    "Measures circuits as `evaluate` does, with 95% confidence intervals over the examples, and shows what each shares with the first.",
  "top 100 of CIRCUIT":
    "The circuit of the edges with the highest scores: so many of them, or a share of its own edges, such as `top 20% of CIRCUIT`.",
  "complement of CIRCUIT": "The circuit of all edges of the model that the circuit lacks.",
});

export const CLAUSES: readonly Entry[] = [
  ...entriesOf({ kind: "clause" }, {
    "where to = a3.* and weight > 0.5":
      "Keeps what fulfils a condition. Columns are compared with `=`, `!=`, `<`, `<=`, `>`, `>=` or `in`, and conditions are joined by `and`, `or` and `not`. A component is compared with a pattern.",
    "order by weight desc, from":
      "Sorts by columns, `asc` (the smallest first, as without a word) or `desc`.",
    "group by to.layer": "Counts separately for each value of a column; only after `count`.",
    "limit 10": "Shows so many rows at most.",
    "via a2.h3, m2": "Only paths through all of these components.",
    "on ioi.test":
      "The examples to measure on: a task and one of `train`, `validation` and `test`.",
    "by kl, exact_match": "The metrics to measure; `all` for every one.",
    "corrupted by fresh_names":
      "The corruption that makes the twins of a task's prompts; after `run`, the corrupted prompt itself.",
    "against truth": "The circuit that is known to be right.",
    "over seed":
      "In a sweep: `evaluate` shows the mean over a variable's values, and the standard deviation; `plot` draws over them.",
  }, {
    limit: { range: "whole numbers from 1" },
    on: { default: "`test`" },
  }),
  entry(
    "with",
    "clause",
    "using slow with steps 100, edge_sparsity 0 -> 90%",
    "Changes fields of a schedule for this circuit only.",
  ),
  entry(
    "without",
    "operator",
    "ep without a2.h3",
    "A circuit without a component's edges, or without the edges that a pattern names: `ep without [a0.* -> m3, m1]`.",
  ),
  entry("above", "operator", "ep above 0.5", "The circuit of the edges whose score is greater."),
  entry(
    "under",
    "operator",
    "(ep | hint) under zero",
    `The circuit measured under an ablation, ${
      Object.keys(ablations).map((word) => `\`${word}\``).join(", ")
    }; it decides for circuits of several.`,
  ),
  entry("and", "operator", "CONDITION and CONDITION", "Both conditions hold."),
  entry("or", "operator", "CONDITION or CONDITION", "At least one of the conditions holds."),
  entry("not", "operator", "not CONDITION", "The condition does not hold."),
  entry("in", "operator", "to.layer in [3, 5]", "The value is one of a list or lies in a range."),
];
