/**
 * `task`, `corruption`, `schedule` and `program`: declarations that only become records; prompts are drawn when a model's
 * tokenizer is at hand.
 *
 * @module
 */
import {
  checkCorruption,
  checkTask,
  type CorruptionDefinition,
  type TaskDefinition,
} from "../../../runtime/tasks/mod.ts";
import type { RaspProgram } from "../../../runtime/programs/mod.ts";
import type {
  DataFields,
  GeneratorFields,
  Schedule,
  StatementOf,
  TaskBasics,
} from "../../check/program.ts";
import type { Context } from "../context.ts";
import { at } from "../error.ts";
import { valueOf } from "../operands.ts";
import { settle } from "../settle.ts";
import type { TaskValue } from "../values.ts";

export async function runTask(checked: StatementOf<"task">, context: Context): Promise<void> {
  const { symbol, places } = checked;
  context.env.set(symbol, {
    kind: "task",
    name: symbol.name,
    file: context.source.file,
    places,
    source: await sourceOf(checked, context),
  });
  for (const { checked: corruption } of checked.carried ?? []) {
    await runCorruption(corruption, context);
    const { name } = corruption.symbol;
    context.effects.note(`\`${name}\` is a corruption of the new \`${symbol.name}\` too`, context);
  }
}

async function sourceOf(
  { source, places }: StatementOf<"task">,
  context: Context,
): Promise<TaskValue["source"]> {
  switch (source.kind) {
    case "data": {
      const { examples, files, ...rest } = await settle<DataFields>(source.definition, context);
      const { path } = context.source;
      const paths = typeof files === "string"
        ? path(files)
        : Object.fromEntries(Object.entries(files).map(([split, file]) => [split, path(file)]));
      for (const each of typeof paths === "string" ? [paths] : Object.values(paths)) {
        context.effects.read(each);
      }
      return { kind: "data", definition: { ...rest, files: paths, ...(examples && { examples }) } };
    }
    case "generator": {
      const definition = await settle<GeneratorFields>(source.definition, context);
      return { kind: "generator", definition };
    }
    case "program": {
      const { plan } = valueOf("program", source.program, context);
      const definition = await settle<TaskBasics>(source.definition, context);
      return { kind: "program", plan, definition };
    }
    case "templates": {
      const definition = await settle<TaskDefinition>(source.definition, context);
      await at(context.source.place({ span: places.name }), () => checkTask(definition));
      return { kind: "templates", definition };
    }
  }
}

export async function runCorruption(
  { symbol, task: use, definition: open }: StatementOf<"corruption">,
  context: Context,
): Promise<void> {
  const task = valueOf("task", use.symbol, context);
  const place = context.source.place(symbol);
  const definition = await settle<CorruptionDefinition>(open, context);
  const { source } = task;
  if (source.kind === "templates") {
    await at(place, () => checkCorruption(source.definition, definition));
  }
  context.env.set(symbol, { kind: "corruption", name: symbol.name, task, definition, place });
}

export async function runSchedule(
  { symbol, schedule }: StatementOf<"schedule">,
  context: Context,
): Promise<void> {
  const settled = await settle<Schedule>(schedule, context);
  context.env.set(symbol, { kind: "schedule", name: symbol.name, schedule: settled });
}

/** A program is compiled at once, so that what is wrong with it shows where it stands. */
export async function runProgramDeclaration(
  { symbol, definition }: StatementOf<"program">,
  context: Context,
): Promise<void> {
  const program = await settle<RaspProgram>(definition, context);
  const place = context.source.place(symbol);
  const plan = await at(place, () => context.session.compile(program));
  context.env.set(symbol, { kind: "program", name: symbol.name, plan });
}
