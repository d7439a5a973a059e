/**
 * Errors of scripts, found by checking or by running, have their place in the text.
 */
import { assert, assertRejects, assertStringIncludes } from "@std/assert";
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
