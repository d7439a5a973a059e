/** `save VALUE to "FILE"`: a circuit or a table, in the form of the file's ending. @module */
import { saveCircuit, tableForms } from "../../../runtime/circuits/mod.ts";
import { formFor, showEndings } from "../../../base/file_forms.ts";
import { writeWhole } from "../../../base/whole_file.ts";
import type { StatementOf } from "../../check/program.ts";
import type { Context } from "../context.ts";
import { at, fail } from "../error.ts";
import { type Gathered, overOf, swept } from "../sweep_results.ts";
import { fileAt, trying } from "../written_file.ts";
import type { Value } from "../values.ts";

export async function runSave(
  statement: StatementOf<"save">,
  context: Context,
): Promise<void> {
  const { value: expression } = statement;
  const { source, sweep, interpreter } = context;
  const value = await interpreter.valueOfExpression(expression, context);
  const over = overOf(expression);
  if (sweep === undefined || over === undefined || value.kind !== "table") {
    return await save(value, statement, context);
  }
  const { choices, results } = sweep;
  const finish = async (all: readonly Gathered[], whole: boolean) => {
    if (!whole) return;
    const table: Value = { kind: "table", table: swept(all, over) };
    await trying(source.place(statement.file), context, () => save(table, statement, context));
  };
  results.add(statement, { choices, table: value.table }, finish);
}

async function save(
  value: Value,
  { value: expression, file: name }: StatementOf<"save">,
  context: Context,
): Promise<void> {
  const { source, effects } = context;
  const written = source.written(expression);
  const file = fileAt(name, context);
  await effects.write(file, context, async (path) => {
    const place = source.place(file);
    const losses = await at(place, () => writeValue(value, written, path));
    if (losses === undefined) fail(place, `a table is saved as ${showEndings(tableForms)}`);
    for (const loss of losses) effects.note(`note: ${file.text}: ${loss}`, context);
  });
  effects.note(`saved ${written} to ${file.text}`, context);
}

/** Writes a circuit or a table; gives what the form cannot hold, or undefined where there is no form. */
async function writeValue(
  value: Value,
  written: string,
  path: string,
): Promise<readonly string[] | undefined> {
  if (value.kind === "circuit") {
    const { provenance } = value.circuit;
    const circuit = /^\w+$/.test(written)
      ? { ...value.circuit, provenance: { ...provenance, name: written } }
      : value.circuit;
    return await saveCircuit(path, circuit, { width: value.model.model.architecture.width });
  }
  const form = formFor(tableForms, path);
  if (value.kind !== "table" || form === undefined) return undefined;
  await writeWhole(path, form.write(value.table));
  const { notes = [] } = value.table;
  return form.holdsNotes ? [] : notes.map((note) => `this note is not written: ${note}`);
}
