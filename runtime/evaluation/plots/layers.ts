/** Edges that a circuit keeps into each layer, by the input at which they arrive. @module */
import type { Circuit } from "../../circuits/mod.ts";
import { endsOf, type ReaderKind } from "../../universe/universe.ts";
import { chartToSvg } from "./chart.ts";
import type { CircuitPlot, NamedCircuit } from "./plot.ts";

export const layersPlot: CircuitPlot = {
  name: "layers",
  about: "How many edges of each layer a circuit keeps.",
  least: 1,
  draw: (circuits) => layersToSvg(circuits),
};

/** Edges kept into the readers of one kind in one layer, and how many there are to keep. */
export interface LayerCount {
  /** `0`, `1`, ... or `logits`. */
  readonly layer: string;
  readonly kind: ReaderKind;
  readonly kept: number;
  readonly possible: number;
}

const kinds: readonly ReaderKind[] = ["q", "k", "v", "qkv", "mlp", "logits"];
const colours: Readonly<Record<ReaderKind, string>> = {
  q: "#0072B2",
  k: "#56B4E9",
  v: "#009E73",
  qkv: "#0072B2",
  mlp: "#E69F00",
  logits: "#444444",
};

/** A circuit's profile, in the order of the layers. */
export function layerCounts({ universe, edges }: Circuit): LayerCount[] {
  const kept = new Uint32Array(universe.readers.length);
  for (const edge of edges) kept[endsOf(universe, edge).reader]++;
  const counts = new Map<string, LayerCount>();
  universe.readers.forEach(({ layer, kind }, r) => {
    const name = kind === "logits" ? "logits" : String(layer);
    const before = counts.get(`${name} ${kind}`);
    counts.set(`${name} ${kind}`, {
      layer: name,
      kind,
      kept: (before?.kept ?? 0) + kept[r],
      possible: (before?.possible ?? 0) + universe.offset[r + 1] - universe.offset[r],
    });
  });
  return [...counts.values()];
}

/**
 * Draws profiles of circuits as SVG text: the share of edges kept into each kind of reader, layer by layer, one row for each
 * circuit, on one scale.
 *
 * @throws {RangeError} if there are no circuits
 */
export function layersToSvg(
  circuits: readonly NamedCircuit[],
  title = "Edges kept by layer",
): Promise<string> {
  if (circuits.length === 0) {
    throw new RangeError("Cannot plot layers as there must be circuits: there are 0");
  }
  const labels = circuits.map(({ name, circuit }) => `${name} (${circuit.edges.length} edges)`);
  const values = circuits.flatMap(({ circuit }, i) =>
    layerCounts(circuit).map((count) => ({ circuit: labels[i], ...count }))
  );
  const present = kinds.filter((kind) => values.some((value) => value.kind === kind));
  const layers = [...new Set(values.map(({ layer }) => layer))];
  return chartToSvg({
    title,
    data: { values },
    facet: {
      row: {
        field: "circuit",
        type: "nominal",
        sort: labels,
        title: null,
        header: { labelAngle: 0, labelOrient: "top", labelAnchor: "start" },
      },
    },
    spec: {
      width: Math.max(260, Math.min(560, 42 * layers.length)),
      height: 100,
      mark: { type: "bar", stroke: "#ffffff", strokeWidth: 0.6 },
      encoding: {
        x: {
          field: "layer",
          type: "nominal",
          sort: layers,
          title: "layer",
          axis: { labelAngle: 0 },
        },
        y: {
          field: "kept",
          type: "quantitative",
          title: "edges",
          axis: { tickMinStep: 1, tickCount: 4 },
        },
        color: {
          field: "kind",
          type: "nominal",
          sort: present,
          scale: { domain: present, range: present.map((kind) => colours[kind]) },
          title: "into",
        },
        order: { field: "rank", type: "quantitative" },
      },
    },
    transform: [{ calculate: `indexof(${JSON.stringify(present)}, datum.kind)`, as: "rank" }],
    // deno-lint-ignore no-explicit-any -- as in sizes.ts
  } as any);
}
