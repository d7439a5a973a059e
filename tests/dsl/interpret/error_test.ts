/**
 * Errors of scripts, found by checking or by running, have their place in the text.
 */
import { assert, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { inFolder } from "../../cli/run_circ.ts";
import { ScriptError } from "../../../dsl/interpret/error.ts";
import { placeOf } from "../../support/place.ts";
import { ioiScript, reverseProgram as reverse } from "../../support/toy_scripts.ts";
import { outcomeOf } from "../support/outcome.ts";

/** Asserts that a script fails with a message at a marked piece of its text. */
async function assertFails(text: string, at: string, message: string): Promise<void> {
  const error = await assertRejects(() => outcomeOf(text), ScriptError);
  const place = `script.circ:${placeOf(text, at)}: error: `;
  assert(error.message.startsWith(place), `not at ${place}: ${error.message}`);
  assertStringIncludes(error.message, message);
}

const preamble = ioiScript({ train: 8, test: 8 });

Deno.test("an unknown name has its place", () =>
  assertFails("edges of nothing\n", "nothing", "unknown circuit"));

Deno.test("an answer of several tokens has the place of the field", () =>
  assertFails(
    `${preamble}
circuit c { find eap in toy for ioi corrupted by strangers keep 5 }
edges(c)
`.replace('answer " {A}"', 'answer " {A}, {B}"'),
    'answer " {A}, {B}"',
    "tokens where one is needed",
  ));

Deno.test("a program that divides by 0 has the place of its name", () =>
  assertFails(
    reverse.replace("size - 1 - indices", "tokens / 0"),
    "program «reverse",
    "1 / 0 has no value",
  ));

Deno.test("a program that reckons with a text has the place of its name", () =>
  assertFails(
    reverse.replace("size - 1 - indices", 'if(tokens > 1, "a", 1) - 1'),
    "program «reverse",
    '`-` takes numbers, and "a" is not one (on input 2)',
  ));

Deno.test("a program's inputs are not the prompts of another model", () =>
  assertFails(
    `${preamble}${reverse}
task inputs {
  generate reverse
  examples train 9, validation 0, test 9
}
circuit c { find eap_ig in toy for inputs keep 5 }
`,
    "circuit «c",
    "`toy` does not come from `reverse`",
  ));

Deno.test("a true circuit is asked for under an ablation that it is known under", () =>
  assertFails(
    `${reverse}
model r { from reverse }
circuit c { find ground_truth in r ablation mean }
`,
    "ablation «mean",
    "the true circuit is not known under ablation `mean`",
  ));

Deno.test("a corruption that leaves a prompt as it is has its own place, also when the task is imported", () =>
  inFolder({ "task.circ": preamble }, async (folder) => {
    const file = join(folder, "main.circ");
    const text = `import "task.circ"
corruption same of ioi { set C to "{C}" }
circuit f { find eap in toy for ioi corrupted by same keep 5% }
edges(f)
`;
    const error = await assertRejects(() => outcomeOf(text, { file }), ScriptError);
    const place = `${file}:${placeOf(text, "corruption «same")}: error: `;
    assert(error.message.startsWith(place), `not at ${place}: ${error.message}`);
    assertStringIncludes(error.message, "leaves the prompt as it is");
    // The answer of an imported task is at fault in its own file.
    const wrong = preamble.replace('answer " {A}"', 'answer " {A}, {B}"');
    await Deno.writeTextFile(join(folder, "task.circ"), wrong);
    const other = await assertRejects(
      () =>
        outcomeOf(text.replace('same of ioi { set C to "{C}" }', "same of ioi { swap A, B }"), {
          file,
        }),
      ScriptError,
    );
    const there = `${join(folder, "task.circ")}:${placeOf(wrong, 'answer " {A}, {B}"')}: error: `;
    assert(other.message.startsWith(there), `not at ${there}: ${other.message}`);
  }));
