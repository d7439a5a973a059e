/**
 * Edge Pruning's masks: every edge has a hard-concrete gate, and with node masks every head and MLP has one too; an edge's
 * mask is the product of its own gate and its writer's (Bhaskar et al. 2024, arXiv:2406.16778, section 3).
 *
 * @module
 */
import { type Random, randomFrom } from "../../../base/random.ts";
import type { Components } from "./components.ts";
import type { EdgePruningOptions } from "./edge_pruning_options.ts";
import { drawGates, type Gates, startGates } from "./gates.ts";
import { logAlphaFor, openProbability } from "./hard_concrete.ts";
import { quantilesOf } from "./warm_start.ts";

/** The gates that masks are made of. */
export interface EdgeGates {
  readonly edges: Gates;
  /** Gates of the components; null without node masks. */
  readonly nodes: Gates | null;
  readonly components: Components;
  /** 1 for edges that may be open, [edges]. */
  readonly allowed: Float32Array;
}

/** Options of the start: a warm start's scores [edges] spread it, or else noise from the seed. */
type StartOptions = Pick<EdgePruningOptions, "startOpen" | "warmStart" | "seed">;

/** Gates that have learned nothing yet; `start` [edges]. */
export function startEdgeGates(
  allowed: Float32Array,
  components: Components | null,
  options: StartOptions,
): Pick<EdgeGates, "edges" | "nodes"> {
  const nodeStart = (count: number) => new Float64Array(count).fill(logAlphaFor(options.startOpen));
  return {
    // Edges that are never open count for nothing in the constraint.
    edges: startGates(startLogAlphas(allowed.length, options), Float64Array.from(allowed)),
    nodes: components &&
      startGates(nodeStart(components.count), new Float64Array(components.count).fill(1)),
  };
}

/** Masks z [edges] of one draw, and the gates that they were drawn from. */
export function drawMasks(
  { edges: edgeGates, nodes: nodeGates, components: { ofEdge }, allowed }: EdgeGates,
  random: Random,
) {
  const draw = (gates: Gates) =>
    drawGates(gates, random.fillOpenUniform(new Float32Array(gates.logAlpha.length)));
  const edges = draw(edgeGates);
  const nodes = nodeGates && draw(nodeGates);
  const z = Float32Array.from(edges.z, (open, e) => {
    if (allowed[e] === 0) return 0;
    return nodes && ofEdge[e] >= 0 ? open * nodes.z[ofEdge[e]] : open;
  });
  return { z, edges, nodes };
}

/** Derivatives of the loss with respect to every gate's log alpha, from its gradient [edges] with respect to the masks. */
export function gateGradients(
  { nodes: nodeGates, components: { ofEdge }, allowed }: EdgeGates,
  { z, edges, nodes }: ReturnType<typeof drawMasks>,
  gradient: Float32Array,
): { readonly edgeGradient: Float64Array; readonly nodeGradient: Float64Array } {
  const edgeGradient = new Float64Array(z.length);
  const nodeGradient = new Float64Array(nodeGates?.logAlpha.length ?? 0);
  for (let e = 0; e < z.length; e++) {
    if (allowed[e] === 0) continue;
    const node = ofEdge[e];
    if (nodes === null || node < 0) {
      edgeGradient[e] = gradient[e] * edges.slope[e];
    } else {
      edgeGradient[e] = gradient[e] * nodes.z[node] * edges.slope[e];
      nodeGradient[node] += gradient[e] * edges.z[e] * nodes.slope[node];
    }
  }
  return { edgeGradient, nodeGradient };
}

/**
 * Scores [edges]: the log alpha of an edge's gate plus the logarithm of its component's probability of being open; NaN for
 * edges that may not be open.
 */
export function scoresOf(
  { edges, nodes, components: { ofEdge }, allowed }: EdgeGates,
): Float32Array {
  return Float32Array.from(edges.logAlpha, (a, e) => {
    if (allowed[e] === 0) return NaN;
    return nodes && ofEdge[e] >= 0 ? a + Math.log(openProbability(nodes.logAlpha[ofEdge[e]])) : a;
  });
}

/** The probability that an edge's mask is open. */
export function openProbabilityOf(
  { edges, nodes, components: { ofEdge }, allowed }: EdgeGates,
  edge: number,
): number {
  if (allowed[edge] === 0) return 0;
  const own = openProbability(edges.logAlpha[edge]);
  const node = ofEdge[edge];
  return nodes && node >= 0 ? own * openProbability(nodes.logAlpha[node]) : own;
}

/** Expected number of open edges of a draw: an edge is open where its own gate and its writer's are. */
export function expectedOpenEdges(gates: EdgeGates): number {
  let open = 0;
  for (let edge = 0; edge < gates.allowed.length; edge++) open += openProbabilityOf(gates, edge);
  return open;
}

/** All equally open but for noise, or spread by half a unit of log-odds either way in the order of a warm start's scores. */
function startLogAlphas(
  count: number,
  { startOpen, warmStart, seed }: StartOptions,
): Float64Array {
  const centre = logAlphaFor(startOpen);
  if (warmStart) return quantilesOf(warmStart).map((quantile) => centre + quantile - 0.5);
  const random = randomFrom(seed, "start");
  return Float64Array.from({ length: count }, () => centre + 0.01 * random.normal());
}
