/**
 * Fields of blocks as lines.
 *
 * @module
 */
import type { Field, ScheduleField, SparsityField } from "../syntax/tree.ts";
import { wordOf } from "../syntax/field_word.ts";
import { fitted, type Line } from "./layout.ts";
import { expression, flat, separated, stepCount, texts, type Writer, writer } from "./text.ts";

/** Widths of the columns of a block: its words, and the variables of its `vary` fields. */
export interface Columns {
  readonly words: number;
  readonly variables: number;
}

export const NO_COLUMNS: Columns = { words: 0, variables: 0 };

/** The columns that a block's fields are aligned to. */
export function columnsOf(fields: readonly Field[]): Columns {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(({ length }) => length));
  return {
    words: widest(fields.filter(({ kind }) => kind !== "EdgesField").map(wordOf)),
    variables: widest(
      fields.flatMap((field) => field.kind === "VaryField" ? [texts(field.names)] : []),
    ),
  };
}

/** A field's lines. */
export function fieldLines(field: Field, depth: number, columns: Columns): Line[] {
  if (field.kind === "EdgesField") return edgeLines(field, depth);
  const w = writer();
  w.write(`${wordOf(field).padEnd(columns.words)} `);
  value(w, field, columns);
  return fitted(w.pieces, depth);
}

function edgeLines(field: Extract<Field, { kind: "EdgesField" }>, depth: number): Line[] {
  if (field.edges.length === 0) return [{ depth, text: "edges {}" }];
  const names = field.edges.map(({ from, to }) => `${from.text} -> ${to.text}`);
  const column = Math.max(...names.map((name) => name.length));
  const inside = field.edges.map(({ score }, i): Line => {
    if (!score) return { depth: depth + 1, text: names[i] };
    const w = writer();
    w.write(`${names[i].padEnd(column)}  `);
    expression(w, score);
    return { depth: depth + 1, text: flat(w) };
  });
  return [{ depth, text: "edges {" }, ...inside, { depth, text: "}" }];
}

/** Writes the part of a field after its word. */
function value(
  w: Writer,
  field: Exclude<Field, { kind: "EdgesField" }>,
  columns: Columns,
): void {
  switch (field.kind) {
    case "FromField":
      return w.write(field.source.text);
    case "ConventionField":
      return w.write(field.what.text);
    case "VaryField":
      w.write(`${texts(field.names).padEnd(columns.variables)} from `);
      return expression(w, field.values);
    case "PromptField":
      return w.write(field.text.text);
    case "AnswerField":
      w.write(texts(field.texts));
      if (field.each) {
        w.write(` for ${field.each.variable.text} in `);
        expression(w, field.each.values);
        clause(w, field.each.where);
      }
      return clause(w, field.where);
    case "WhereField":
      return expression(w, field.condition);
    case "MetricField":
    case "ValueField":
    case "OutputField":
      return expression(w, field.value);
    case "ExamplesField":
      return separated(w, field.entries, ({ split, count }) => {
        w.write(`${split.text} `);
        expression(w, count);
      });
    case "DataField":
      return w.write(
        field.files.map(({ split, file }) => (split ? `${split.text} ` : "") + file.text).join(
          ", ",
        ),
      );
    case "GenerateField":
      w.write(field.generator.text);
      if (field.options.length === 0) return;
      w.write(" with ");
      return separated(w, field.options, ({ name, value }) => {
        w.write(`${name.text} `);
        expression(w, value);
      });
    case "ColumnsField":
      return w.write(
        field.entries.map(({ role, column }) => `${role.text} ${column.text}`).join(", "),
      );
    case "SkipField":
      return w.write(field.words.map(({ text }) => text).join(" "));
    case "NamesField":
      return w.write(texts(field.names));
    case "SetField":
      w.write(`${field.name.text} to `);
      return expression(w, field.value);
    case "SparsityField":
      return sparsity(w, field.form);
    case "LearningRateField":
      return separated(w, field.entries, ({ of, rate }) => {
        if (of) w.write(`${of.text} `);
        expression(w, rate);
      });
    case "WarmUpField":
      return stepCount(w, field.count);
    case "ChoiceField":
      return w.write(field.value.text);
    case "ForField":
      return w.write(
        field.task.text + (field.corruption ? ` corrupted by ${field.corruption.text}` : ""),
      );
    case "UsingField":
      w.write(field.schedule.text);
      if (field.overrides.length === 0) return;
      w.write(" with ");
      return separated(w, field.overrides, (override: ScheduleField) => {
        w.write(`${wordOf(override)} `);
        value(w, override, NO_COLUMNS);
      });
    case "StartField":
      return w.write(`from ${field.circuit.text}`);
    case "KeepField":
      if (field.above) w.write("above ");
      return expression(w, field.amount);
    case "OverField":
      expression(w, field.values);
      if (!field.length) return;
      w.write(" length ");
      return expression(w, field.length);
    case "LetField":
      w.write(`${field.name.text} = `);
      return expression(w, field.value);
  }
}

function clause(w: Writer, condition: Parameters<typeof expression>[1] | undefined): void {
  if (!condition) return;
  w.write(" where ");
  expression(w, condition);
}

function sparsity(w: Writer, form: SparsityField["form"]): void {
  if (form.kind === "Off") return w.write("off");
  if (form.kind === "Points") {
    return w.list(form.points, ({ value, at }) => {
      expression(w, value);
      w.write(" at ");
      stepCount(w, at);
    });
  }
  expression(w, form.from);
  if (form.to) {
    w.write(" -> ");
    expression(w, form.to);
  }
  if (form.over) {
    w.write(" over ");
    stepCount(w, form.over);
  }
  if (form.by) w.write(` by ${form.by.text}`);
}
