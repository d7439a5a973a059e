/** A task's examples, once a model's tokenizer is at hand. @module */
import {
  makeTask,
  type Task,
  TaskError,
  taskFromFiles,
  taskFromGenerator,
} from "../../runtime/tasks/mod.ts";
import { type CompiledProgram, taskFromProgram } from "../../runtime/programs/mod.ts";
import { fail, located, type Place } from "./error.ts";
import type { Host } from "./host.ts";
import type { CorruptionValue, ModelValue, TaskValue } from "./values.ts";

/**
 * Draws or reads the examples and tokenises them.
 *
 * @param place where the examples are asked for
 * @param host receives the progress of reading a file
 * @throws {ScriptError} at the part of the task's declaration that is at fault
 */
export async function makeExamples(
  { model, plan }: ModelValue,
  task: TaskValue,
  corruption: CorruptionValue | null,
  place: Place,
  host: Host,
): Promise<Task> {
  const { contextLength, vocabulary } = model.architecture;
  const limits = { contextLength, vocabulary };
  const { tokenizer } = model;
  const { source } = task;
  if (source.kind === "program" && !sameProgram(source.plan, plan)) {
    fail(
      place,
      `\`${model.name}\` does not come from \`${source.plan.program.name}\`, whose inputs \`${task.name}\` takes`,
    );
  }
  if (source.kind !== "data" && tokenizer === null) {
    fail(place, `\`${model.name}\` has no tokenizer, and the prompts of \`${task.name}\` are text`);
  }
  if (source.kind === "templates" && corruption === null) {
    fail(place, `\`${task.name}\` needs a corruption`, "write `corrupted by NAME`");
  }
  try {
    switch (source.kind) {
      case "data":
        return await taskFromFiles(source.definition, tokenizer, {
          ...limits,
          onProgress: ({ done, total }) =>
            host.progress({ label: task.name, step: done, steps: total, unit: "rows", values: [] }),
        }).finally(() => host.progressDone());
      case "generator":
        return await taskFromGenerator(source.definition, tokenizer!, limits);
      case "program":
        return taskFromProgram(source.plan, source.definition);
      case "templates":
        return await makeTask(source.definition, corruption!.definition, tokenizer!, limits);
    }
  } catch (error) {
    throw located(placeOf(task, corruption, error), error);
  }
}

/** True if both are compiled from one program, so that their tokens are the same. */
function sameProgram(a: CompiledProgram, b: CompiledProgram | undefined): boolean {
  return a === b || JSON.stringify(a.program) === JSON.stringify(b?.program);
}

/** The field at fault where the error's values tell, else the task's name. */
function placeOf(
  { file, places }: TaskValue,
  corruption: CorruptionValue | null,
  error: unknown,
): Place {
  if (error instanceof TaskError) {
    const { answer, clean, corrupted, corruption: by, template, prompt } = error.values;
    const span = answer !== undefined || prompt !== undefined
      ? places.answer
      : places.prompts.find(({ text }) => text === template)?.span;
    if (span !== undefined) return { file, span };
    if (clean !== undefined && (corrupted ?? by) !== undefined && corruption !== null) {
      return corruption.place;
    }
  }
  return { file, span: places.source ?? places.name };
}
