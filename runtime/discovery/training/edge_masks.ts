/**
 * Edge Pruning's masks: every edge has a hard-concrete gate, and with node masks every head and MLP has one too; an edge's
 * mask is the product of its own gate and its writer's.
 *
 * @module
 */
import type { Universe } from "../../universe/universe.ts";
import { type Random, randomFrom } from "../../../base/random.ts";
import { type Gates, gatesAt } from "./gates.ts";
import { logAlphaFor, openProbability, sample } from "./hard_concrete.ts";
import { ranksOf } from "../selection/ranks.ts";

/** The gates that masks are made of. */
export interface EdgeGates {
  readonly edges: Gates;
  /** Gates of the writers that have one; null without node masks. */
  readonly nodes: Gates | null;
  /** Which of them an edge shares with its writer; -1 where its writer has none. */
  readonly nodeOfEdge: Int32Array;
  /** 1 for edges that may be open, one entry per edge. */
  readonly allowed: Float32Array;
}

/** How gates start. */
export interface StartOptions {
  readonly startOpen: number;
  readonly warmStart?: Float32Array;
  readonly seed: number;
}

/** Gates that have learned nothing yet. */
export function startEdgeGates(
  universe: Universe,
  allowed: Float32Array,
  withNodes: boolean,
  options: StartOptions,
): EdgeGates {
  const { count, nodeOfEdge } = prunableWriters(universe);
  const nodeStart = () => new Float64Array(count).fill(logAlphaFor(options.startOpen));
  return {
    // Edges that are never open count for nothing in the constraint.
    edges: gatesAt(startLogAlphas(universe.edgeCount, options), Float64Array.from(allowed)),
    nodes: withNodes ? gatesAt(nodeStart(), new Float64Array(count).fill(1)) : null,
    nodeOfEdge,
    allowed,
  };
}

/** Masks z [edges] of one draw, and the gates that they were drawn from. */
export interface DrawnMasks {
  readonly z: Float32Array;
  readonly edges: DrawnGates;
  readonly nodes: DrawnGates | null;
}

interface DrawnGates {
  readonly z: Float64Array;
  /** d z / d log alpha. */
  readonly slope: Float64Array;
}

export function drawMasks(gates: EdgeGates, random: Random): DrawnMasks {
  const { nodeOfEdge, allowed } = gates;
  const edges = drawGates(gates.edges.logAlpha, random);
  const nodes = gates.nodes && drawGates(gates.nodes.logAlpha, random);
  const z = Float32Array.from(edges.z, (open, e) => {
    if (allowed[e] === 0) return 0;
    return nodes && nodeOfEdge[e] >= 0 ? open * nodes.z[nodeOfEdge[e]] : open;
  });
  return { z, edges, nodes };
}

/** The loss's derivatives with respect to every gate's log alpha, from those with respect to the masks. */
export function gateGradients(
  { nodes: nodeGates, nodeOfEdge, allowed }: EdgeGates,
  { z, edges, nodes }: DrawnMasks,
  gradient: Float32Array,
): { readonly edgeGradient: Float64Array; readonly nodeGradient: Float64Array } {
  const edgeGradient = new Float64Array(z.length);
  const nodeGradient = new Float64Array(nodeGates?.logAlpha.length ?? 0);
  for (let e = 0; e < z.length; e++) {
    if (allowed[e] === 0) continue;
    const node = nodeOfEdge[e];
    if (nodes === null || node < 0) {
      edgeGradient[e] = gradient[e] * edges.slope[e];
    } else {
      edgeGradient[e] = gradient[e] * nodes.z[node] * edges.slope[e];
      nodeGradient[node] += gradient[e] * edges.z[e] * nodes.slope[node];
    }
  }
  return { edgeGradient, nodeGradient };
}

/** How much an edge is wanted: its gate's log alpha, less what its writer's gate takes away; NaN where it may not be open. */
export function wantedScores({ edges, nodes, nodeOfEdge, allowed }: EdgeGates): Float32Array {
  return Float32Array.from(edges.logAlpha, (a, e) => {
    if (allowed[e] === 0) return NaN;
    return nodes && nodeOfEdge[e] >= 0
      ? a + Math.log(openProbability(nodes.logAlpha[nodeOfEdge[e]]))
      : a;
  });
}

/** The probability that an edge's mask is open. */
export function openProbabilityOf(
  { edges, nodes, nodeOfEdge, allowed }: EdgeGates,
  edge: number,
): number {
  if (allowed[edge] === 0) return 0;
  const own = openProbability(edges.logAlpha[edge]);
  const node = nodeOfEdge[edge];
  return nodes && node >= 0 ? own * openProbability(nodes.logAlpha[node]) : own;
}

function drawGates(logAlpha: Float64Array, random: Random): DrawnGates {
  const noise = random.fillOpenUniform(new Float32Array(logAlpha.length));
  const z = new Float64Array(logAlpha.length);
  const slope = new Float64Array(logAlpha.length);
  for (let i = 0; i < z.length; i++) {
    const drawn = sample(logAlpha[i], noise[i]);
    z[i] = drawn.z;
    slope[i] = drawn.slope;
  }
  return { z, slope };
}

/** All equally open, or spread by the rank of a warm start's scores. */
function startLogAlphas(
  count: number,
  { startOpen, warmStart, seed }: StartOptions,
): Float64Array {
  const centre = logAlphaFor(startOpen);
  const random = randomFrom(seed, "start");
  if (!warmStart) {
    return Float64Array.from({ length: count }, () => centre + 0.01 * random.normal());
  }
  // The worst edge starts half a unit of log-odds below the centre, the best half a unit above.
  return Float64Array.from(
    ranksOf(warmStart, count),
    (rank) => centre + (rank + 0.5) / count - 0.5,
  );
}

/** Which node mask each edge shares with its writer: heads and MLPs have one, embeddings do not (-1). */
function prunableWriters(universe: Universe) {
  const first = universe.writers.findIndex(({ layer }) => layer >= 0);
  const nodeOfEdge = new Int32Array(universe.edgeCount);
  universe.readers.forEach(({ prefix }, r) => {
    for (let w = universe.firstWriter; w < prefix; w++) {
      nodeOfEdge[universe.offset[r] + w - universe.firstWriter] = w < first ? -1 : w - first;
    }
  });
  return { count: universe.writers.length - first, nodeOfEdge };
}
