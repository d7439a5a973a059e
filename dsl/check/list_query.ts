/** Checks of queries that list: their columns and conditions. @module */
import type { Condition, Query } from "../../runtime/circuits/mod.ts";
import type { BinaryExpression, Expression, ListQuery, Path } from "../syntax/tree.ts";
import { type Column, columns } from "../reference/columns.ts";
import { type Checker, help, need } from "./checker.ts";
import { component, type Side } from "./components.ts";
import type { CheckedExpression, Open } from "./program.ts";
import { range } from "./ranges.ts";
import type { Symbol } from "./symbols.ts";
import { given, number } from "./values.ts";

/** The things that a query lists, and the model of its circuit. */
interface Rows {
  readonly what: ListQuery["what"];
  readonly columns: Readonly<Record<string, Column>>;
  readonly model: Symbol | undefined;
}

export function listQuery(c: Checker, node: ListQuery): CheckedExpression {
  const circuit = need(c, node.circuit, ["circuit"]);
  const { model } = circuit;
  const { span } = node;
  const type = node.count && node.groupBy.length === 0 ? "number" : "table";
  const rows: Rows = { what: node.what, columns: columns[node.what], model };
  if (node.what === "paths") {
    if (node.from) component(c, node.from, "writer", model);
    if (node.to) component(c, node.to, "reader", model);
    for (const via of node.via) component(c, via, "any", model);
    const extra = node.where ?? node.groupBy[0] ?? node.orderBy[0];
    if (extra) {
      c.error(extra, "paths are listed by score and take no `where`, `group by` or `order by`");
      return { kind: "wrong", type, span };
    }
  }
  const where = node.where && condition(c, node.where, rows);
  if (node.groupBy.length > 0 && !node.count) {
    c.error(
      node.groupBy[0],
      "`group by` counts, and this is a list",
      `\`count ${node.what} of ... group by ${node.groupBy[0].text}\``,
    );
  }
  for (const path of node.groupBy) {
    const column = columnNamed(c, path, rows);
    if (column?.type === "number" && /score|weight/.test(path.text)) {
      c.error(
        path,
        `\`${path.text}\` has too many values to group by`,
        "use `where` with a threshold",
      );
    }
  }
  if (node.count && node.orderBy.length > 0 && node.groupBy.length === 0) {
    c.error(node.orderBy[0], "one number has no order", "`group by` makes several");
  }
  for (const { field } of node.orderBy) {
    if (!node.count) columnNamed(c, field, rows);
    else if (node.groupBy.length > 0) {
      const allowed = ["count", ...node.groupBy.map(({ text }) => text)];
      if (!allowed.includes(field.text)) {
        c.error(field, `\`${field.text}\` is not counted here`, `order by ${allowed.join(" or ")}`);
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

function columnNamed(c: Checker, path: Path, { what, columns }: Rows): Column | undefined {
  if (Object.hasOwn(columns, path.text)) return columns[path.text];
  c.error(
    path,
    `${what} have no column \`${path.text}\``,
    help(c, path.text, Object.keys(columns), "the columns are"),
  );
}

/** A condition over the columns of a query. */
function condition(c: Checker, node: Expression, rows: Rows): Open<Condition> {
  const inner = (node: Expression) => condition(c, node, rows);
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
        return comparison(c, node, rows);
      }
  }
  c.error(node, "a comparison is needed here", "for instance `to = a3.*` or `weight > 0.5`");
  return NOTHING;
}

/** Stands for a condition that is wrong. */
const NOTHING: Condition = { kind: "and", terms: [] };

function comparison(c: Checker, node: BinaryExpression, rows: Rows): Open<Condition> {
  const { operator, left, right } = node;
  if (left.kind !== "Path") {
    c.error(
      left,
      `a column of the ${rows.what} is needed here`,
      `the columns are ${Object.keys(rows.columns).join(", ")}`,
    );
    return NOTHING;
  }
  const column = columnNamed(c, left, rows);
  if (!column) return NOTHING;
  const field = left.text;
  if (column.type !== "number" && !["=", "!=", "in"].includes(operator)) {
    c.error(
      { span: node.operatorSpan },
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
    const compared = valueFor(c, value, field, column, rows.model);
    return { kind: "compare", field, operator, value: compared };
  };
  if (operator !== "in") return compared(operator as "=", right);
  if (right.kind === "ListLiteral") {
    return { kind: "or", terms: right.items.map((item) => compared("=", item)) };
  }
  if (right.kind === "RangeExpression" && column.type === "number") {
    range(c, right);
    return { kind: "and", terms: [compared(">=", right.from), compared("<=", right.to)] };
  }
  c.error(right, "a list is needed here, in brackets", "for instance `[1, 2]` or `1..3`");
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
      c.error(
        value,
        word === undefined
          ? `\`${name}\` is compared with a word`
          : `\`${name}\` is never \`${word}\``,
        help(c, word ?? "", column.words!, "it is one of"),
      );
    }
    return word ?? "";
  }
  if (text === undefined) {
    c.error(value, `\`${name}\` is compared with a component`, "for instance `a3.*`");
    return "";
  }
  const side: Side = column.side === "node" ? "any" : column.side;
  component(c, { text, span: value.span }, side, model);
  return text;
}
