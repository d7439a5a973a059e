/** Checks of queries: circuits, tasks and metrics. @module */
import { isMethodName } from "../../runtime/discovery/mod.ts";
import type { Query } from "../../runtime/circuits/mod.ts";
import type {
  CompareQuery,
  EvaluateQuery,
  OverlapQuery,
  PlotStatement,
  RunQuery,
  StabilityQuery,
  WhyQuery,
} from "../syntax/tree.ts";
import { CIRCUIT_METRICS, METRIC_GROUPS, TASK_METRICS } from "../reference/measures.ts";
import { type Repeat, repeatProblem, REPEATS } from "../reference/repeats.ts";
import { type Checker, need, oneOf } from "./checker.ts";
import { component } from "./components.ts";
import { notEmpty, pieceOf } from "./exists.ts";
import { all, unrepeated } from "./fields.ts";
import { notFoundAgain, withoutTask } from "./messages.ts";
import { measurable } from "./metrics.ts";
import { corruptionOf, occasionOf, onTask } from "./occasions.ts";
import type { CheckedExpression, Measured } from "./program.ts";
import { bothNames, lookUp } from "./symbols.ts";
import { number } from "./values.ts";
import { sweptName } from "./written_files.ts";

const METRIC_WORDS: readonly string[] = [...TASK_METRICS, ...CIRCUIT_METRICS, ...METRIC_GROUPS]
  .map(({ word }) => word);

export function whyQuery(c: Checker, node: WhyQuery): CheckedExpression {
  const circuit = need(c, node.circuit, ["circuit"]);
  if (node.node.text.includes("*")) {
    c.error(node.node, "`why` asks about one component, and this is a pattern");
  } else component(c, node.node, "any", circuit.model);
  const query: Query = { kind: "why", node: node.node.text, of: c.written(node.circuit) };
  return { kind: "query", type: "table", circuit, query, span: node.span };
}

export function overlapQuery(c: Checker, node: OverlapQuery): CheckedExpression {
  const circuits = node.circuits.map((circuit) => need(c, circuit, ["circuit"]));
  if (circuits.length < 2) {
    c.error(node, "`overlap` compares two circuits or more");
  }
  oneModel(c, circuits);
  return { kind: "overlap", type: "table", circuits, span: node.span };
}

export function stabilityQuery(c: Checker, node: StabilityQuery): CheckedExpression {
  const circuit = need(c, node.circuit, ["circuit"]);
  const bounds = { what: "the number of runs", whole: true, least: 2, most: 1000 };
  const checked: CheckedExpression = {
    kind: "stability",
    type: "table",
    circuit,
    count: number(c, node.count, bounds),
    over: node.over.text as Repeat,
    overSpan: node.over.span,
    span: node.span,
  };
  const known = oneOf(c, node.over, REPEATS, "variation");
  const name = node.circuit.kind === "Path" ? node.circuit.text : "";
  const declared = lookUp(c.scope, name)?.declaration;
  if (declared?.kind !== "CircuitDeclaration" || declared.damaged) return checked;
  const find = all(declared.fields, "ChoiceField").find(({ word }) => word === "find")?.value.text;
  if (find === undefined) c.error(node.circuit, ...notFoundAgain(name));
  else if (known && isMethodName(find)) {
    const problem = repeatProblem(find, node.over.text as Repeat);
    if (problem) c.error(node.over, problem.message, problem.help);
  }
  return checked;
}

function oneModel(c: Checker, circuits: readonly CheckedExpression[]): void {
  const first = circuits.find(({ model }) => model)?.model;
  const other = circuits.find(({ model }) => model && model !== first);
  if (!other) return;
  const [here, there] = bothNames(c, other.model!, first!);
  c.error(
    other,
    `circuits of one model are compared: this is one of ${here}, the first is one of ${there}`,
  );
}

export function runQuery(c: Checker, node: RunQuery): CheckedExpression {
  const circuit = need(c, node.circuit, ["circuit"]);
  for (const text of [node.prompt, node.corrupted]) if (text) notEmpty(c, text, "a prompt");
  const corrupted = node.corrupted && pieceOf(node.corrupted);
  const prompt = pieceOf(node.prompt);
  return { kind: "run", type: "table", circuit, prompt, corrupted, span: node.span };
}

/** Checks the parts that `evaluate`, `compare` and `plot` have in common. */
export function measured(
  c: Checker,
  node: EvaluateQuery | CompareQuery | PlotStatement,
): Measured {
  const circuits = node.circuits.map((circuit) => need(c, circuit, ["circuit"]));
  const where = node.on && onTask(c, node.on);
  const task = where ? where.task.symbol : circuits[0]?.task;
  const corruption = node.corruption && corruptionOf(c, node.corruption, task);
  const named = unrepeated(c, undefined, "remove one");
  for (const name of node.by) if (oneOf(c, name, METRIC_WORDS, "metric")) named(name);
  const tasks = where ? [where.task.symbol] : circuits.map(({ task }) => task);
  for (const name of "what" in node ? [node.what, ...node.by] : node.by) measurable(c, name, tasks);
  const metrics = node.by.map(({ text }) => text);
  return { circuits, occasion: occasionOf(c, where, circuits, corruption), metrics };
}

export function evaluateQuery(c: Checker, node: EvaluateQuery): CheckedExpression {
  const found = measured(c, node);
  const against = node.against && need(c, node.against, ["circuit"]);
  if (against) oneModel(c, [...found.circuits, against]);
  else if (!node.on) withTask(c, found.circuits);
  const over = sweptName(c, node.over);
  if (over && c.result !== node) {
    c.error(node.over!, "`over` stands in a table that is shown or saved", "leave it out here");
  }
  return { kind: "evaluate", type: "table", ...found, against, over, span: node.span };
}

export function compareQuery(c: Checker, node: CompareQuery): CheckedExpression {
  const found = measured(c, node);
  if (node.circuits.length < 2) c.error(node, "`compare` takes two circuits or more");
  oneModel(c, found.circuits);
  if (!node.on) withTask(c, found.circuits);
  return { kind: "compare", type: "table", ...found, span: node.span };
}

/** Without `on`, a circuit is measured on its own task, so it must have one. */
export function withTask(c: Checker, circuits: readonly CheckedExpression[]): void {
  for (const { type, task, model, span } of circuits) {
    if (type === "circuit" && !task && model) c.error({ span }, ...withoutTask);
  }
}
