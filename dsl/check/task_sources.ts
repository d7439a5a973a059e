/** Checks of tasks whose prompts come from a file or from a generator. @module */
import { COLUMN_ROLES, SPLITS } from "../../runtime/tasks/definition.ts";
import { GENERATORS } from "../../runtime/tasks/generators/table.ts";
import type { TaskDeclaration } from "../syntax/tree.ts";
import { type Checker, oneOf, use } from "./checker.ts";
import { all, first, unrepeated } from "./fields.ts";
import { exists, notEmpty } from "./exists.ts";
import type { DataFields, GeneratorFields, Open } from "./program.ts";
import { lookUp, type Symbol } from "./symbols.ts";
import { number } from "./values.ts";

const TEMPLATE_FIELDS = new Set(["VaryField", "PromptField", "AnswerField", "WhereField"]);

/** @param isDrawn true for a task whose examples are drawn by its name, or by its program's */
export function onlyTemplates(
  c: Checker,
  node: TaskDeclaration,
  why: string,
  isDrawn: boolean,
): void {
  const odd = node.fields.find(({ kind }) => TEMPLATE_FIELDS.has(kind)) ??
    (isDrawn ? undefined : first(node.fields, "DrawnAsField")) ??
    (first(node.fields, "DataField") && first(node.fields, "GenerateField"));
  if (odd) {
    c.error(odd, `the task \`${node.name.text}\` ${why}, so this has no use`, "remove it");
  }
}

export function fileOnly(c: Checker, field: TaskDeclaration["fields"][number]): void {
  if (field.kind === "ColumnsField" || field.kind === "SkipField") {
    c.error(
      field,
      "only a task with `data` has columns and rows",
      'add `data "FILE"`, or remove this',
    );
  }
}

/** Checks what only a task with `data` has. */
export function dataFields(
  c: Checker,
  node: TaskDeclaration,
): Pick<DataFields, "files" | "columns" | "skipBrokenRows"> {
  const bySplit: Record<string, string> = {};
  const columns: Record<string, string> = {};
  for (const { files } of all(node.fields, "DataField")) {
    const named = unrepeated(c);
    for (const { split, file } of files) {
      if (split === undefined && files.length > 1) {
        c.error(file, "which split is this file?", 'write `train "FILE", test "FILE"`');
      } else if (split !== undefined && oneOf(c, split, SPLITS, "split")) {
        named(split);
        bySplit[split.text] = file.value;
      }
      exists(c, file);
    }
  }
  for (const { entries } of all(node.fields, "ColumnsField")) {
    const named = unrepeated(c);
    for (const { role, column } of entries) {
      if (oneOf(c, role, COLUMN_ROLES, "column")) named(role);
      columns[role.text] = column.value;
      notEmpty(c, column, "the name of a column");
    }
  }
  for (const { words, span } of all(node.fields, "SkipField")) {
    if (words.map(({ text }) => text).join(" ") !== "broken rows") {
      c.error({ span }, "only broken rows can be skipped", "write `skip broken rows`");
    }
  }
  const [{ split, file }] = first(node.fields, "DataField")!.files;
  return {
    files: split === undefined ? file.value : bySplit,
    columns,
    skipBrokenRows: first(node.fields, "SkipField") !== undefined,
  };
}

/** Checks what makes a task up: a generator, or a program of the script. */
export function generator(
  c: Checker,
  field: Extract<TaskDeclaration["fields"][number], { kind: "GenerateField" }>,
):
  | { readonly program: Symbol }
  | { readonly generator: string; readonly options: Open<GeneratorFields["options"]> } {
  const known = lookUp(c.scope, field.generator.text);
  if (known?.type === "program") {
    use(c, field.generator.span, known);
    if (field.options.length > 0) {
      c.error(field.options[0].name, "the inputs of a program take no options");
    }
    return { program: known };
  }
  const made: Record<string, Open<string | number>> = {};
  const checked = { generator: field.generator.text, options: made };
  if (!oneOf(c, field.generator, GENERATORS.map(({ name }) => name), "generator")) return checked;
  const { options } = GENERATORS.find(({ name }) => name === field.generator.text)!;
  const named = unrepeated(c);
  for (const { name, value } of field.options) {
    if (!oneOf(c, name, Object.keys(options), "option")) continue;
    named(name);
    const option = options[name.text];
    if (option.kind === "integer") {
      const { least, most } = option;
      made[name.text] = number(c, value, { what: `\`${name.text}\``, whole: true, least, most });
    } else if (value.kind === "Path") {
      made[name.text] = value.text;
      oneOf(c, value, option.values, name.text);
    } else if (value.kind !== "TextLiteral" || !option.values.includes(value.value)) {
      c.error(value, `\`${name.text}\` is one of ${option.values.join(", ")}`);
    } else made[name.text] = value.value;
  }
  return checked;
}
