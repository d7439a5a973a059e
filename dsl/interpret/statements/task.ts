/**
 * `task`, `corruption` and `schedule`: declarations that only become records; prompts are drawn when a
 * model's tokenizer is at hand.
 *
 * @module
 */
import { checkCorruption, checkTask } from "../../../runtime/tasks/mod.ts";
import type {
  CorruptionDeclaration,
  ScheduleDeclaration,
  TaskDeclaration,
} from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { at, fail } from "../error.ts";
import { corruptionDefinition } from "../lower/corruption.ts";
import { dataDefinition } from "../lower/data.ts";
import { fieldsOf } from "../lower/fields.ts";
import { generatedDefinition, programTaskDefinition } from "../lower/generated.ts";
import { scheduleOf } from "../lower/schedule.ts";
import { taskDefinition } from "../lower/task.ts";

export async function runTask(
  declaration: TaskDeclaration,
  { scope, define }: Context,
): Promise<void> {
  const name = declaration.name.text;
  const about = { kind: "task", name, file: scope.file, declaration } as const;
  if (fieldsOf(declaration.fields).last("DataField") !== undefined) {
    define(name, {
      ...about,
      source: { kind: "data", definition: dataDefinition(declaration, scope) },
    });
    return;
  }
  const generate = fieldsOf(declaration.fields).last("GenerateField");
  if (generate !== undefined) {
    const program = scope.lookup(generate.generator.text);
    if (program?.kind === "program") {
      const definition = programTaskDefinition(declaration, scope);
      define(name, { ...about, source: { kind: "program", plan: program.plan, definition } });
      return;
    }
    define(name, {
      ...about,
      source: { kind: "generator", definition: generatedDefinition(declaration, scope) },
    });
    return;
  }
  const definition = await taskDefinition(declaration, scope);
  await at(scope.place(declaration.name), () => checkTask(definition));
  define(name, { ...about, source: { kind: "templates", definition } });
}

export async function runCorruption(
  declaration: CorruptionDeclaration,
  { scope, define }: Context,
): Promise<void> {
  const name = declaration.name.text;
  const task = scope.lookup(declaration.task.text);
  if (task?.kind !== "task") {
    fail(scope.place(declaration.task), `\`${declaration.task.text}\` is not a task`);
  }
  if (task.source.kind !== "templates") {
    fail(
      scope.place(declaration.task),
      `\`${task.name}\` brings its corrupted prompts along, so it takes no corruption`,
    );
  }
  const definition = await corruptionDefinition(declaration, scope);
  const { definition: clean } = task.source;
  await at(scope.place(declaration.name), () => checkCorruption(clean, definition));
  define(name, {
    kind: "corruption",
    name,
    task,
    definition,
    file: scope.file,
    declaration,
  });
}

export function runSchedule(declaration: ScheduleDeclaration, { scope, define }: Context): void {
  const name = declaration.name.text;
  define(name, { kind: "schedule", name, schedule: scheduleOf(declaration.fields, scope) });
}
