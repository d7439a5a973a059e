import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { forward } from "../../../runtime/programs/forward.ts";
import {
  compileProgram,
  interpretProgram,
  itemText,
  OUTPUT_LOGIT,
  programTensors,
} from "../../../runtime/programs/mod.ts";
import { inputTokens } from "../../../runtime/programs/exact.ts";
import { CASES } from "./programs.ts";

for (const { program, meaning } of CASES) {
  Deno.test(`${program.name}: the interpreter and the compiled weights agree with its meaning on every input`, () => {
    const plan = compileProgram(program);
    const tensors = programTensors(plan);
    let inputs = 0;
    for (let n = program.minimumLength ?? 1; n <= program.length; n++) {
      inputs += program.vocabulary.length ** n;
    }
    assertEquals(plan.domain.inputs.length, inputs);
    plan.domain.inputs.forEach((input, i) => {
      const items = Array.from(input, (token) => program.vocabulary[token]);
      const expected = meaning(items).map(itemText);
      assertEquals(interpretProgram(program, input).map(itemText), expected, `${items}`);
      const { logits } = forward(plan, tensors, inputTokens(plan, i));
      expected.forEach((text, p) => {
        // Not only the largest: the one token has its logit and all others have none.
        logits[p + 1].forEach((logit, token) =>
          assertAlmostEquals(
            logit,
            plan.tokens[token] === text ? OUTPUT_LOGIT : 0,
            1e-4,
            `${items} at ${p}`,
          )
        );
      });
    });
    assert(plan.layers <= 4, `${plan.layers} layers`);
  });
}
