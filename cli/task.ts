/** `circ task show FILE [TASK]` @module */
import { boundsProblem } from "../dsl/check/messages.ts";
import { Command, EnumType } from "@cliffy/command";

import { fail } from "../dsl/interpret/error.ts";
import type { Checked, CheckedProgram, CheckedStatement } from "../dsl/check/check.ts";
import { nothing } from "../dsl/interpret/effects.ts";
import { execute } from "../dsl/interpret/interpreter.ts";
import type { Session } from "../dsl/interpret/session.ts";
import type { CorruptionValue, ModelValue, TaskValue, Value } from "../dsl/interpret/values.ts";
import { showSamples, type Split, SPLITS } from "../runtime/tasks/mod.ts";

import type { Streams } from "./main.ts";
import { readChecked } from "./script.ts";
import { withSession } from "./session.ts";
import { printable } from "../base/printable.ts";
import { UserError } from "../base/user_error.ts";

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
      const problem = boundsProblem(count, { what: "`--count`", whole: true, least: 1 });
      if (problem !== undefined) throw new UserError(problem);
      const script = await readChecked(file, [], err);
      if (script === null) return end(2);
      await withSession(script.sources, streams, async (session) => {
        await declare(script.checked.program, session);
        const width = out.width();
        const shown = await samples(session, script.checked, name, count, split, width);
        out.write(printable(shown.join("\n\n")) + "\n");
      });
    });
}

/** Statements that name what examples are made from; none of them computes anything. */
const declaring = new Set<CheckedStatement["kind"]>(["model", "program", "task", "corruption"]);

/** Makes a script's names known, and those of the scripts that it imports, each once. */
async function declare(
  program: CheckedProgram,
  session: Session,
  seen = new Set<CheckedProgram>(),
): Promise<void> {
  const { env } = session;
  const run = (statement: CheckedStatement) =>
    execute(statement, program, { session, effects: nothing, env });
  for (const statement of program.statements) {
    if (statement.kind === "import") {
      if (seen.has(statement.program)) continue;
      seen.add(statement.program);
      await declare(statement.program, session, seen);
    } else if (declaring.has(statement.kind)) await run(statement);
    // Tasks are written with numbers, texts and lists; circuits of a `let` are not found here, nor needed.
    else if (statement.kind === "let") await run(statement).catch(() => {});
  }
}

async function samples(
  session: Session,
  { names, program }: Checked,
  name: string | undefined,
  count: number,
  split: Split,
  width: number,
): Promise<string[]> {
  const values = [...names.values()].flatMap((symbol) => session.env.get(symbol) ?? []);
  const of = <K extends Value["kind"]>(kind: K) =>
    values.filter((value): value is Extract<Value, { kind: K }> => value.kind === kind);
  const models: ModelValue[] = of("model");
  const tasks: TaskValue[] = of("task").filter((task) => name === undefined || task.name === name);
  if (models.length === 0) {
    throw new UserError("the script declares no model, whose tokens would be shown");
  }
  if (tasks.length === 0) {
    throw new UserError(
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
      const { file, places } = task;
      fail({ file, span: places.name }, `\`${task.name}\` has no corruption`);
    }
    for (const corruption of pairs) {
      const place = { file: program.source.file, span: { start: 0, end: 0 } };
      const examples = await session.task(models[0], task, corruption, place);
      // Its notes were shown when it was made.
      const { notes: _, ...shownExamples } = examples;
      shown.push(showSamples(shownExamples, count, models[0].model.tokenizer, { split, width }));
    }
  }
  return shown;
}
