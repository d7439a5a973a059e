/** Reverse mode: one walk back over the nodes. @module */
import { type Dims, GraphError, type Node, showDims, type Value } from "./graph.ts";
import { add } from "./operators/arithmetic.ts";

/** A value whose derivative is known: where the walk starts. */
export interface Seed {
  readonly value: Value;
  /** Derivative of the loss with respect to `value`, of the same shape. */
  readonly gradient: Value;
}

/**
 * Derivatives of a loss with respect to `targets`, given its derivatives at the seeds, as new values of
 * the same graph. A target that the seeds do not depend on gets undefined. Only nodes between the
 * targets and the seeds are visited: a frozen weight costs nothing unless it is a target.
 *
 * @throws {GraphError} if a node on the way has no gradient rule, or a seed has the wrong shape.
 */
export function gradients(
  seeds: readonly Seed[],
  targets: readonly Value[],
): (Value | undefined)[] {
  if (seeds.length === 0) return targets.map(() => undefined);
  const { nodes } = seeds[0].value.graph;
  const wanted = dependents(nodes, targets);
  const found = new Map<Value, Value>();
  for (const { value, gradient } of seeds) {
    if (!sameDims(value.dims, gradient.dims)) {
      throw new GraphError(
        `Cannot seed the gradient of ${value.name} ${showDims(value.dims)} with ${gradient.name} ${
          showDims(gradient.dims)
        }`,
      );
    }
    accumulate(found, value, gradient);
  }
  // The walk itself appends nodes; only those that were there when it began are visited.
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index];
    const wantedInputs = node.inputs.map((input) => wanted.has(input));
    const outputSeeds = node.outputs.map((output) => found.get(output));
    if (!wantedInputs.some(Boolean) || outputSeeds.every((seed) => seed === undefined)) continue;
    const { name, gradient } = node.operator;
    if (!gradient) {
      throw new GraphError(
        `Cannot differentiate through ${name} (${node.outputs[0].name}): it has no gradient rule`,
      );
    }
    gradient(node, outputSeeds, wantedInputs).forEach((derivative, i) => {
      if (derivative === undefined || !wantedInputs[i]) return;
      const input = node.inputs[i];
      if (!sameDims(derivative.dims, input.dims)) {
        throw new GraphError(
          `Cannot use the gradient rule of ${name}: input ${i} has shape ${
            showDims(input.dims)
          }, its gradient ${showDims(derivative.dims)}`,
        );
      }
      accumulate(found, input, derivative);
    });
  }
  return targets.map((target) => found.get(target));
}

/** The targets and everything computed from them. */
function dependents(nodes: readonly Node[], targets: readonly Value[]): Set<Value> {
  const wanted = new Set<Value>(targets);
  for (const node of nodes) {
    if (node.inputs.some((input) => wanted.has(input))) {
      node.outputs.forEach((output) => wanted.add(output));
    }
  }
  return wanted;
}

function accumulate(found: Map<Value, Value>, value: Value, gradient: Value): void {
  const earlier = found.get(value);
  found.set(value, earlier ? add(earlier, gradient) : gradient);
}

function sameDims(a: Dims, b: Dims): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}
