/**
 * Expressions and one-line statements as text.
 *
 * @module
 */
import type { Expression, Name, Path, Statement, StepCount } from "../syntax/tree.ts";
import type { Pieces } from "./layout.ts";

/** Collects text; the outermost lists are kept apart, since they may be set out over lines. */
export interface Writer {
  readonly pieces: (string | string[])[];
  write(text: string): void;
  /** Writes a list's brackets around its items. */
  list<T>(items: readonly T[], write: (item: T) => void): void;
}

export function writer(): Writer {
  const pieces: (string | string[])[] = [""];
  let depth = 0;
  const write = (text: string) => {
    const last = pieces.length - 1;
    const piece = pieces[last];
    if (typeof piece === "string") pieces[last] = piece + text;
    else piece[piece.length - 1] += text;
  };
  return {
    pieces,
    write,
    list: (items, writeItem) => {
      write("[");
      const outermost = depth++ === 0;
      if (outermost) pieces.push([]);
      items.forEach((item, i) => {
        if (outermost) (pieces.at(-1) as string[]).push("");
        else if (i > 0) write(", ");
        writeItem(item);
      });
      depth--;
      if (outermost) pieces.push("");
      write("]");
    },
  };
}

/** The text of a writer in one line. */
export function flat(w: Writer): string {
  return w.pieces.map((piece) => typeof piece === "string" ? piece : piece.join(", ")).join("");
}

type Write<N> = (w: Writer, node: N) => void;
type Table = { readonly [K in Expression["kind"]]: Write<Extract<Expression, { kind: K }>> };

const TABLE: Table = {
  NumberLiteral: (w, node) => w.write(node.text),
  TextLiteral: (w, node) => w.write(node.text),
  Component: (w, node) => w.write(node.text),
  Path: (w, node) => w.write(node.text),
  OperatorArgument: (w, node) => w.write(node.operator === "=" ? "==" : node.operator),
  ListLiteral: (w, node) => w.list(node.items, (item) => expression(w, item)),
  RangeExpression: (w, node) => {
    expression(w, node.from);
    const tight = isTight(node.from) && isTight(node.to);
    w.write(tight ? ".." : " .. ");
    expression(w, node.to);
  },
  CallExpression: (w, node) => {
    w.write(`${node.callee.text}(`);
    separated(w, node.arguments, (item) => expression(w, item));
    w.write(")");
  },
  GroupExpression: (w, node) => {
    w.write("(");
    expression(w, node.inner);
    w.write(")");
  },
  UnaryExpression: (w, node) => {
    w.write(node.operator === "not" ? "not " : "-");
    expression(w, node.operand);
  },
  BinaryExpression: (w, node) => {
    expression(w, node.left);
    w.write(` ${node.operator} `);
    expression(w, node.right);
  },
  WithoutExpression: (w, node) => {
    expression(w, node.circuit);
    w.write(" without ");
    const { selections } = node;
    const write = ({ from, to }: (typeof selections)[number]) =>
      w.write(from.text + (to ? ` -> ${to.text}` : ""));
    if (node.bracketed) w.list(selections, write);
    else selections.forEach(write);
  },
  AboveExpression: (w, node) => {
    expression(w, node.circuit);
    w.write(" above ");
    expression(w, node.threshold);
  },
  TopExpression: (w, node) => {
    w.write("top ");
    expression(w, node.amount);
    w.write(" of ");
    expression(w, node.circuit);
  },
  ComplementExpression: (w, node) => {
    w.write("complement of ");
    expression(w, node.circuit);
  },
  ListQuery: (w, node) => {
    w.write(`${node.count ? "count " : ""}${node.what} of `);
    expression(w, node.circuit);
    if (node.from) w.write(` from ${node.from.text}`);
    if (node.to) w.write(` to ${node.to.text}`);
    if (node.via.length > 0) w.write(` via ${texts(node.via)}`);
    if (node.where) {
      w.write(" where ");
      expression(w, node.where);
    }
    if (node.groupBy.length > 0) w.write(` group by ${texts(node.groupBy)}`);
    if (node.orderBy.length > 0) {
      const keys = node.orderBy.map(({ field, direction }) =>
        field.text + (direction ? ` ${direction}` : "")
      );
      w.write(` order by ${keys.join(", ")}`);
    }
    if (node.limit) {
      w.write(" limit ");
      expression(w, node.limit);
    }
  },
  WhyQuery: (w, node) => {
    w.write(`why ${node.node.text} in `);
    expression(w, node.circuit);
  },
  OverlapQuery: (w, node) => {
    w.write("overlap ");
    circuits(w, node.circuits);
  },
  StabilityQuery: (w, node) => {
    w.write("stability of ");
    expression(w, node.circuit);
    w.write(" over ");
    expression(w, node.count);
    w.write(` ${node.over.text}`);
  },
  RunQuery: (w, node) => {
    w.write("run ");
    expression(w, node.circuit);
    w.write(` on ${node.prompt.text}`);
    if (node.corrupted) w.write(` corrupted ${node.corrupted.text}`);
  },
  EvaluateQuery: (w, node) => {
    w.write("evaluate ");
    circuits(w, node.circuits);
    where(w, node);
    if (node.against) {
      w.write(" against ");
      expression(w, node.against);
    }
    by(w, node.by);
  },
  CompareQuery: (w, node) => {
    w.write("compare ");
    circuits(w, node.circuits);
    where(w, node);
    by(w, node.by);
  },
};

export function expression(w: Writer, node: Expression): void {
  (TABLE[node.kind] as Write<Expression>)(w, node);
}

/** True if `..` may follow or precede without a space. */
function isTight(node: Expression): boolean {
  return node.kind === "NumberLiteral" || (node.kind === "Path" && node.parts.length === 1);
}

/** Items with commas between them. */
export function separated<T>(w: Writer, items: readonly T[], write: (item: T) => void): void {
  items.forEach((item, i) => {
    if (i > 0) w.write(", ");
    write(item);
  });
}

function circuits(w: Writer, items: readonly Expression[]): void {
  separated(w, items, (item) => expression(w, item));
}

function where(w: Writer, node: { on: Path | undefined; corruption: Name | undefined }): void {
  if (node.on) w.write(` on ${node.on.text}`);
  if (node.corruption) w.write(` corrupted by ${node.corruption.text}`);
}

function by(w: Writer, names: readonly Name[]): void {
  if (names.length > 0) w.write(` by ${texts(names)}`);
}

export function texts(nodes: readonly { readonly text: string }[]): string {
  return nodes.map(({ text }) => text).join(", ");
}

export function stepCount(w: Writer, node: StepCount): void {
  expression(w, node.value);
  if (node.unit) w.write(" steps");
}

/** Text of a statement up to its brace. */
export function statementHead(
  node: Extract<Statement, { readonly body: unknown }>,
): string {
  switch (node.kind) {
    case "ModelDeclaration":
      return `model ${node.name.text}`;
    case "TaskDeclaration":
      return `task ${node.name.text}`;
    case "CorruptionDeclaration":
      return `corruption ${node.name.text} of ${node.task.text}`;
    case "ScheduleDeclaration":
      return `schedule ${node.name.text}`;
    case "CircuitDeclaration":
      return `circuit ${node.name.text}`;
    case "ProgramDeclaration":
      return `program ${node.name.text}`;
    case "SweepStatement": {
      const w = writer();
      node.variables.forEach(({ name, values }, i) => {
        w.write(`${i > 0 ? ", " : "sweep "}${name.text} from `);
        expression(w, values);
      });
      return flat(w);
    }
  }
}

/** A statement without a block, as pieces. */
export function inline(node: Exclude<Statement, { readonly body: unknown }>): Pieces {
  const w = writer();
  switch (node.kind) {
    case "LetStatement":
      w.write(`let ${node.name.text} = `);
      expression(w, node.value);
      break;
    case "ImportStatement":
      w.write(`import ${node.file.text}`);
      break;
    case "PlotStatement":
      w.write(`plot ${node.what.text} of `);
      circuits(w, node.circuits);
      where(w, node);
      by(w, node.by);
      w.write(` to ${node.file.text}`);
      break;
    case "SaveStatement":
      w.write("save ");
      expression(w, node.value);
      w.write(` to ${node.file.text}`);
      break;
    case "ExpectStatement":
      w.write("expect ");
      expression(w, node.condition);
      break;
    case "ShowStatement":
      expression(w, node.value);
      break;
    case "BrokenStatement":
      throw new Error("Cannot format a statement that does not parse");
  }
  return w.pieces;
}
