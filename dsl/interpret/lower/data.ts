/**
 * A task whose prompts stand in a file, as the runtime's definition.
 *
 * @module
 */
import {
  type Column,
  COLUMN_ROLES,
  type DataDefinition,
  type Split,
  SPLITS,
} from "../../../runtime/tasks/mod.ts";
import type { TaskDeclaration } from "../../syntax/tree.ts";
import { fail } from "../error.ts";
import type { Scope } from "../scope.ts";
import { seedOf } from "./constant.ts";
import { fieldsOf } from "./fields.ts";
import { examplesOf, metricOf } from "./task.ts";

/** The definition of a task that reads its prompts from a file. */
export function dataDefinition(declaration: TaskDeclaration, scope: Scope): DataDefinition {
  const { all, last, value } = fieldsOf(declaration.fields);
  const data = last("DataField")!;
  const names: Partial<Record<Column, string>> = {};
  for (const { role, column } of all("ColumnsField").flatMap(({ entries }) => entries)) {
    const known = COLUMN_ROLES.find((each) => each === role.text);
    if (known === undefined) {
      fail(
        scope.place(role),
        `\`${role.text}\` is no column`,
        `columns are ${COLUMN_ROLES.join(", ")}`,
      );
    }
    names[known] = column.value;
  }
  const examples = last("ExamplesField");
  return {
    name: declaration.name.text,
    files: filesOf(),
    columns: names,
    metric: metricOf(declaration, scope),
    ...(examples === undefined ? {} : { examples: countsOf() }),
    seed: seedOf(value("seed"), scope),
    skipBrokenRows: last("SkipField") !== undefined,
  };

  /** One file that is split here, or one for each split. */
  function filesOf(): DataDefinition["files"] {
    const [{ split, file }] = data.files;
    if (split === undefined && data.files.length === 1) return scope.path(file.value);
    return Object.fromEntries(data.files.map(({ split, file }) => {
      const known = SPLITS.find((each) => each === split?.text);
      if (known !== undefined) return [known, scope.path(file.value)];
      fail(
        scope.place(split ?? file),
        "each file needs its split",
        `splits are ${SPLITS.join(", ")}`,
      );
    }));
  }

  /** Only the splits that the script names: the others take what the file has. */
  function countsOf(): Partial<Record<Split, number>> {
    const all = examplesOf(examples, scope);
    const named = new Set(examples!.entries.map(({ split }) => split.text));
    return Object.fromEntries(Object.entries(all).filter(([split]) => named.has(split)));
  }
}
