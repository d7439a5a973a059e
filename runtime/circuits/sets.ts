/**
 * Circuits as sets of edges: `&`, `|`, `-`, `without`, `top`, `complement of`, thresholds.
 *
 * Two circuits combine only when their universes are the same, and when they are measured under one ablation (`under`
 * changes it). Where a result keeps an edge, its score is
 * that of the leftmost operand that keeps the edge; scores of edges that no operand keeps come from the
 * leftmost operand that knows one, so `complement of` and later queries still see them. An edge that `&`, `-`, `without` or
 * `complement of` takes away loses its score: a ranking would count it otherwise. Scores of different
 * methods are not comparable, which is why they are never averaged.
 *
 * @module
 */
import type { Circuit, Provenance } from "./circuit.ts";
import { derivedProvenance, expressionOf, operandOf, requireSameAblation } from "./provenance.ts";
import { removalOf } from "../universe/patterns.ts";
import { requireSameUniverse } from "../universe/same.ts";
import { filterEdges, type Universe } from "../universe/universe.ts";

/**
 * A circuit of edge numbers, which are sorted and freed of repeats.
 *
 * @param scores one for each edge of the universe, [edges], NaN where none is known; or null
 * @throws {RangeError} if a number is not an edge, or there are more or fewer scores than edges
 *
 * @example
 * ```ts
 * const architecture = await readArchitecture("examples/models/sorting-gpt");
 * const universe = universeOf(shapeOf(architecture), defaultConvention);
 * const edges = ["embed -> a0.h0.v", "a0.h0 -> logits"].map((edge) => parseEdge(universe, edge));
 * const circuit = makeCircuit(universe, edges, null, { expression: "by hand" });
 * ```
 */
export function makeCircuit(
  universe: Universe,
  edges: Iterable<number>,
  scores: Float32Array | null,
  provenance: Provenance,
): Circuit {
  const sorted = Uint32Array.from(edges).sort();
  const unique = sorted.filter((edge, i) => i === 0 || edge !== sorted[i - 1]);
  const last = unique.at(-1);
  if (last !== undefined && last >= universe.edgeCount) {
    throw new RangeError(
      `Cannot make a circuit as edge numbers must be below ${universe.edgeCount}: current value is ${last}`,
    );
  }
  if (scores && scores.length !== universe.edgeCount) {
    throw new RangeError(
      `Cannot make a circuit as scores must have one entry per edge of the universe (${universe.edgeCount}): current value is ${scores.length}`,
    );
  }
  return { universe, edges: unique, scores, provenance };
}

/** The circuit of all edges. */
export function fullCircuit(universe: Universe): Circuit {
  const edges = Uint32Array.from({ length: universe.edgeCount }, (_, edge) => edge);
  return { universe, edges, scores: null, provenance: { expression: "full" } };
}

/**
 * Edges of either: `a | b`.
 *
 * @throws {CircuitError} if their universes or their ablations differ
 */
export function union(a: Circuit, b: Circuit): Circuit {
  return combine(a, b, "|", (inA, inB) => inA || inB);
}

/**
 * Edges of both: `a & b`.
 *
 * @throws {CircuitError} if their universes or their ablations differ
 */
export function intersection(a: Circuit, b: Circuit): Circuit {
  return combine(a, b, "&", (inA, inB) => inA && inB);
}

/**
 * Edges of `a` that are not in `b`: `a - b`.
 *
 * @throws {CircuitError} if their universes or their ablations differ
 */
export function difference(a: Circuit, b: Circuit): Circuit {
  return combine(a, b, "-", (inA, inB) => inA && !inB);
}

function combine(
  a: Circuit,
  b: Circuit,
  operator: string,
  keep: (inA: boolean, inB: boolean) => boolean,
): Circuit {
  requireSameUniverse(a.universe, b.universe, `\`${expressionOf(a)}\` and \`${expressionOf(b)}\``);
  requireSameAblation(a, b, operator);
  const edges = new Uint32Array(a.edges.length + b.edges.length);
  const taken = new Uint32Array(operator === "|" ? 0 : edges.length);
  let count = 0;
  let away = 0;
  for (let i = 0, j = 0; i < a.edges.length || j < b.edges.length;) {
    const x = i < a.edges.length ? a.edges[i] : Infinity;
    const y = j < b.edges.length ? b.edges[j] : Infinity;
    const edge = Math.min(x, y);
    if (keep(x === edge, y === edge)) edges[count++] = edge;
    else taken[away++] = edge;
    if (x === edge) i++;
    if (y === edge) j++;
  }
  return {
    universe: a.universe,
    edges: edges.slice(0, count),
    scores: withoutScores(combinedScores(a, b), taken.subarray(0, away)),
    provenance: derivedProvenance(`${operandOf(a)} ${operator} ${operandOf(b)}`, a, b),
  };
}

/** Scores [edges] that some edges have no longer. */
export function withoutScores(
  scores: Float32Array | null,
  taken: Iterable<number> & { readonly length: number },
): Float32Array | null {
  if (scores === null || taken.length === 0) return scores;
  const rest = scores.slice();
  for (const edge of taken) rest[edge] = NaN;
  return rest;
}

function combinedScores(a: Circuit, b: Circuit): Float32Array | null {
  if (!b.scores) return a.scores;
  const keptByA = new Uint8Array(a.universe.edgeCount);
  for (const edge of a.edges) keptByA[edge] = 1;
  const scores = a.scores ? a.scores.slice() : new Float32Array(a.universe.edgeCount).fill(NaN);
  for (const edge of b.edges) if (!keptByA[edge]) scores[edge] = b.scores[edge];
  for (let edge = 0; edge < scores.length; edge++) {
    if (!keptByA[edge] && Number.isNaN(scores[edge])) scores[edge] = b.scores[edge];
  }
  return scores;
}

/** Every edge that the circuit does not keep: `complement of a`. */
export function complement(circuit: Circuit): Circuit {
  const { universe } = circuit;
  const edges = new Uint32Array(universe.edgeCount - circuit.edges.length);
  for (let edge = 0, i = 0, count = 0; edge < universe.edgeCount; edge++) {
    if (circuit.edges[i] === edge) i++;
    else edges[count++] = edge;
  }
  return {
    ...circuit,
    edges,
    scores: withoutScores(circuit.scores, circuit.edges),
    provenance: derivedProvenance(`complement of ${operandOf(circuit)}`, circuit),
  };
}

/**
 * The circuit without the components that match: `ep without a2.h3, m1`. Edges from them and to them are removed. Key and
 * value inputs that another head still uses stay.
 *
 * @param patterns names of components, or patterns such as `a2.*`
 * @throws {CircuitError} if a pattern matches no component
 */
export function without(circuit: Circuit, patterns: readonly string[]): Circuit {
  const { universe } = circuit;
  const gone = removalOf(universe, patterns);
  const isGone = (w: number, r: number) => gone.writers[w] === 1 || gone.readers[r] === 1;
  return {
    ...circuit,
    edges: filterEdges(universe, circuit.edges, (w, r) => !isGone(w, r)),
    scores: circuit.scores &&
      withoutScores(circuit.scores, filterEdges(universe, fullCircuit(universe).edges, isGone)),
    provenance: derivedProvenance(
      `${operandOf(circuit)} without ${patterns.join(", ")}`,
      circuit,
    ),
  };
}
