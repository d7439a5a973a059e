import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { edgeName, openCircuit, universeOf } from "../../../runtime/circuits/mod.ts";
import { openModel, shapeOf } from "../../../runtime/models/mod.ts";
import {
  compileProgram,
  knownEdges,
  openCompiledProgram,
  OUTPUT_LOGIT,
  ProgramError,
  programOf,
  saveProgram,
  taskFromProgram,
  TRUTH_FILES,
  writeProgram,
} from "../../../runtime/programs/mod.ts";
import { inputTokens } from "../../../runtime/programs/exact.ts";
import { SPLITS, TaskError } from "../../../runtime/tasks/mod.ts";
import { withFolder } from "../models/helpers.ts";
import { referenceLogits } from "../models/reference_forward.ts";
import { induction, reverse, sort, xproportion } from "./programs.ts";

for (const { program, meaning } of [reverse, xproportion, sort]) {
  Deno.test(`${program.name} is an ordinary model folder, exact in an implementation that knows no programs`, async () => {
    const plan = compileProgram(program);
    await withFolder(async (folder) => {
      await writeProgram(plan, folder);
      const model = await openModel(folder, { name: program.name });
      assertEquals(model.architecture.family, "circ_program");
      assertEquals(await programOf(folder), JSON.parse(JSON.stringify(program)));
      assertEquals(compileProgram((await programOf(folder))!).reads, plan.reads);
      const first = await model.hash();
      await writeProgram(plan, folder);
      assertEquals(await (await openModel(folder, { name: program.name })).hash(), first);

      // Every fifth input keeps this quick; compile_test.ts takes all.
      for (let i = 0; i < plan.domain.inputs.length; i += 5) {
        const tokens = inputTokens(plan, i);
        const items = Array.from(plan.domain.inputs[i], (token) => program.vocabulary[token]);
        assertEquals(await model.tokenizer!.encode(items.join(" ")), [...tokens]);
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

Deno.test("a program saved for good: its weights, its tokenizer, its circuits, and what is known of it", async () => {
  const plan = compileProgram(induction.program);
  await withFolder(async (folder) => {
    await saveProgram(plan, `${folder}/saved`);
    const model = await openModel(`${folder}/saved`);
    assertEquals(model.architecture.attention.mask, "causal");
    for (let i = 0; i < plan.domain.inputs.length; i += 7) {
      const tokens = inputTokens(plan, i);
      const logits = await referenceLogits(model, [...tokens]);
      plan.outputs.subarray(plan.domain.offsets[i], plan.domain.offsets[i + 1]).forEach((
        token,
        p,
      ) => assertAlmostEquals(logits[p + 1][token], OUTPUT_LOGIT, 1e-4));
    }
    const universe = universeOf(shapeOf(model.architecture), {
      embeddings: "split",
      qkv: "split",
    });
    for (const ablation of ["interchange", "zero"] as const) {
      const { edges, provenance } = await openCircuit(
        `${folder}/saved/${TRUTH_FILES[ablation]}`,
        universe,
      );
      assertEquals(
        Array.from(edges, (edge) => edgeName(universe, edge)),
        knownEdges(plan, ablation),
      );
      assertEquals(provenance.model?.hash, await model.hash());
    }
    assertEquals((await openCompiledProgram(`${folder}/saved`))?.reads, plan.reads);
    // Nothing else is left behind, also where a program was saved before.
    await saveProgram(compileProgram(reverse.program), `${folder}/saved`);
    assertEquals((await programOf(`${folder}/saved`))?.name, "reverse");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["saved"]);

    await Deno.mkdir(`${folder}/mine`);
    await Deno.writeTextFile(`${folder}/mine/a.txt`, "a");
    await assertRejects(
      () => saveProgram(plan, `${folder}/mine`),
      ProgramError,
      "there is something else, and only a saved program is replaced",
    );
  });
});

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
  const plan = compileProgram(reverse.program);
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
