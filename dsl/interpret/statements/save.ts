/**
 * `save VALUE to "FILE"`: a circuit or a table, in the form of the file's ending.
 *
 * @module
 */
import { saveCircuit, tableForms } from "../../../runtime/circuits/mod.ts";
import { formFor, showEndings } from "../../../base/file_forms.ts";
import { fileProblem } from "../../../base/file_problem.ts";
import { writeWhole } from "../../../base/whole_file.ts";
import type { SaveStatement } from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { at, fail } from "../error.ts";
import { evaluate } from "../expressions.ts";
import { kindName } from "../values.ts";

export async function runSave(
  { value: expression, file }: SaveStatement,
  context: Context,
): Promise<void> {
  const { scope, session } = context;
  const value = await evaluate(expression, context);
  if (session.planner) return;
  const place = scope.place(file);
  const path = scope.path(file.value);
  if (value.kind === "circuit") {
    const name = scope.written(expression);
    const { provenance } = value.circuit;
    const circuit = /^\w+$/.test(name)
      ? { ...value.circuit, provenance: { ...provenance, name } }
      : value.circuit;
    const width = value.model?.model.architecture.width;
    const losses = await at(
      place,
      () => saveCircuit(path, circuit, width === undefined ? {} : { width }),
    );
    for (const loss of losses) session.host.note(`note: ${file.value}: ${loss}`);
  } else if (value.kind === "table") {
    const form = formFor(tableForms, path) ??
      fail(place, `a table is saved as ${showEndings(tableForms)}`);
    try {
      await writeWhole(path, form.write(value.table));
    } catch (error) {
      fail(place, `cannot write ${JSON.stringify(file.value)}: ${fileProblem(error)}`);
    }
  } else {
    fail(scope.place(expression), `${kindName(value)} cannot be saved`, "circuits and tables can");
  }
  session.host.note(`saved ${scope.written(expression)} to ${file.value}`);
}
