/**
 * `circ task show FILE [TASK]`
 *
 * @module
 */
import { Command, EnumType } from "@cliffy/command";
import { resolve } from "../base/packages/pathe.ts";

import { fail } from "../dsl/interpret/error.ts";
import { runStatement } from "../dsl/interpret/run.ts";
import type { Session } from "../dsl/interpret/session.ts";
import type { CorruptionValue, ModelValue, TaskValue, Value } from "../dsl/interpret/values.ts";
import type { Program } from "../dsl/syntax/tree.ts";
import { showSamples, type Split, SPLITS } from "../runtime/tasks/mod.ts";

import type { Streams } from "./main.ts";
import { type CheckedScript, readChecked } from "./script.ts";
import { withSession } from "./session.ts";
import { UsageError } from "./status.ts";
import type { Terminal } from "./terminal.ts";

export function taskCommand(streams: Streams) {
  return new Command()
    .description("Look at tasks.")
    .command("show", showCommand(streams));
}

function showCommand(streams: Streams) {
  const { out, err, end } = streams;
  return new Command()
    .description("Show examples of a script's tasks, token under token, and what differs.")
    .type("split", new EnumType(SPLITS as readonly Split[]))
    .arguments("<file:string> [task:string]")
    .option("-n, --count <count:integer>", "How many examples.", { default: 3 })
    .option("--split <split:split>", "Which examples.", { default: "train" })
    .action(async ({ count, split }, file, name) => {
      const script = await readChecked(file, [], err);
      if (script === null) return end(2);
      const { program, source } = script;
      await withSession(source, streams, async (session) => {
        await declare(script, session, err, new Set());
        const width = out.width();
        const shown = await samples(session, program, source.file, name, count, split, width);
        out.write(shown.join("\n\n") + "\n");
      });
    });
}

/** Statements that name what examples are made from; none of them computes anything. */
const declarations = new Set([
  "ModelDeclaration",
  "ProgramDeclaration",
  "TaskDeclaration",
  "CorruptionDeclaration",
]);

/** Makes a script's names known, and those of the scripts that it imports, each once. */
async function declare(
  { program, source, folder }: CheckedScript,
  session: Session,
  err: Terminal,
  seen: Set<string>,
): Promise<void> {
  for (const statement of program.statements) {
    if (statement.kind === "ImportStatement") {
      const path = resolve(folder, statement.file.value);
      if (seen.has(path)) continue;
      seen.add(path);
      // Its errors were shown when the script that imports it was checked.
      const imported = await readChecked(path, [], err);
      if (imported !== null) await declare(imported, session, err, seen);
    } else if (declarations.has(statement.kind)) {
      await runStatement(statement, source, folder, session);
    } else if (statement.kind === "LetStatement") {
      // Tasks are written with numbers, texts and lists; what a `let` makes of circuits is not found here, nor needed.
      await runStatement(statement, source, folder, session).catch(() => {});
    }
  }
}

async function samples(
  session: Session,
  program: Program,
  file: string,
  name: string | undefined,
  count: number,
  split: Split,
  width: number,
): Promise<string[]> {
  const values = [...session.names.values()];
  const of = <K extends Value["kind"]>(kind: K) =>
    values.filter((value): value is Extract<Value, { kind: K }> => value.kind === kind);
  const models: ModelValue[] = of("model");
  const tasks: TaskValue[] = of("task").filter((task) => name === undefined || task.name === name);
  if (models.length === 0) {
    throw new UsageError("the script declares no model, whose tokens would be shown");
  }
  if (tasks.length === 0) {
    throw new UsageError(
      name === undefined ? "the script declares no task" : `the script has no task \`${name}\``,
    );
  }
  const shown: string[] = [];
  for (const task of tasks) {
    const corruptions = of("corruption").filter((each) => each.task === task);
    const pairs: (CorruptionValue | null)[] = task.source.kind !== "templates"
      ? [null]
      : corruptions;
    if (pairs.length === 0) {
      fail({ file, span: task.declaration.name.span }, `\`${task.name}\` has no corruption`);
    }
    for (const corruption of pairs) {
      const place = { file, span: program.span };
      const examples = await session.task(models[0], task, corruption, place);
      // Its notes were shown when it was made.
      const { notes: _told, ...told } = examples;
      shown.push(showSamples(told, count, models[0].model.tokenizer, { split, width }));
    }
  }
  return shown;
}
