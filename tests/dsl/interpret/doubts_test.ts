/** Notes before a search: on models that fail at their task, and on answers that seem swapped. */
import { assertEquals, assertMatch } from "@std/assert";
import { namesTask, toyModel } from "../../support/toy_scripts.ts";
import { outcomeOf } from "../support/outcome.ts";

/** Notes about doubts in a script whose task has other answers. `swapped` puts the names the other way round. */
const doubts = async (answers: string) => {
  const task = namesTask.replace(/ {2}answer.*\n {2}wrong.*\n/, answers);
  const { notes } = await outcomeOf(`${toyModel}
${task}
circuit c { find eap in toy for names corrupted by swapped keep 3 }
circuit d { find eap in toy for names corrupted by swapped keep 4 }
edges(c) + edges(d)
`);
  return notes.filter((note) => note.includes("on the training examples"));
};

// The toy was trained on these prompts: the name that stands once is the answer.
const [right, wrong] = ['" {A}"', '" {B}"'];

Deno.test("right and wrong answers that are swapped are noted once, with their number", async () => {
  assertEquals(await doubts(`  answer ${right}\n  wrong ${wrong}\n`), []);
  assertEquals(await doubts(`  answer ${wrong}\n  wrong ${right}\n`), [
    "note: c: on the training examples the full model prefers the wrong answers in 4 of 4: right and wrong answers may be swapped",
  ]);
});

Deno.test("a model that does worse than its corrupted run is noted, with both values", async () => {
  // The answer to the corrupted prompt is asked for; without wrong answers.
  const [note, ...more] = await doubts(`  answer ${wrong}\n  metric mean(probability(answers))\n`);
  const [, full, corrupted] = note.match(
    /^note: c: on the training examples the full model has `mean\(probability\(answers\)\)` (\S+), and the corrupted run (\S+), which is better/,
  )!;
  assertEquals(Number(full) < 0.1 && Number(corrupted) > 0.5, true, note);
  assertEquals(more, []);
  assertMatch(
    String(await doubts(`  answer ${right}\n  metric mean(probability(answers))\n`)),
    /^$/,
  );
});
