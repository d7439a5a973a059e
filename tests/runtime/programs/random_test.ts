/** Programs made up at random: the weights compute what the interpreter says, and the known circuit suffices. */
import { assert, assertAlmostEquals } from "@std/assert";
import { forward } from "../../../runtime/programs/forward.ts";
import {
  type BinaryOperator,
  compileProgram,
  computesProgram,
  knownEdges,
  OUTPUT_LOGIT,
  type Predicate,
  ProgramError,
  programTensors,
  type RaspExpression,
  type RaspProgram,
  type RaspSelector,
} from "../../../runtime/programs/mod.ts";
import { inputTokens } from "../../../runtime/programs/exact.ts";
import { type Random, randomFrom } from "../../../base/random.ts";
import {
  aggregate,
  binary,
  both,
  constant,
  count,
  either,
  indices,
  not,
  select,
  tokens,
} from "./programs.ts";

const OPERATORS: BinaryOperator[] = ["+", "-", "*", "min", "max", "==", "<", ">=", "and", "or"];
const PREDICATES: Predicate[] = ["==", "!=", "<", "<=", ">", "always"];

function expression(random: Random, depth: number): RaspExpression {
  const kind = depth === 0 ? random.integer(3) : 1 + random.integer(7);
  switch (kind) {
    case 0:
      return constant(random.integer(4) - 1);
    case 1:
      return tokens;
    case 2:
      return indices;
    case 3:
    case 4:
      return binary(
        expression(random, depth - 1),
        random.choose(OPERATORS),
        expression(random, depth - 1),
      );
    case 5:
      return {
        kind: "if",
        condition: expression(random, depth - 1),
        yes: expression(random, depth - 1),
        no: expression(random, depth - 1),
      };
    case 6:
      return count(selector(random, depth - 1));
    default:
      return aggregate(
        selector(random, depth - 1),
        expression(random, depth - 1),
        random.integer(3) - 1,
      );
  }
}

function selector(random: Random, depth: number): RaspSelector {
  const one = () =>
    select(expression(random, depth), expression(random, depth), random.choose(PREDICATES));
  switch (random.integer(6)) {
    case 0:
      return both(one(), one());
    case 1:
      return either(one(), one());
    case 2:
      return not(random.integer(2) === 0 ? both(one(), not(one())) : either(one(), one()));
    default:
      return one();
  }
}

Deno.test("random programs are exact on every input, whole and as their known circuits", () => {
  const seed = Number(Deno.env.get("CIRC_TEST_SEED") ?? 1);
  const wanted = Number(Deno.env.get("CIRC_TEST_PROGRAMS") ?? 60);
  const random = randomFrom(seed, "random programs");
  let compiled = 0;
  for (let number = 0; compiled < wanted; number++) {
    const program: RaspProgram = {
      name: `random ${number} of seed ${seed}`,
      vocabulary: [0, 1, 2].slice(0, 2 + random.integer(2)),
      length: 3,
      mask: random.choose(["causal", "full"]),
      lets: [],
      output: expression(random, 3),
    };
    let plan;
    try {
      plan = compileProgram(program);
    } catch (error) {
      // Some are the same for every input, and that is the only thing that may be wrong with them.
      assert(
        error instanceof ProgramError && error.problem === "the output is the same for every input",
        `${error}`,
      );
      continue;
    }
    compiled++;
    const tensors = programTensors(plan);
    const shown = JSON.stringify(program);
    plan.domain.inputs.forEach((input, i) => {
      const { logits } = forward(plan, tensors, inputTokens(plan, i));
      const outputs = plan.outputs.subarray(plan.domain.offsets[i], plan.domain.offsets[i + 1]);
      outputs.forEach((token, p) =>
        logits[p + 1].forEach((logit, other) =>
          assertAlmostEquals(
            logit,
            other === token ? OUTPUT_LOGIT : 0,
            1e-3,
            `${input} at ${p} of ${shown}`,
          )
        )
      );
    });
    for (const ablation of ["zero", "interchange"] as const) {
      assert(computesProgram(plan, knownEdges(plan, ablation), ablation), `${ablation}: ${shown}`);
    }
  }
});
