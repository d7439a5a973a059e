/**
 * Checks of queries: columns, components, tasks and metrics.
 *
 * @module
 */
import { SPLITS } from "../../runtime/tasks/definition.ts";
import type {
  BinaryExpression,
  CompareQuery,
  EvaluateQuery,
  Expression,
  ListQuery,
  Name,
  OverlapQuery,
  Path,
  RunQuery,
  StabilityQuery,
  TextLiteral,
  WhyQuery,
} from "../syntax/tree.ts";
import { type Column, columnsOf } from "../reference/columns.ts";
import { CIRCUIT_METRICS, METRIC_GROUPS, TASK_METRICS } from "../reference/measures.ts";
import { type Repeat, repeatProblem, REPEATS } from "../reference/repeats.ts";
import { type Checker, error, help, oneOf, resolve } from "./checker.ts";
import { component, type Side } from "./components.ts";
import { need, range } from "./expressions.ts";
import { all } from "./fields.ts";
import { measurable } from "./metrics.ts";
import { lookUp, type Symbol, type Typed } from "./symbols.ts";
import { number } from "./values.ts";

const METRIC_WORDS: readonly string[] = [...TASK_METRICS, ...CIRCUIT_METRICS, ...METRIC_GROUPS]
  .map(({ word }) => word);

export function listQuery(c: Checker, node: ListQuery): Typed {
  const { model } = need(c, node.circuit, ["circuit"]);
  const columns = columnsOf(node.what);
  if (node.what === "paths") {
    if (node.from) component(c, node.from, "writer", model);
    if (node.to) component(c, node.to, "reader", model);
    for (const via of node.via) component(c, via, "any", model);
    const extra = node.where ?? node.groupBy[0] ?? node.orderBy[0];
    if (extra) {
      error(
        c,
        extra.span,
        "paths are listed by score and take no `where`, `group by` or `order by`",
      );
      return { type: node.count ? "number" : "table" };
    }
  }
  if (node.where) condition(c, node.where, node.what, columns, model);
  if (node.groupBy.length > 0 && !node.count) {
    error(
      c,
      node.groupBy[0].span,
      "`group by` counts, and this is a list",
      `\`count ${node.what} of ... group by ${node.groupBy[0].text}\``,
    );
  }
  for (const path of node.groupBy) {
    const column = columnNamed(c, path, node.what, columns);
    if (column?.type === "number" && /score|weight/.test(path.text)) {
      error(
        c,
        path.span,
        `\`${path.text}\` has too many values to group by`,
        "use `where` with a threshold",
      );
    }
  }
  if (node.count && node.orderBy.length > 0 && node.groupBy.length === 0) {
    error(c, node.orderBy[0].span, "one number has no order", "`group by` makes several");
  }
  for (const { field } of node.orderBy) {
    if (!node.count) columnNamed(c, field, node.what, columns);
    else if (node.groupBy.length > 0) {
      const allowed = ["count", ...node.groupBy.map(({ text }) => text)];
      if (!allowed.includes(field.text)) {
        error(
          c,
          field.span,
          `\`${field.text}\` is not counted here`,
          `order by ${allowed.join(" or ")}`,
        );
      }
    }
  }
  if (node.limit) number(c, node.limit, { what: "`limit`", whole: true, least: 1 });
  return { type: node.count && node.groupBy.length === 0 ? "number" : "table" };
}

function columnNamed(
  c: Checker,
  path: Path,
  what: ListQuery["what"],
  columns: Readonly<Record<string, Column>>,
): Column | undefined {
  if (Object.hasOwn(columns, path.text)) return columns[path.text];
  error(
    c,
    path.span,
    `${what} have no column \`${path.text}\``,
    help(c, path.text, Object.keys(columns), "the columns are"),
  );
}

/** A condition over the columns of a query. */
function condition(
  c: Checker,
  node: Expression,
  what: ListQuery["what"],
  columns: Readonly<Record<string, Column>>,
  model: Symbol | undefined,
): void {
  switch (node.kind) {
    case "GroupExpression":
      return condition(c, node.inner, what, columns, model);
    case "UnaryExpression":
      if (node.operator === "not") return condition(c, node.operand, what, columns, model);
      break;
    case "BinaryExpression":
      if (node.operator === "and" || node.operator === "or") {
        condition(c, node.left, what, columns, model);
        condition(c, node.right, what, columns, model);
        return;
      }
      if (["=", "!=", "<", "<=", ">", ">=", "in"].includes(node.operator)) {
        return comparison(c, node, what, columns, model);
      }
  }
  error(c, node.span, "a comparison is needed here", "for instance `to = a3.*` or `weight > 0.5`");
}

function comparison(
  c: Checker,
  node: BinaryExpression,
  what: ListQuery["what"],
  columns: Readonly<Record<string, Column>>,
  model: Symbol | undefined,
): void {
  const { operator, left, right } = node;
  if (left.kind !== "Path") {
    error(
      c,
      left.span,
      `a column of the ${what} is needed here`,
      `the columns are ${Object.keys(columns).join(", ")}`,
    );
    return;
  }
  const column = columnNamed(c, left, what, columns);
  if (!column) return;
  if (column.type !== "number" && !["=", "!=", "in"].includes(operator)) {
    error(
      c,
      node.operatorSpan,
      `\`${operator}\` compares numbers, and \`${left.text}\` is ${
        column.type === "word" ? "a word" : "a component"
      }`,
    );
    return;
  }
  const values = operator !== "in" ? [right] : membersOf(c, right, column);
  for (const value of values) valueFor(c, value, left.text, column, model);
}

/** What stands after `in`: the items of a list; a range is checked by itself. */
function membersOf(c: Checker, right: Expression, column: Column): readonly Expression[] {
  if (right.kind === "ListLiteral") return right.items;
  if (right.kind === "RangeExpression" && column.type === "number") {
    range(c, right.from, right.to);
  } else need(c, right, ["list"]);
  return [];
}

function valueFor(
  c: Checker,
  value: Expression,
  name: string,
  column: Column,
  model: Symbol | undefined,
): void {
  if (column.type === "number") {
    need(c, value, ["number"]);
    return;
  }
  const text = value.kind === "Path" || value.kind === "Component" ? value.text : undefined;
  if (column.type === "word") {
    const word = value.kind === "TextLiteral" ? value.value : text;
    if (word === undefined || !column.words!.includes(word)) {
      error(
        c,
        value.span,
        word === undefined
          ? `\`${name}\` is compared with a word`
          : `\`${name}\` is never \`${word}\``,
        help(c, word ?? "", column.words!, "it is one of"),
      );
    }
    return;
  }
  if (text === undefined) {
    error(c, value.span, `\`${name}\` is compared with a component`, "for instance `a3.*`");
    return;
  }
  const side: Side = column.side === "node" ? "any" : column.side;
  component(c, { text, span: value.span }, side, model);
}

export function whyQuery(c: Checker, node: WhyQuery): Typed {
  const { model } = need(c, node.circuit, ["circuit"]);
  if (node.node.text.includes("*")) {
    error(c, node.node.span, "`why` asks about one component, and this is a pattern");
  } else component(c, node.node, "any", model);
  return { type: "table" };
}

export function overlapQuery(c: Checker, node: OverlapQuery): Typed {
  const typed = node.circuits.map((circuit) => need(c, circuit, ["circuit"]));
  if (typed.length < 2) {
    error(c, node.span, "`overlap` compares two circuits or more");
  }
  oneModel(c, node.circuits, typed);
  return { type: "table" };
}

export function stabilityQuery(c: Checker, node: StabilityQuery): Typed {
  need(c, node.circuit, ["circuit"]);
  number(c, node.count, { what: "the number of runs", whole: true, least: 2, most: 1000 });
  const known = oneOf(c, node.over, REPEATS, "variation");
  const name = node.circuit.kind === "Path" ? node.circuit.text : "";
  const declared = lookUp(c.scope, name)?.declaration;
  if (declared?.kind !== "CircuitDeclaration" || declared.damaged) return { type: "table" };
  const find = all(declared.fields, "ChoiceField").find(({ word }) => word === "find")?.value.text;
  if (find === undefined) {
    error(
      c,
      node.circuit.span,
      `\`${name}\` was not found by a method, so it cannot be found again`,
      "name a circuit that is declared with `find`",
    );
  } else if (known) {
    const problem = repeatProblem(find, node.over.text as Repeat);
    if (problem) error(c, node.over.span, problem.message, problem.help);
  }
  return { type: "table" };
}

function oneModel(c: Checker, nodes: readonly Expression[], typed: readonly Typed[]): void {
  const first = typed.find(({ model }) => model)?.model;
  const other = typed.findIndex(({ model }) => model && model !== first);
  if (other < 0) return;
  error(
    c,
    nodes[other].span,
    `circuits of one model are compared: this is one of \`${
      typed[other].model!.name
    }\`, the first is one of \`${first!.name}\``,
  );
}

export function runQuery(c: Checker, node: RunQuery): Typed {
  need(c, node.circuit, ["circuit"]);
  for (const text of [node.prompt, node.corrupted]) if (text) notEmpty(c, text, "a prompt");
  return { type: "table" };
}

export function notEmpty(c: Checker, text: TextLiteral, what: string): void {
  if (text.value.trim() === "") error(c, text.span, `${what} cannot be empty`);
}

/** Checks `ioi.test` or `ioi`; returns the task. */
export function onTask(c: Checker, path: Path): Symbol | undefined {
  const [name, split, ...more] = path.parts;
  const task = resolve(c, name, ["task"]);
  if (split) oneOf(c, split, SPLITS, "split");
  if (more.length > 0) error(c, more[0].span, "nothing follows the name of a split");
  return task;
}

/** Checks that a corruption exists and belongs to the task. */
export function corruptionOf(
  c: Checker,
  name: Name,
  task: Symbol | undefined,
): Symbol | undefined {
  const corruption = resolve(c, name, ["corruption"]);
  const { of } = corruption ?? {};
  if (of && task && of !== task && of.name === task.name) {
    const isNew = lookUp(c.scope, task.name) === task;
    error(
      c,
      name.span,
      `\`${name.text}\` is a corruption of another \`${task.name}\`, which was declared ${
        isNew ? "before this one" : "after this one"
      }`,
      isNew ? `declare \`${name.text}\` again` : `say \`on ${task.name}\` for the new one`,
    );
  } else if (of && task && of !== task) {
    error(
      c,
      name.span,
      `\`${name.text}\` is a corruption of \`${of.name}\`, not of \`${task.name}\``,
    );
  }
  return corruption;
}

export function metricNames(c: Checker, names: readonly Name[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (!oneOf(c, name, METRIC_WORDS, "metric")) continue;
    if (seen.has(name.text)) error(c, name.span, `\`${name.text}\` is named twice`, "remove one");
    seen.add(name.text);
  }
}

/** Checks what `evaluate`, `compare` and `plot` have in common. */
export function occasion(
  c: Checker,
  node: {
    readonly circuits: readonly Expression[];
    readonly on: Path | undefined;
    readonly corruption: Name | undefined;
    readonly by: readonly Name[];
    /** The metric that is plotted. */
    readonly what?: Name;
  },
): readonly Typed[] {
  const typed = node.circuits.map((circuit) => need(c, circuit, ["circuit"]));
  const task = node.on && onTask(c, node.on);
  if (node.corruption) {
    corruptionOf(c, node.corruption, task ?? (node.on ? undefined : typed[0]?.task));
  }
  metricNames(c, node.by);
  const tasks = node.on ? [task] : typed.map(({ task }) => task);
  for (const name of node.what ? [node.what, ...node.by] : node.by) measurable(c, name, tasks);
  return typed;
}

export function evaluateQuery(c: Checker, node: EvaluateQuery): Typed {
  const typed = occasion(c, node);
  if (node.against) {
    const truth = need(c, node.against, ["circuit"]);
    oneModel(c, [...node.circuits, node.against], [...typed, truth]);
  } else if (!node.on) withTask(c, node.circuits, typed);
  return { type: "table" };
}

export function compareQuery(c: Checker, node: CompareQuery): Typed {
  const typed = occasion(c, node);
  if (node.circuits.length < 2) error(c, node.span, "`compare` takes two circuits or more");
  oneModel(c, node.circuits, typed);
  if (!node.on) withTask(c, node.circuits, typed);
  return { type: "table" };
}

/** Without `on`, a circuit is measured on its own task, so it must have one. */
export function withTask(c: Checker, nodes: readonly Expression[], typed: readonly Typed[]): void {
  nodes.forEach((node, i) => {
    if (typed[i].type !== "circuit" || typed[i].task || !typed[i].model) return;
    error(
      c,
      node.span,
      "this circuit was found for no task",
      "say where to measure it: `on TASK.test`",
    );
  });
}
