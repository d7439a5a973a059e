/**
 * A task that a generator makes up, as the runtime's definition.
 *
 * @module
 */
import { type GeneratedDefinition, GENERATORS } from "../../../runtime/tasks/mod.ts";
import type { ProgramTaskDefinition } from "../../../runtime/programs/mod.ts";
import type { TaskDeclaration } from "../../syntax/tree.ts";
import { fail } from "../error.ts";
import type { Scope } from "../scope.ts";
import { numberOf, seedOf } from "./constant.ts";
import { fieldsOf } from "./fields.ts";
import { examplesOf, metricOf } from "./task.ts";

/** The definition of a task with `generate`. */
export function generatedDefinition(
  declaration: TaskDeclaration,
  scope: Scope,
): GeneratedDefinition {
  const { last, value } = fieldsOf(declaration.fields);
  const { generator, options } = last("GenerateField")!;
  const known = GENERATORS.find(({ name }) => name === generator.text);
  if (known === undefined) {
    const names = GENERATORS.map(({ name }) => name).join(", ");
    fail(
      scope.place(generator),
      `there is no generator \`${generator.text}\``,
      `there are ${names}`,
    );
  }
  return {
    name: declaration.name.text,
    generator: known.name,
    options: Object.fromEntries(options.map(({ name, value }) => [
      name.text,
      value.kind === "Path" && scope.lookup(value.text) === undefined
        ? value.text
        : value.kind === "TextLiteral"
        ? value.value
        : numberOf(value, scope),
    ])),
    metric: metricOf(declaration, scope),
    examples: examplesOf(last("ExamplesField"), scope),
    seed: seedOf(value("seed"), scope),
  };
}

/** The definition of a task whose prompts are a program's inputs: `generate reverse`. */
export function programTaskDefinition(
  declaration: TaskDeclaration,
  scope: Scope,
): ProgramTaskDefinition {
  const { last, value } = fieldsOf(declaration.fields);
  return {
    name: declaration.name.text,
    metric: metricOf(declaration, scope),
    examples: examplesOf(last("ExamplesField"), scope),
    seed: seedOf(value("seed"), scope),
  };
}
