/**
 * `stability of ep over 5 seeds`: the circuit is found again, and the runs are compared with it and with each other.
 *
 * @module
 */
import { type Circuit, overlap } from "../../../runtime/circuits/mod.ts";
import { agreementOf } from "../../../runtime/evaluation/mod.ts";
import { type Repeat, repeatFields, repeatProblem } from "../../reference/repeats.ts";
import type { StabilityQuery } from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { at, fail } from "../error.ts";
import { circuitOf } from "../expressions.ts";
import { wholeNumberOf } from "../lower/constant.ts";
import type { Value } from "../values.ts";
import { agreementNotes } from "./overlap.ts";

export async function stabilityQuery(query: StabilityQuery, context: Context): Promise<Value> {
  const { scope } = context;
  const name = scope.written(query.circuit);
  const place = scope.place(query.circuit);
  const { circuit, again } = await circuitOf(query.circuit, context);
  if (again === undefined) {
    fail(
      place,
      `\`${name}\` was not found by a method, so it cannot be found again`,
      "name a circuit that is declared with `find`",
    );
  }
  const count = wholeNumberOf(query.count, scope, 2, "the number of runs");
  const over = query.over.text as Repeat;
  const problem = repeatProblem(again.method, over);
  if (problem) fail(scope.place(query.over), problem.message, problem.help);
  const word = repeatFields[over];
  const first = word === "seed" ? again.seed + 1 : 1;
  if (first + count > Number.MAX_SAFE_INTEGER) {
    fail(place, `\`${name}\` has the seed ${again.seed}, and there are not ${count} more`);
  }
  // The circuit itself is none of the runs.
  const numbers = Array.from({ length: count + 1 }, (_, i) => first + i)
    .filter((number) => number !== again[word]).slice(0, count);
  const runs: Circuit[] = [];
  for (const number of numbers) runs.push((await again.find(word, number)).circuit);

  const table = await at(place, () => {
    const agreement = agreementOf(runs);
    const always = circuit.edges.filter((edge) => agreement.times.get(edge) === count).length;
    return {
      columns: [
        "run",
        "edges",
        `shared with ${name}`,
        `jaccard with ${name}`,
        "jaccard with others",
      ],
      rows: runs.map((run, i) => {
        const { shared, jaccard } = overlap(circuit, run);
        const others = agreement.similar[i].reduce((sum, each) => sum + each, 0) - 1;
        return [`${word} ${numbers[i]}`, run.edges.length, shared, jaccard, others / (count - 1)];
      }),
      notes: [
        ...agreementNotes(agreement, count),
        `of the ${circuit.edges.length} edges of ${name}, ${always} are in every run`,
      ],
    };
  });
  return { kind: "table", table };
}
