/** `save VALUE to "FILE"`: a circuit or a table, in the form of the file's ending. @module */
import { saveCircuit, tableForms } from "../../../runtime/circuits/mod.ts";
import { formFor, showEndings } from "../../../base/file_forms.ts";
import { writeWhole } from "../../../base/whole_file.ts";
import type { StatementOf } from "../../check/program.ts";
import type { Context } from "../context.ts";
import { at, fail } from "../error.ts";
import type { Value } from "../values.ts";

export async function runSave(
  { value: expression, file }: StatementOf<"save">,
  context: Context,
): Promise<void> {
  const { source, effects, interpreter } = context;
  const value = await interpreter.valueOfExpression(expression, context);
  const written = source.written(expression);
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
