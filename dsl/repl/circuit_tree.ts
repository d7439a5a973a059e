/** A circuit as a tree of text: from the logits back, what each component reads and from where. @module */
import { filled, withCommas } from "../../base/filled.ts";
import { type Circuit, endsOf } from "../../runtime/circuits/mod.ts";

/**
 * One line per reader that reads something, the last layer first: `a3.h1.q <- a0.h5 0.98, m1 0.51`.
 * Lines longer than the width are wrapped below their first writer.
 */
export function circuitTree({ universe, edges, scores }: Circuit, width = Infinity): string {
  const from = Map.groupBy(
    Array.from(edges, (edge) => ({ ...endsOf(universe, edge), score: scores?.[edge] ?? NaN })),
    ({ reader }) => reader,
  );
  const readers = [...from.keys()].sort((a, b) => b - a);
  const widest = Math.max(0, ...readers.map((reader) => universe.readers[reader].name.length));
  const lines: string[] = [];
  let layer = NaN;
  for (const reader of readers) {
    const { name, layer: own } = universe.readers[reader];
    if (own !== layer && lines.length > 0) lines.push("");
    layer = own;
    const writers = from.get(reader)!
      .sort((a, b) => (b.score || 0) - (a.score || 0))
      .map(({ writer, score }) => {
        const { name } = universe.writers[writer];
        return Number.isNaN(score) ? name : `${name} ${score.toFixed(2)}`;
      });
    const start = `${name.padEnd(widest)} <- `;
    const inside = filled(withCommas(writers), width - start.length);
    lines.push(start + inside.join("\n" + " ".repeat(start.length)));
  }
  return lines.length === 0 ? "(no edges)" : lines.join("\n");
}
