/** Checks of statements: a table from kind of node to its checks. @module */
import { shownNumber } from "../../base/number_text.ts";
import { type FileForm, formFor, showEndings } from "../../base/file_forms.ts";
import { normalize } from "../../base/paths.ts";
import { circuitForms } from "../../runtime/circuits/forms/mod.ts";
import { tableForms } from "../../runtime/tables/forms/mod.ts";
import { circuitPlots, isPlot } from "../../runtime/evaluation/plots/mod.ts";
import type {
  ExpectStatement,
  Expression,
  LetStatement,
  PlotStatement,
  SaveStatement,
  Statement,
  SweepStatement,
  TaskDeclaration,
} from "../syntax/tree.ts";
import { CIRCUIT_METRICS, PLOTS, TASK_METRICS } from "../reference/measures.ts";
import { type Checker, declare, declared, inside, need, oneOf, typeOf } from "./checker.ts";
import { carriedCorruptions } from "./carried.ts";
import { circuit } from "./circuits.ts";
import { corruption } from "./corruptions.ts";
import { notEmpty } from "./exists.ts";
import { importFile } from "./imports.ts";
import { model } from "./models.ts";
import { program } from "./programs.ts";
import type { CheckedExpression, CheckedStatement, StatementOf } from "./program.ts";
import { measured, withTask } from "./queries.ts";
import { range } from "./ranges.ts";
import { schedule } from "./schedules.ts";
import { lookUp, type Typed } from "./symbols.ts";
import { fileName, sweptName } from "./written_files.ts";
import { task } from "./tasks.ts";
import { valuesFor } from "./variables.ts";

type Check<N> = (c: Checker, node: N) => CheckedStatement | undefined;
type Checks = { readonly [K in Statement["kind"]]: Check<Extract<Statement, { kind: K }>> };

const CHECKS: Checks = {
  ModelDeclaration: model,
  TaskDeclaration: taskDeclaration,
  CorruptionDeclaration: corruption,
  ScheduleDeclaration: schedule,
  CircuitDeclaration: circuit,
  ProgramDeclaration: program,
  LetStatement: letStatement,
  ImportStatement: importFile,
  SweepStatement: sweep,
  PlotStatement: plot,
  SaveStatement: save,
  ExpectStatement: expect,
  ShowStatement: (c, { value }) => ({ kind: "show", value: resultOf(c, value) }),
  BrokenStatement: () => undefined,
};

/** Checks one statement and declares the name that it gives; undefined where nothing of it runs. */
export function statement(c: Checker, node: Statement): CheckedStatement | undefined {
  return (CHECKS[node.kind] as Check<Statement>)(c, node);
}

function taskDeclaration(c: Checker, node: TaskDeclaration): StatementOf<"task"> {
  const before = c.context.redefine ? lookUp(c.scope, node.name.text) : undefined;
  const checked = task(c, node);
  if (before?.type !== "task") return checked;
  return { ...checked, carried: carriedCorruptions(c, before) };
}

const PLOT_FORMS: readonly FileForm[] = [
  { name: "svg", of: "plot", endings: [".svg"], about: "a drawing" },
];

function letStatement(c: Checker, node: LetStatement): StatementOf<"let"> {
  const value = typeOf(c, node.value);
  if (["model", "task", "corruption", "schedule", "program"].includes(value.type)) {
    c.error(
      node.value,
      `a ${value.type} has one name`,
      "`let` names numbers, texts, lists, circuits and tables",
    );
  }
  return { kind: "let", symbol: declared(c, node, value), value };
}

/** Combinations that one sweep may have. */
const MOST_POINTS = 10_000;

function sweep(c: Checker, node: SweepStatement): StatementOf<"sweep"> {
  const inner = inside(c);
  let points = 1;
  const variables = node.variables.map(({ name, values: node }) => {
    const { values, typed, count } = sweepValues(c, node);
    points *= count;
    return { symbol: declare(inner, name, typed, { inner: "sweep" }), values };
  });
  if (points > MOST_POINTS) {
    c.error(
      { span: { start: node.span.start, end: node.body.start } },
      `this sweep has ${shownNumber(points)} points, and at most ${MOST_POINTS} are run`,
    );
  }
  if (node.statements.length === 0 && !node.damaged) {
    c.error(
      { span: node.body },
      "there is nothing to repeat",
      "write statements between the braces",
    );
  }
  const statements = node.statements.flatMap((each) => {
    if (each.kind !== "ImportStatement") return statement(inner, each) ?? [];
    c.error(each, "an import stands outside of sweeps", "move it to the top");
    return [];
  });
  return { kind: "sweep", variables, statements };
}

/** Type of a sweep's variable, and the number of its values. */
function sweepValues(
  c: Checker,
  node: Expression,
): { readonly values: CheckedExpression; readonly typed: Typed; readonly count: number } {
  if (node.kind === "RangeExpression") {
    const { values: checked, ends } = range(c, node);
    if (!ends) return { values: checked, typed: { type: "unknown" }, count: 1 };
    const count = ends.to - ends.from + 1;
    // A bound that both ends of the range keep, all values keep.
    const values = count <= 100
      ? Array.from({ length: count }, (_, i) => ends.from + i)
      : [ends.from, ends.to];
    return { values: checked, typed: { type: "number", values }, count };
  }
  if (node.kind === "ListLiteral") {
    const items = node.items.map((item) => need(c, item, ["number", "text", "circuit"]));
    if (items.length === 0) c.error(node, "a list of values cannot be empty");
    const [first] = items;
    const checked = { kind: "list", type: "list", items, span: node.span } as const;
    const unknown = { values: checked, typed: { type: "unknown" }, count: items.length } as const;
    if (items.some(({ type }) => type !== first.type && type !== "unknown")) {
      c.error(node, "the values of a sweep are of one kind");
      return unknown;
    }
    if (first === undefined) return unknown;
    if (first.type !== "number") {
      const { type, model, task, ablation } = first;
      const same = items.every((item) => item.ablation === ablation);
      const typed = {
        type,
        ...(model && { model }),
        ...(task && { task }),
        ...(ablation && same && { ablation }),
      };
      return { values: checked, typed, count: items.length };
    }
    const share = items.every(({ share }) => share === true);
    // Shares and numbers of edges in one list are distinguished when the sweep runs.
    const known = items.every(({ values, share: one }) =>
      values?.length === 1 && (one === true) === share
    );
    const values = known && items.map(({ values }) => values![0]);
    return {
      values: checked,
      typed: { type: "number", share, ...(values && { values }) },
      count: items.length,
    };
  }
  const values = node.kind === "CallExpression" && node.callee.text === "lines"
    ? valuesFor(c, node, []).values
    : typeOf(c, node);
  if (values.type !== "list" && values.type !== "unknown") {
    c.error(node, "a list or a range is needed here", "for instance `[94%, 96%]` or `1..3`");
  }
  return { values, typed: { type: "unknown" }, count: 1 };
}

function plot(c: Checker, node: PlotStatement): StatementOf<"plot"> {
  const known = [...TASK_METRICS, ...CIRCUIT_METRICS, ...PLOTS].map(({ word }) => word);
  const ok = oneOf(c, node.what, known, "plot");
  const ofCircuits = isPlot(node.what.text) ? circuitPlots[node.what.text] : undefined;
  const { circuits, occasion } = measured(c, node);
  if (ofCircuits && node.circuits.length < ofCircuits.least) {
    c.error(node.what, `\`${ofCircuits.name}\` compares two circuits or more`);
  }
  if (ok && !ofCircuits && !node.on) {
    withTask(c, circuits);
  }
  if (node.by.length > 0) {
    c.error(node.by[0], "`by` has no use in a plot", "the metric stands behind `plot`");
  }
  ending(c, node, PLOT_FORMS);
  const over = sweptName(c, node.over);
  if (over && ofCircuits) {
    c.error(node.over!, `\`${ofCircuits.name}\` has no values to draw over a sweep`);
  }
  const file = fileName(c, node.file, node.over !== undefined);
  return { kind: "plot", what: node.what.text, circuits, occasion, over, file, span: node.span };
}

function save(c: Checker, node: SaveStatement): StatementOf<"save"> {
  c.saved.add(normalize(node.file.value));
  const value = resultOf(c, node.value);
  const { type } = value;
  if (type === "circuit") ending(c, node, circuitForms);
  else if (type === "table") ending(c, node, tableForms);
  else if (type !== "unknown") {
    c.error(
      node.value,
      `circuits and tables are saved, and this is ${
        type === "truth" ? "true or false" : `a ${type}`
      }`,
    );
  }
  const once = node.value.kind === "EvaluateQuery" && node.value.over !== undefined;
  return { kind: "save", value, file: fileName(c, node.file, once) };
}

/** The value of a statement that shows or saves it: an `evaluate` of it may be over a sweep. */
function resultOf(c: Checker, node: Expression): CheckedExpression {
  return typeOf(node.kind === "EvaluateQuery" ? { ...c, result: node } : c, node);
}

function ending(
  c: Checker,
  { file }: { readonly file: SaveStatement["file"] },
  forms: readonly FileForm[],
): void {
  notEmpty(c, file, "the name of a file");
  if (file.value === "" || formFor(forms, file.value)) return;
  c.error(
    file,
    `a ${forms[0].of} is not saved as ${
      /\.[^./]+$/.exec(file.value.toLowerCase())?.[0] ?? "a file without an ending"
    }`,
    `the endings are ${showEndings(forms)}`,
  );
}

function expect(c: Checker, node: ExpectStatement): StatementOf<"expect"> {
  const condition = typeOf(c, node.condition);
  const { type } = condition;
  if (type !== "truth" && type !== "unknown") {
    c.error(node.condition, "a condition is needed here", "for instance `expect kl(ep) < 0.25`");
  }
  return { kind: "expect", condition };
}
