/**
 * Checks of statements: a table from kind of node to its checks.
 *
 * @module
 */
import { type FileForm, formFor, showEndings } from "../../base/file_forms.ts";
import { normalize } from "../../base/packages/pathe.ts";
import { circuitForms } from "../../runtime/circuits/forms/mod.ts";
import { tableForms } from "../../runtime/tables/forms/mod.ts";
import { circuitPlots, isPlot } from "../../runtime/evaluation/plots/mod.ts";
import type {
  ExpectStatement,
  Expression,
  ImportStatement,
  LetStatement,
  PlotStatement,
  SaveStatement,
  ShowStatement,
  Statement,
  SweepStatement,
} from "../syntax/tree.ts";
import { CIRCUIT_METRICS, PLOTS, TASK_METRICS } from "../reference/measures.ts";
import { type Checker, declare, error, inside, oneOf } from "./checker.ts";
import { circuit } from "./circuits.ts";
import { corruption } from "./corruptions.ts";
import { need, range, typeOf } from "./expressions.ts";
import { importFile } from "./imports.ts";
import { model } from "./models.ts";
import { program } from "./programs.ts";
import { notEmpty, occasion, withTask } from "./queries.ts";
import { schedule } from "./schedules.ts";
import { symbolOf, type Typed } from "./symbols.ts";
import { task } from "./tasks.ts";
import { shown } from "./values.ts";

type Check<N> = (c: Checker, node: N) => void;
type Checks = {
  readonly [K in Statement["kind"]]: readonly Check<Extract<Statement, { kind: K }>>[];
};

const CHECKS: Checks = {
  ModelDeclaration: [model],
  TaskDeclaration: [task],
  CorruptionDeclaration: [corruption],
  ScheduleDeclaration: [schedule],
  CircuitDeclaration: [circuit],
  ProgramDeclaration: [program],
  LetStatement: [letStatement],
  ImportStatement: [importStatement],
  SweepStatement: [sweep],
  PlotStatement: [plot],
  SaveStatement: [save],
  ExpectStatement: [expect],
  ShowStatement: [show],
  BrokenStatement: [],
};

/** Checks one statement and declares what it declares. */
export function statement(c: Checker, node: Statement): void {
  for (const check of CHECKS[node.kind] as readonly Check<Statement>[]) check(c, node);
}

const PLOT_FORMS: readonly FileForm[] = [
  { name: "svg", of: "plot", endings: [".svg"], about: "a drawing" },
];

function letStatement(c: Checker, node: LetStatement): void {
  const typed = typeOf(c, node.value);
  if (["model", "task", "corruption", "schedule", "program"].includes(typed.type)) {
    error(
      c,
      node.value.span,
      `a ${typed.type} has one name`,
      "`let` names numbers, texts, lists, circuits and tables",
    );
  }
  declare(c, symbolOf(node.name, c.file, typed, { doc: node.doc, declaration: node }));
}

function importStatement(c: Checker, node: ImportStatement): void {
  notEmpty(c, node.file, "the name of a file");
  importFile(c, node);
}

/** Combinations that one sweep may have. */
const MOST_POINTS = 10_000;

function sweep(c: Checker, node: SweepStatement): void {
  const inner = inside(c);
  let points = 1;
  for (const { name, values } of node.variables) {
    const { typed, count } = sweepValues(c, values);
    points *= count;
    declare(inner, symbolOf(name, c.file, typed, { inner: "sweep" }));
  }
  if (points > MOST_POINTS) {
    error(
      c,
      { start: node.span.start, end: node.body.start },
      `this sweep has ${shown(points)} points, and at most ${MOST_POINTS} are run`,
    );
  }
  if (node.statements.length === 0 && !node.damaged) {
    error(c, node.body, "there is nothing to repeat", "write statements between the braces");
  }
  for (const each of node.statements) {
    if (each.kind === "ImportStatement") {
      error(c, each.span, "an import stands outside of sweeps", "move it to the top");
    } else statement(inner, each);
  }
}

/** What a variable of a sweep may be, and how many values it takes. */
function sweepValues(c: Checker, node: Expression): { typed: Typed; count: number } {
  if (node.kind === "RangeExpression") {
    const ends = range(c, node.from, node.to);
    if (!ends) return { typed: { type: "unknown" }, count: 1 };
    const count = ends.to - ends.from + 1;
    // The ends stand for the range: a bound that they keep, all keep.
    const values = count <= 100
      ? Array.from({ length: count }, (_, i) => ends.from + i)
      : [ends.from, ends.to];
    return { typed: { type: "number", values }, count };
  }
  if (node.kind === "ListLiteral") {
    const items = node.items.map((item) => need(c, item, ["number", "text", "circuit"]));
    if (items.length === 0) error(c, node.span, "a list of values cannot be empty");
    const [first] = items;
    if (items.some(({ type }) => type !== first.type && type !== "unknown")) {
      error(c, node.span, "the values of a sweep are of one kind");
      return { typed: { type: "unknown" }, count: items.length };
    }
    if (first?.type !== "number") {
      return { typed: first ?? { type: "unknown" }, count: items.length };
    }
    const share = items.every(({ share }) => share === true);
    // Shares and numbers of edges in one list are told apart when the sweep runs.
    const known = items.every(({ values, share: one }) =>
      values?.length === 1 && (one === true) === share
    );
    const values = known && items.map(({ values }) => values![0]);
    return {
      typed: { type: "number", share, ...(values && { values }) },
      count: items.length,
    };
  }
  const { type } = typeOf(c, node);
  if (type !== "list" && type !== "unknown") {
    error(c, node.span, "a list or a range is needed here", "for instance `[94%, 96%]` or `1..3`");
  }
  return { typed: { type: "unknown" }, count: 1 };
}

function plot(c: Checker, node: PlotStatement): void {
  const known = [...TASK_METRICS, ...CIRCUIT_METRICS, ...PLOTS].map(({ word }) => word);
  const ok = oneOf(c, node.what, known, "plot");
  const ofCircuits = isPlot(node.what.text) ? circuitPlots[node.what.text] : undefined;
  const typed = occasion(c, node);
  if (ofCircuits && node.circuits.length < ofCircuits.least) {
    error(c, node.what.span, `\`${ofCircuits.name}\` compares two circuits or more`);
  }
  if (ok && !ofCircuits && !node.on) {
    withTask(c, node.circuits, typed);
  }
  ending(c, node, PLOT_FORMS);
}

function save(c: Checker, node: SaveStatement): void {
  c.saved.add(normalize(node.file.value));
  const { type } = typeOf(c, node.value);
  if (type === "circuit") ending(c, node, circuitForms);
  else if (type === "table") ending(c, node, tableForms);
  else if (type !== "unknown") {
    error(
      c,
      node.value.span,
      `circuits and tables are saved, and this is ${
        type === "truth" ? "true or false" : `a ${type}`
      }`,
    );
  }
}

function ending(
  c: Checker,
  { file }: { readonly file: SaveStatement["file"] },
  forms: readonly FileForm[],
): void {
  notEmpty(c, file, "the name of a file");
  if (file.value === "" || formFor(forms, file.value)) return;
  error(
    c,
    file.span,
    `a ${forms[0].of} is not saved as ${
      /\.[^./]+$/.exec(file.value.toLowerCase())?.[0] ?? "a file without an ending"
    }`,
    `the endings are ${showEndings(forms)}`,
  );
}

function expect(c: Checker, node: ExpectStatement): void {
  const { type } = typeOf(c, node.condition);
  if (type !== "truth" && type !== "unknown") {
    error(
      c,
      node.condition.span,
      "a condition is needed here",
      "for instance `expect kl(ep) < 0.25`",
    );
  }
}

function show(c: Checker, node: ShowStatement): void {
  typeOf(c, node.value);
}
