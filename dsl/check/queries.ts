/**
 * Checks of queries: columns, components, tasks and metrics.
 *
 * @module
 */
import { isMethodName } from "../../runtime/discovery/mod.ts";
import type { Condition, Query } from "../../runtime/circuits/queries/query.ts";
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
  WhyQuery,
} from "../syntax/tree.ts";
import { type Column, columnsOf } from "../reference/columns.ts";
import { CIRCUIT_METRICS, METRIC_GROUPS, TASK_METRICS } from "../reference/measures.ts";
import { type Repeat, repeatProblem, REPEATS } from "../reference/repeats.ts";
import { type Checker, error, help, need, oneOf } from "./checker.ts";
import { component, type Side } from "./components.ts";
import { notEmpty, pieceOf } from "./exists.ts";
import { all } from "./fields.ts";
import { notFoundAgain, withoutTask } from "./messages.ts";
import { measurable } from "./metrics.ts";
import { corruptionOf, occasionOf, onTask } from "./occasions.ts";
import type { CheckedExpression, Occasion, Open } from "./program.ts";
import { range } from "./ranges.ts";
import { lookUp, type Symbol } from "./symbols.ts";
import { given, number } from "./values.ts";

const METRIC_WORDS: readonly string[] = [...TASK_METRICS, ...CIRCUIT_METRICS, ...METRIC_GROUPS]
  .map(({ word }) => word);

export function listQuery(c: Checker, node: ListQuery): CheckedExpression {
  const circuit = need(c, node.circuit, ["circuit"]);
  const { model } = circuit;
  const { span } = node;
  const type = node.count && node.groupBy.length === 0 ? "number" : "table";
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
      return { kind: "wrong", type, span };
    }
  }
  const where = node.where && condition(c, node.where, node.what, columns, model);
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
  const limit = node.limit && number(c, node.limit, { what: "`limit`", whole: true, least: 1 });
  const query = queryOf(node, c.written(node.circuit), { where, limit });
  return { kind: "query", type, circuit, query, span };
}

/** The query as the runtime's record. */
function queryOf(
  { what, count, from, to, via, orderBy, groupBy }: ListQuery,
  of: string,
  { where, limit }: {
    readonly where: Open<Condition> | undefined;
    readonly limit: Open<number> | undefined;
  },
): Open<Query> {
  const limited = { of, ...(limit !== undefined && { limit }) };
  const ends = {
    ...(from && { from: from.text }),
    ...(to && { to: to.text }),
    ...(via.length > 0 && { via: via.map(({ text }) => text) }),
  };
  if (what === "paths") {
    return count ? { kind: "count", what, of, ...ends } : { kind: "paths", ...limited, ...ends };
  }
  const order = orderBy.map(({ field, direction = "asc" }) => ({ field: field.text, direction }));
  const listing = {
    ...limited,
    ...(where && { where }),
    ...(order.length > 0 && { orderBy: order }),
  };
  if (!count) return { kind: what, ...listing } as Open<Query>;
  const groups = groupBy.map(({ text }) => text);
  return { kind: "count", what, ...listing, ...(groups.length > 0 && { groupBy: groups }) };
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
): Open<Condition> {
  const inner = (node: Expression) => condition(c, node, what, columns, model);
  switch (node.kind) {
    case "GroupExpression":
      return inner(node.inner);
    case "UnaryExpression":
      if (node.operator === "not") return { kind: "not", term: inner(node.operand) };
      break;
    case "BinaryExpression":
      if (node.operator === "and" || node.operator === "or") {
        return { kind: node.operator, terms: [inner(node.left), inner(node.right)] };
      }
      if (["=", "!=", "<", "<=", ">", ">=", "in"].includes(node.operator)) {
        return comparison(c, node, what, columns, model);
      }
  }
  error(c, node.span, "a comparison is needed here", "for instance `to = a3.*` or `weight > 0.5`");
  return NOTHING;
}

/** Stands for a condition that is wrong. */
const NOTHING: Condition = { kind: "and", terms: [] };

function comparison(
  c: Checker,
  node: BinaryExpression,
  what: ListQuery["what"],
  columns: Readonly<Record<string, Column>>,
  model: Symbol | undefined,
): Open<Condition> {
  const { operator, left, right } = node;
  if (left.kind !== "Path") {
    error(
      c,
      left.span,
      `a column of the ${what} is needed here`,
      `the columns are ${Object.keys(columns).join(", ")}`,
    );
    return NOTHING;
  }
  const column = columnNamed(c, left, what, columns);
  if (!column) return NOTHING;
  const field = left.text;
  if (column.type !== "number" && !["=", "!=", "in"].includes(operator)) {
    error(
      c,
      node.operatorSpan,
      `\`${operator}\` compares numbers, and \`${left.text}\` is ${
        column.type === "word" ? "a word" : "a component"
      }`,
    );
    return NOTHING;
  }
  const compared = (
    operator: Extract<Condition, { kind: "compare" }>["operator"],
    value: Expression,
  ): Open<Condition> => {
    return { kind: "compare", field, operator, value: valueFor(c, value, field, column, model) };
  };
  if (operator !== "in") return compared(operator as "=", right);
  if (right.kind === "ListLiteral") {
    return { kind: "or", terms: right.items.map((item) => compared("=", item)) };
  }
  if (right.kind === "RangeExpression" && column.type === "number") {
    range(c, right);
    return { kind: "and", terms: [compared(">=", right.from), compared("<=", right.to)] };
  }
  error(c, right.span, "a list is needed here, in brackets", "for instance `[1, 2]` or `1..3`");
  return NOTHING;
}

function valueFor(
  c: Checker,
  value: Expression,
  name: string,
  column: Column,
  model: Symbol | undefined,
): Open<string | number> {
  if (column.type === "number") return given(need(c, value, ["number"]));
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
    return word ?? "";
  }
  if (text === undefined) {
    error(c, value.span, `\`${name}\` is compared with a component`, "for instance `a3.*`");
    return "";
  }
  const side: Side = column.side === "node" ? "any" : column.side;
  component(c, { text, span: value.span }, side, model);
  return text;
}

export function whyQuery(c: Checker, node: WhyQuery): CheckedExpression {
  const circuit = need(c, node.circuit, ["circuit"]);
  if (node.node.text.includes("*")) {
    error(c, node.node.span, "`why` asks about one component, and this is a pattern");
  } else component(c, node.node, "any", circuit.model);
  const query: Query = { kind: "why", node: node.node.text, of: c.written(node.circuit) };
  return { kind: "query", type: "table", circuit, query, span: node.span };
}

export function overlapQuery(c: Checker, node: OverlapQuery): CheckedExpression {
  const circuits = node.circuits.map((circuit) => need(c, circuit, ["circuit"]));
  if (circuits.length < 2) {
    error(c, node.span, "`overlap` compares two circuits or more");
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
  if (find === undefined) error(c, node.circuit.span, ...notFoundAgain(name));
  else if (known && isMethodName(find)) {
    const problem = repeatProblem(find, node.over.text as Repeat);
    if (problem) error(c, node.over.span, problem.message, problem.help);
  }
  return checked;
}

function oneModel(c: Checker, circuits: readonly CheckedExpression[]): void {
  const first = circuits.find(({ model }) => model)?.model;
  const other = circuits.find(({ model }) => model && model !== first);
  if (!other) return;
  error(
    c,
    other.span,
    `circuits of one model are compared: this is one of \`${
      other.model!.name
    }\`, the first is one of \`${first!.name}\``,
  );
}

export function runQuery(c: Checker, node: RunQuery): CheckedExpression {
  const circuit = need(c, node.circuit, ["circuit"]);
  for (const text of [node.prompt, node.corrupted]) if (text) notEmpty(c, text, "a prompt");
  const corrupted = node.corrupted && pieceOf(node.corrupted);
  const prompt = pieceOf(node.prompt);
  return { kind: "run", type: "table", circuit, prompt, corrupted, span: node.span };
}

export function metricNames(c: Checker, names: readonly Name[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (!oneOf(c, name, METRIC_WORDS, "metric")) continue;
    if (seen.has(name.text)) error(c, name.span, `\`${name.text}\` is named twice`, "remove one");
    seen.add(name.text);
  }
}

/** Circuits that are measured, on which occasion and by which metrics. */
interface Measured {
  readonly circuits: readonly CheckedExpression[];
  readonly occasion: Occasion;
  readonly metrics: readonly string[];
}

/** Checks the parts that `evaluate`, `compare` and `plot` have in common. */
export function measured(
  c: Checker,
  node: {
    readonly circuits: readonly Expression[];
    readonly on: Path | undefined;
    readonly corruption: Name | undefined;
    readonly by: readonly Name[];
    /** The metric that is plotted. */
    readonly what?: Name;
  },
): Measured {
  const circuits = node.circuits.map((circuit) => need(c, circuit, ["circuit"]));
  const where = node.on && onTask(c, node.on);
  const task = where ? where.task.symbol : circuits[0]?.task;
  const corruption = node.corruption && corruptionOf(c, node.corruption, task);
  metricNames(c, node.by);
  const tasks = where ? [where.task.symbol] : circuits.map(({ task }) => task);
  for (const name of node.what ? [node.what, ...node.by] : node.by) measurable(c, name, tasks);
  const metrics = node.by.map(({ text }) => text);
  return { circuits, occasion: occasionOf(c, where, corruption), metrics };
}

export function evaluateQuery(c: Checker, node: EvaluateQuery): CheckedExpression {
  const found = measured(c, node);
  const against = node.against && need(c, node.against, ["circuit"]);
  if (against) oneModel(c, [...found.circuits, against]);
  else if (!node.on) withTask(c, found.circuits);
  return { kind: "evaluate", type: "table", ...found, against, span: node.span };
}

export function compareQuery(c: Checker, node: CompareQuery): CheckedExpression {
  const found = measured(c, node);
  if (node.circuits.length < 2) error(c, node.span, "`compare` takes two circuits or more");
  oneModel(c, found.circuits);
  if (!node.on) withTask(c, found.circuits);
  return { kind: "compare", type: "table", ...found, span: node.span };
}

/** Without `on`, a circuit is measured on its own task, so it must have one. */
export function withTask(c: Checker, circuits: readonly CheckedExpression[]): void {
  for (const { type, task, model, span } of circuits) {
    if (type === "circuit" && !task && model) error(c, span, ...withoutTask);
  }
}
