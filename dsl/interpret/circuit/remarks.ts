/** Remarks on the edges of a circuit that its size does not show. @module */
import { type Circuit, reachable, tieOf, tieText } from "../../../runtime/circuits/mod.ts";
import type { Context } from "../context.ts";

/** Notes how many edges of a circuit are on no path from the input to the logits, if any do. */
export function tellNoPath(circuit: Circuit, name: string, context: Context): void {
  const all = circuit.edges.length;
  const idle = all - reachable(circuit).edges.length;
  if (idle === 0) return;
  context.effects.note(
    `note: ${name}: ${idle.toLocaleString("en")} of ${all.toLocaleString("en")} ` +
      `${idle === 1 ? "edge lies" : "edges lie"} on no path from the input to the logits, ` +
      "and under `interchange` such edges change nothing",
    context,
  );
}

/** Notes how many edges of one score are on both sides of the cut that `top` made, if any are. */
export function tellTie(from: Circuit, cut: Circuit, name: string, context: Context): void {
  const { scores, edges } = from;
  const tie = scores && tieOf(scores, cut.edges, edges);
  if (!tie) return;
  const chosen = Array.from(edges, (edge) => scores[edge]);
  context.effects.note(`note: ${name}: ${tieText(tie, chosen)}`, context);
}
