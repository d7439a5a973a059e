/** A circuit is measured under the ablation that it says, and says the one that it was found under. */
import { assertEquals, assertRejects } from "@std/assert";
import { discover } from "../../../runtime/discovery/mod.ts";
import { evaluateCircuit, EvaluationError } from "../../../runtime/evaluation/mod.ts";
import { withTiny } from "./tiny.ts";

Deno.test("examples that are prepared for another ablation are refused", () =>
  withTiny(async (masked, prepared) => {
    const zero = await masked.prepare(prepared.examples, undefined, "zero");
    const search = { masked, task: "golden", corruption: "other" };
    const found = async (train: typeof zero) =>
      (await discover("eap", { ...search, train }, { keep: 12 })).circuit;
    const [a, b] = [await found(prepared), await found(zero)];
    assertEquals(b.provenance.options?.ablation, "zero");
    await evaluateCircuit(masked, b, zero, ["kl"]);
    await assertRejects(
      () => evaluateCircuit(masked, b, prepared, ["kl"]),
      EvaluationError,
      "the circuit is of ablation `zero`, and the examples of ablation `interchange`",
    );
    // A circuit that says none is measured under any.
    await evaluateCircuit(masked, a, zero, ["kl"]);
  }));
