import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  compileProgram,
  computesProgram,
  knownEdges,
  type ProgramAblation,
  ProgramError,
  truthOf,
} from "../../../runtime/programs/mod.ts";
import { verified } from "../../support/verified.ts";
import {
  binary,
  both,
  constant,
  count,
  EXAMPLES,
  histogram,
  indices,
  mostFrequent,
  reverse,
  select,
  shuffledDyck,
  tokens,
  xproportion,
} from "./programs.ts";

/** Circuits worked out by hand. */
const byHand: readonly (readonly [typeof reverse, ProgramAblation, readonly string[]])[] = [
  [reverse, "zero", [
    // The count of all positions is read off the beginning token's share,
    "tok -> a0.h0.v",
    // with the position it gives the mirrored one,
    "pos -> m0",
    "a0.h0 -> m0",
    // where the second head looks
    "m0 -> a1.h0.q",
    "pos -> a1.h0.k",
    // and takes the token.
    "tok -> a1.h0.v",
    "a1.h0 -> logits",
  ]],
  // The length and positions do not differ between inputs of one length.
  [reverse, "interchange", ["tok -> a1.h0.v", "a1.h0 -> logits"]],
  [xproportion, "zero", [
    // Tokens are told from the beginning token, which is none;
    "tok -> a0.h0.k",
    "tok -> a0.h0.v",
    "a0.h0 -> m0",
    "m0 -> logits",
  ]],
  [xproportion, "interchange", ["tok -> a0.h0.v", "a0.h0 -> m0", "m0 -> logits"]],
];

for (const [{ program }, ablation, expected] of byHand) {
  Deno.test(`${program.name} under ${ablation}: the circuit worked out by hand`, () => {
    const plan = compileProgram(program);
    const found = {
      ground_truth: knownEdges(plan, ablation),
      computed_truth: truthOf(plan, ablation).computed,
    };
    for (const name of ["ground_truth", "computed_truth"] as const) {
      verified({
        of: "method",
        name,
        against: "circuits of two programs under two ablations, worked out by hand",
        difference: new Set(found[name]).symmetricDifference(new Set(expected)).size,
        tolerance: 0,
        unit: "edges",
      });
      assertEquals(found[name], expected);
    }
  });
}

for (const { program } of EXAMPLES) {
  Deno.test(`${program.name}: the computed circuit is the known one, under either ablation`, () => {
    const plan = compileProgram(program);
    for (const ablation of ["zero", "interchange"] as const) {
      const { known, computed, onlyKnown, onlyComputed, agree } = truthOf(plan, ablation);
      assertEquals(computed, known);
      assertEquals([onlyKnown, onlyComputed, agree], [[], [], true]);
      assert(computesProgram(plan, known, ablation));
    }
  });
}

Deno.test("precautions against the beginning token that make no difference are left out", () => {
  // These would keep a value silent at the beginning token, or apart from it, though what follows makes up for it.
  for (
    const [{ program }, edge] of [[mostFrequent, "tok -> m1"], [
      shuffledDyck,
      "tok -> a0.h3.k",
    ]] as const
  ) {
    const plan = compileProgram(program);
    assert(plan.precautions.includes(edge));
    assert(!knownEdges(plan, "zero").includes(edge));
  }
  // Others are needed, and stay.
  assert(knownEdges(compileProgram(xproportion.program), "zero").includes("tok -> a0.h0.k"));
});

Deno.test("what makes no difference to a value is not read", () => {
  const never = binary(count(select(tokens, tokens, "==")), "<", constant(0));
  const plan = compileProgram({ ...reverse.program, lets: [], output: binary(tokens, "+", never) });
  assertEquals(knownEdges(plan, "zero"), ["tok -> logits"]);
  assertEquals(plan.headPlans, []);
  // Inputs of one length: the count of all positions is a constant.
  const fixed = compileProgram({ ...reverse.program, minimumLength: 4 });
  assertEquals(knownEdges(fixed, "zero"), [
    "pos -> a0.h0.q",
    "pos -> a0.h0.k",
    "tok -> a0.h0.v",
    "a0.h0 -> logits",
  ]);
  assert(truthOf(fixed, "zero").agree);
});

Deno.test("a condition that always holds: both circuits, and where they differ", () => {
  const plan = compileProgram({
    ...reverse.program,
    lets: [],
    output: count(both(select(tokens, tokens, "=="), select(indices, constant(9), "<"))),
  });
  const { known, computed, onlyKnown, onlyComputed, agree } = truthOf(plan, "zero");
  assertEquals([onlyKnown, onlyComputed, agree], [["pos -> a0.h0.k"], [], false]);
  assert(known.includes("pos -> a0.h0.k") && !computed.includes("pos -> a0.h0.k"));
  assert(computesProgram(plan, known, "zero") && computesProgram(plan, computed, "zero"));
});

Deno.test("what has too many inputs to compute its circuit is told so", () => {
  const plan = compileProgram(xproportion.program);
  const domain = { ...plan.domain, inputs: new Array<Int32Array>(20_001).fill(Int32Array.of(0)) };
  assertThrows(
    () => truthOf({ ...plan, domain }, "zero"),
    ProgramError,
    "its circuit is computed on every input, at most 20000, and there are 20001",
  );
});

Deno.test("no edge of a known circuit can be left out, and the empty circuit computes nothing", () => {
  for (const { program } of [reverse, xproportion, histogram]) {
    const plan = compileProgram(program);
    for (const ablation of ["zero", "interchange"] as const) {
      const known = knownEdges(plan, ablation);
      assert(computesProgram(plan, known, ablation));
      for (const edge of known) {
        assert(
          !computesProgram(plan, known.filter((other) => other !== edge), ablation),
          `${program.name} without ${edge}`,
        );
      }
      assert(!computesProgram(plan, [], ablation));
    }
  }
});
