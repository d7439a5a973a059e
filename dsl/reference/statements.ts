/** Statements and queries. @module */
import type { FileForm } from "../../base/file_forms.ts";
import { circuitForms } from "../../runtime/circuits/forms/mod.ts";
import { tableForms } from "../../runtime/tables/forms/mod.ts";
import type { Entry } from "./entry.ts";

const formsText = (forms: readonly FileForm[]): string =>
  forms.map(({ endings, about }) => {
    const names = endings.map((ending) =>
      ending === "/" ? "a folder such as `mib/ioi_gpt2/`" : `\`${ending}\``
    );
    return `${names.join(" or ")} (${about})`;
  }).join(", ");

export const STATEMENTS: readonly Entry[] = [
  {
    word: "model",
    kind: "statement",
    form: 'model NAME { from "FOLDER" }',
    text:
      "Names a transformer: a Hugging Face folder, a model of the hub, or a program that is compiled to weights. How its edges are counted is part of it.",
  },
  {
    word: "task",
    kind: "statement",
    form: 'task NAME { vary ... prompt "..." answer "..." }',
    text:
      "Describes prompts and what counts as a right answer, by templates over variables, by a data file, or by a generator.",
  },
  {
    word: "corruption",
    kind: "statement",
    form: "corruption NAME of TASK { redraw A, B }",
    text:
      "Says how a prompt's corrupted twin differs from it. Everything that is not named stays as it is, and both must have the same number of tokens.",
  },
  {
    word: "schedule",
    kind: "statement",
    form: "schedule NAME { steps 3000 edge_sparsity 0 -> 98% }",
    text: "Says how long masks are trained and how sparse the circuit is at each step.",
  },
  {
    word: "circuit",
    kind: "statement",
    form: "circuit NAME { find METHOD in MODEL for TASK corrupted by CORRUPTION }",
    text:
      "Finds a circuit with a method, reads one from a file, or writes one out edge by edge. A circuit is a set of edges of one model, with a score each.",
  },
  {
    word: "program",
    kind: "statement",
    form: "program NAME { over [1, 2, 3] length 4 output EXPRESSION }",
    text:
      "A RASP program, compiled to the weights of a transformer whose circuit is known. `model m { from NAME }` makes a model of it.",
  },
  {
    word: "let",
    kind: "statement",
    form: "let NAME = EXPRESSION",
    text:
      "Names a number, a text, a list, a circuit or a table. `circ run --set NAME=VALUE` replaces the value of a number, a text or a list.",
  },
  {
    word: "import",
    kind: "statement",
    form: 'import "other.circ"',
    text:
      "Makes the declarations of another script known here. The path is relative to this script; commands of the other script do not run.",
  },
  {
    word: "sweep",
    kind: "statement",
    form: "sweep NAME from [94%, 96%], seed from 1..3 { ... }",
    text:
      "Runs the statements inside once for every combination of the values. What is declared inside is known only inside.",
  },
  {
    word: "plot",
    kind: "statement",
    form: 'plot WHAT of CIRCUITS to "FILE.svg"',
    text:
      "Draws something about circuits into an SVG file: a metric over sizes with its intervals, for each circuit a curve where its edges have scores; `overlap`; or `layers`.",
  },
  {
    word: "save",
    kind: "statement",
    form: 'save EXPRESSION to "FILE"',
    text: `Writes a circuit or a table to a file. The ending chooses the form. Circuits: ${
      formsText(circuitForms)
    }. Tables: ${formsText(tableForms)}.`,
  },
  {
    word: "expect",
    kind: "statement",
    form: "expect CONDITION",
    text:
      "States what must hold. A script goes on after a false expectation, and ends with status 1.",
  },
];

export const QUERIES: readonly Entry[] = [
  {
    word: "edges",
    kind: "query",
    form: "edges of CIRCUIT where CONDITION order by COLUMN desc limit 10",
    text: "Lists a circuit's edges. `edges(CIRCUIT)` is their number.",
  },
  {
    word: "nodes",
    kind: "query",
    form: "nodes of CIRCUIT where CONDITION order by COLUMN desc limit 10",
    text: "Lists the components that a circuit's edges join.",
  },
  {
    word: "paths",
    kind: "query",
    form: "paths of CIRCUIT from tok to logits via a2.h3 limit 20",
    text: "Lists paths along a circuit's edges, the strongest first.",
  },
  {
    word: "count",
    kind: "query",
    form: "count edges of CIRCUIT where CONDITION group by COLUMN",
    text: "Counts edges, nodes or paths; with `group by`, one count for each value of the column.",
  },
  {
    word: "why",
    kind: "query",
    form: "why COMPONENT in CIRCUIT",
    text: "Shows what flows into a component, by q, k and v, and what flows out, with scores.",
  },
  {
    word: "overlap",
    kind: "query",
    form: "overlap CIRCUIT, CIRCUIT",
    text:
      "Shows how many edges circuits share, their Jaccard index, and how often chance would give as much; of three or more, such as those of several seeds, how far all agree.",
  },
  {
    word: "stability",
    kind: "query",
    form: "stability of CIRCUIT over 5 seeds",
    text:
      "Finds a circuit again, each time with another seed or, `over 10 resamples`, on training examples drawn anew with replacement, and shows what each run shares with it and how far all agree, with a 95% bootstrap interval over the runs.",
  },
  {
    word: "run",
    kind: "query",
    form: 'run CIRCUIT on "PROMPT" corrupted "PROMPT"',
    text: "Shows what the model and the circuit predict after a prompt, side by side.",
  },
  {
    word: "evaluate",
    kind: "query",
    form: "evaluate CIRCUITS on TASK.test corrupted by CORRUPTION against CIRCUIT by METRICS",
    text:
      "Measures circuits on a task's examples: one row each. Without `on`, on the test examples of the task that a circuit was found for. `against` compares with a circuit that is known to be right.",
  },
  {
    word: "compare",
    kind: "query",
    form: "compare CIRCUITS on TASK.test by METRICS",
    text:
      "Measures circuits as `evaluate` does, with 95% bootstrap intervals over the examples, and shows what each shares with the first.",
  },
  {
    word: "top",
    kind: "query",
    form: "top 100 of CIRCUIT",
    text:
      "The circuit of the edges with the highest scores: so many of them, or a share such as `top 2% of CIRCUIT`.",
  },
  {
    word: "complement",
    kind: "query",
    form: "complement of CIRCUIT",
    text: "The circuit of all edges of the model that the circuit lacks.",
  },
];

export const CLAUSES: readonly Entry[] = [
  {
    word: "where",
    kind: "clause",
    form: "where to = a3.* and weight > 0.5",
    text:
      "Keeps what fulfils a condition. Columns are compared with `=`, `!=`, `<`, `<=`, `>`, `>=` or `in`, and conditions are joined by `and`, `or` and `not`. A component is compared with a pattern.",
  },
  {
    word: "order",
    kind: "clause",
    form: "order by weight desc, from",
    text: "Sorts by columns, `asc` (the smallest first, as without a word) or `desc`.",
  },
  {
    word: "group",
    kind: "clause",
    form: "group by to.layer",
    text: "Counts separately for each value of a column; only after `count`.",
  },
  {
    word: "limit",
    kind: "clause",
    form: "limit 10",
    text: "Shows so many rows at most.",
    range: "whole numbers from 1",
  },
  {
    word: "via",
    kind: "clause",
    form: "via a2.h3, m2",
    text: "Only paths through all of these components.",
  },
  {
    word: "on",
    kind: "clause",
    form: "on ioi.test",
    text: "The examples to measure on: a task and one of `train`, `validation` and `test`.",
    default: "`test`",
  },
  {
    word: "by",
    kind: "clause",
    form: "by kl, exact_match",
    text: "The metrics to measure; `all` for every one.",
  },
  {
    word: "corrupted",
    kind: "clause",
    form: "corrupted by fresh_names",
    text:
      "The corruption that makes the twins of a task's prompts; after `run`, the corrupted prompt itself.",
  },
  {
    word: "against",
    kind: "clause",
    form: "against truth",
    text: "The circuit that is known to be right.",
  },
  {
    word: "with",
    kind: "clause",
    form: "using slow with steps 100, edge_sparsity 0 -> 90%",
    text: "Changes fields of a schedule for this circuit only.",
  },
  {
    word: "without",
    kind: "operator",
    form: "ep without a2.h3",
    text:
      "A circuit without a component's edges, or without the edges that a pattern names: `ep without [a0.* -> m3, m1]`.",
  },
  {
    word: "above",
    kind: "operator",
    form: "ep above 0.5",
    text: "The circuit of the edges whose score is greater.",
  },
  {
    word: "and",
    kind: "operator",
    form: "CONDITION and CONDITION",
    text: "Both conditions hold.",
  },
  {
    word: "or",
    kind: "operator",
    form: "CONDITION or CONDITION",
    text: "At least one of the conditions holds.",
  },
  { word: "not", kind: "operator", form: "not CONDITION", text: "The condition does not hold." },
  {
    word: "in",
    kind: "operator",
    form: "to.layer in [3, 5]",
    text: "The value is one of a list or lies in a range.",
  },
];
