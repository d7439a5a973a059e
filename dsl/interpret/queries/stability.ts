/**
 * `stability of ep over 5 seeds`: the circuit is found again, and the runs are compared with it and with each other.
 *
 * @module
 */
import { type Circuit, overlap } from "../../../runtime/circuits/mod.ts";
import { agreementOf } from "../../../runtime/evaluation/mod.ts";
import { notFoundAgain } from "../../check/messages.ts";
import { repeatFields, repeatProblem } from "../../reference/repeats.ts";
import type { ExpressionOf } from "../../check/program.ts";
import type { Context } from "../context.ts";
import { at, fail } from "../error.ts";
import { circuitOf } from "../operands.ts";
import { settle } from "../settle.ts";
import type { Value } from "../values.ts";
import { agreementNotes } from "./overlap.ts";

export async function stabilityQuery(
  query: ExpressionOf<"stability">,
  context: Context,
): Promise<Value> {
  const { source } = context;
  const name = source.written(query.circuit);
  const place = source.place(query.circuit);
  const { circuit, again, pending } = await circuitOf(query.circuit, context);
  if (again === undefined) fail(place, ...notFoundAgain(name));
  const count = await settle<number>(query.count, context);
  const problem = repeatProblem(again.method, query.over);
  if (problem) fail(source.place({ span: query.overSpan }), problem.message, problem.help);
  const word = repeatFields[query.over];
  const first = word === "seed" ? again.seed + 1 : 1;
  if (first + count > Number.MAX_SAFE_INTEGER) {
    fail(place, `\`${name}\` has the seed ${again.seed}, and there are not ${count} more`);
  }
  if (pending) return { kind: "unknown" };
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
