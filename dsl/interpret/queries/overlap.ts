/**
 * `overlap a, b`: shared edges, Jaccard, and against chance, for every pair; of several circuits, how far all agree.
 *
 * @module
 */
import { overlap } from "../../../runtime/circuits/mod.ts";
import { agreementOf, type SeedAgreement } from "../../../runtime/evaluation/mod.ts";
import type { ExpressionOf } from "../../check/program.ts";
import type { Context } from "../context.ts";
import { at } from "../error.ts";
import { circuitsOf } from "../operands.ts";
import type { Value } from "../values.ts";

export async function overlapQuery(
  query: ExpressionOf<"overlap">,
  context: Context,
): Promise<Value> {
  const place = context.source.place(query);
  const circuits = await circuitsOf(query.circuits, context);
  const rows = [];
  for (let i = 0; i < circuits.length; i++) {
    for (let j = i + 1; j < circuits.length; j++) {
      const [a, b] = [circuits[i], circuits[j]];
      const found = await at(place, () => overlap(a.value.circuit, b.value.circuit));
      rows.push([
        a.name,
        b.name,
        a.value.circuit.edges.length,
        b.value.circuit.edges.length,
        found.shared,
        found.jaccard,
        found.expected,
        found.chance,
      ]);
    }
  }
  const columns = ["a", "b", "edges of a", "edges of b", "shared", "jaccard", "expected", "chance"];
  const notes = circuits.length < 3 ? [] : await at(place, () => {
    const agreement = agreementOf(circuits.map(({ value }) => value.circuit));
    return agreementNotes(agreement, circuits.length);
  });
  return { kind: "table", table: { columns, rows, notes } };
}

/** Agreement of runs, in sentences of one line. */
export function agreementNotes(
  { jaccard, estimate: { low, high }, inAll, inAny }: SeedAgreement,
  count: number,
): string[] {
  const shown = (value: number) => value.toFixed(3);
  const common = `${inAll} edges are in all ${count} circuits, ${inAny} in any`;
  // Of two circuits there is one pair, which says nothing of how pairs differ.
  if (count === 2) return [`${common}; jaccard ${shown(jaccard.value)}`];
  return [
    common,
    `mean jaccard ${shown(jaccard.value)}, ${
      low === null || high === null
        ? "all pairs alike: no interval can be told"
        : `95% confidence interval ${shown(low)} to ${shown(high)}`
    }; pairs from ${shown(jaccard.low)} to ${shown(jaccard.high)}`,
  ];
}
