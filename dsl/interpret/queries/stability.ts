/**
 * `stability of ep over 5 seeds`: the circuit is found again, and the runs are compared with it and with each other.
 *
 * @module
 */
import { overlap } from "../../../runtime/circuits/mod.ts";
import { agreementOf } from "../../../runtime/evaluation/mod.ts";
import type { StabilityQuery } from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { fail } from "../error.ts";
import { circuitOf } from "../expressions.ts";
import { wholeNumberOf } from "../lower/constant.ts";
import type { CircuitValue, Value } from "../values.ts";
import { agreementText } from "./overlap.ts";

export async function stabilityQuery(query: StabilityQuery, context: Context): Promise<Value> {
  const { scope } = context;
  const name = scope.written(query.circuit);
  const { circuit, again } = await circuitOf(query.circuit, context);
  if (again === undefined) {
    fail(
      scope.place(query.circuit),
      `\`${name}\` was not found by a method, so it cannot be found again`,
      "name a circuit that is declared with `find`",
    );
  }
  const count = wholeNumberOf(query.count, scope, 2, "the number of runs");
  const word = query.over.text === "seeds" ? "seed" : "resample";
  // The circuit's own seed is not among them.
  const first = word === "seed" ? again.seed + 1 : 1;
  const runs: CircuitValue[] = [];
  for (let number = first; number < first + count; number++) {
    runs.push(await again.find(word, number));
  }
  const rows = runs.map((run, i) => {
    const { shared, jaccard } = overlap(circuit, run.circuit);
    const others = runs.filter((_, j) => j !== i)
      .reduce((sum, other) => sum + overlap(run.circuit, other.circuit).jaccard, 0);
    return [
      `${word} ${first + i}`,
      run.circuit.edges.length,
      shared,
      jaccard,
      others / (count - 1),
    ];
  });
  const agreement = agreementOf(runs.map(({ circuit }) => circuit));
  const always = circuit.edges.filter((edge) => agreement.times.get(edge) === count).length;
  return {
    kind: "table",
    table: {
      columns: [
        "run",
        "edges",
        `shared with ${name}`,
        `jaccard with ${name}`,
        "jaccard with others",
      ],
      rows,
      notes: [
        agreementText(agreement, count),
        `of the ${circuit.edges.length} edges of ${name}, ${always} are in every run`,
      ],
    },
  };
}
