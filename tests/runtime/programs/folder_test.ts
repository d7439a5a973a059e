import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { openModel } from "../../../runtime/models/mod.ts";
import {
  OUTPUT_LOGIT,
  planOf,
  ProgramError,
  programOf,
  taskFromProgram,
  writeProgram,
} from "../../../runtime/programs/mod.ts";
import { inputTokens } from "../../../runtime/programs/exact.ts";
import { SPLITS, TaskError } from "../../../runtime/tasks/mod.ts";
import { withFolder } from "../models/helpers.ts";
import { referenceLogits } from "../models/reference_forward.ts";
import { reverse, sort, xproportion } from "./programs.ts";

for (const { program, meaning } of [reverse, xproportion, sort]) {
  Deno.test(`${program.name} is an ordinary model folder, exact in an implementation that knows no programs`, async () => {
    const plan = planOf(program);
    await withFolder(async (folder) => {
      await writeProgram(plan, folder);
      const model = await openModel(folder, program.name);
      assertEquals(model.architecture.family, "circ_program");
      assertEquals(await programOf(folder), JSON.parse(JSON.stringify(program)));
      assertEquals(planOf((await programOf(folder))!).reads, plan.reads);
      const first = await model.hash();
      await writeProgram(plan, folder);
      assertEquals(await (await openModel(folder, program.name)).hash(), first);

      // Every fifth input keeps this quick; compile_test.ts takes all.
      for (let i = 0; i < plan.domain.inputs.length; i += 5) {
        const tokens = inputTokens(plan, i);
        const items = Array.from(plan.domain.inputs[i], (token) => program.vocabulary[token]);
        assertEquals(model.tokenizer!.encode(items.join(" ")), [...tokens]);
        const logits = await referenceLogits(model, [...tokens]);
        const { offsets } = plan.domain;
        plan.outputs.subarray(offsets[i], offsets[i + 1]).forEach((token, p) =>
          logits[p + 1].forEach((logit, other) =>
            assertAlmostEquals(
              logit,
              other === token ? OUTPUT_LOGIT : 0,
              1e-4,
              `${items} at ${p}: ${meaning(items)[p]}`,
            )
          )
        );
      }
    });
  });
}

Deno.test("a folder that holds no program, and one whose record is damaged", async () => {
  await withFolder(async (folder) => {
    assertEquals(await programOf(folder), null);
    await Deno.writeTextFile(`${folder}/program.json`, "{");
    await assertRejects(() => programOf(folder), ProgramError, "program.json is not JSON");
    await Deno.writeTextFile(`${folder}/program.json`, '{"version": 7}');
    await assertRejects(
      () => programOf(folder),
      ProgramError,
      "has version 7, and version 1 is read",
    );
  });
});

Deno.test("a program's task: answers are its outputs, twins have the same length, no input is in two splits", () => {
  const plan = planOf(reverse.program);
  const definition = {
    name: "r",
    metric: "kl",
    examples: { train: 50, validation: 30, test: 36 },
    seed: 4,
  };
  const task = taskFromProgram(plan, definition);
  assertEquals(taskFromProgram(plan, definition), task);
  const seen = new Map<string, string>();
  for (const split of SPLITS) {
    assertEquals(task.examples[split].length, definition.examples[split]);
    for (
      const { clean, corrupted, cleanTokens, corruptedTokens, answers, wrong } of task
        .examples[split]
    ) {
      const items = clean.split(" ");
      assertEquals(cleanTokens.length, items.length + 1);
      assertEquals(corruptedTokens.length, cleanTokens.length);
      assert(clean !== corrupted);
      assertEquals(plan.tokens[answers[0]], items[0]);
      assertEquals(wrong.length, 2);
      assertEquals(seen.get(clean) ?? split, split);
      seen.set(clean, split);
    }
  }
  assertThrows(
    () =>
      taskFromProgram(plan, { ...definition, examples: { train: 100, validation: 30, test: 30 } }),
    TaskError,
    "give 60 train examples, and 100 are asked for",
  );
});
