/**
 * Memory of a session, estimated from its graph alone: weights that constant folding copies, weights that matrix products
 * pack, and the values that exist at once during a run.
 *
 * @module
 */
import * as ops from "../../ops/mod.ts";

/** Bytes. */
export interface GraphMemory {
  /** Weights read from their files' pages during a run. */
  readonly mapped: number;
  /** Copies of converted and rearranged weights, made when the session opens; none when that is done late. */
  readonly folded: number;
  /** Copies of weights that matrix products pack; none when weights are shared. */
  readonly packed: number;
  /** Largest sum of the values that exist at once during a run, apart from inputs, outputs and weights. */
  readonly transient: number;
}

const bytesOf = ({ type, dims }: ops.Value): number => ops.sizeOf(dims) * ops.bytesPerElement[type];

/** Operators that may write their result over an input of the same size that no later node reads. */
const inPlace = new Set([
  ...["Add", "Sub", "Mul", "Div", "Neg", "Exp", "Sqrt", "Reciprocal", "Tanh", "Sigmoid", "Relu"],
  ...["Softmax", "LogSoftmax"],
]);

/** Estimates what one session takes. */
export function graphMemory(
  { graph, outputs, cuts = {} }: {
    readonly graph: ops.Value["graph"];
    readonly outputs: ops.Outputs;
    readonly cuts?: ops.Outputs;
  },
  settings: { readonly shareWeights: boolean; readonly convertWeightsLate: boolean },
): GraphMemory {
  const given = new Set(Object.values(cuts));
  const { nodes } = ops.neededFor(graph, Object.values(outputs), given);
  const constants = new Set<ops.Value>();
  const isConstant = (value: ops.Value) =>
    value.origin.kind === "slice" || value.origin.kind === "constant" || constants.has(value);
  for (const node of nodes) {
    if (node.inputs.every((input) => isConstant(input) && !given.has(input))) {
      node.outputs.forEach((output) => constants.add(output));
    }
  }
  const folds = !settings.convertWeightsLate;
  const running = folds
    ? nodes.filter(({ outputs }) => !outputs.every((output) => constants.has(output)))
    : nodes;

  const mapped = new Set<ops.Value>();
  const copies = new Set<ops.Value>();
  const packs = new Set<ops.Value>();
  for (const { inputs, operator } of running) {
    if (folds) inputs.filter((input) => constants.has(input)).forEach((input) => copies.add(input));
    const [first, second] = inputs;
    const product = operator.name === "Gemm" || operator.name === "MatMul";
    if (!settings.shareWeights && product && second.dims.length === 2 && isConstant(second)) {
      packs.add(second);
    }
    for (const input of inputs) {
      // Of a table whose rows are looked up, next to nothing is read.
      const looked = operator.name === "Gather" && input === first;
      if (input.origin.kind === "slice" && !looked) mapped.add(input);
    }
  }
  const total = (values: Iterable<ops.Value>) =>
    [...values].reduce((sum, v) => sum + bytesOf(v), 0);
  return {
    mapped: total([...mapped].filter((value) => !packs.has(value))),
    folded: total([...copies].filter((value) => !packs.has(value))),
    packed: total(packs),
    transient: mostAlive(running, new Set(Object.values(outputs))),
  };
}

/** Largest number of bytes that exist at once when nodes run in order and each result is dropped after its last use. */
function mostAlive(nodes: readonly ops.Node[], outputs: ReadonlySet<ops.Value>): number {
  /** Owner of the memory of each value. */
  const home = new Map<ops.Value, ops.Value>();
  const homeOf = (value: ops.Value) => home.get(value) ?? value;
  const made = new Set<ops.Value>();
  for (const node of nodes) {
    for (const output of node.outputs) {
      made.add(output);
      // Its result is its first input with another shape.
      if (node.operator.name === "Reshape") home.set(output, homeOf(node.inputs[0]));
    }
  }
  const lastUse = new Map<ops.Value, number>();
  nodes.forEach(({ inputs }, i) => inputs.forEach((input) => lastUse.set(homeOf(input), i)));

  let alive = 0;
  let most = 0;
  const counts = (value: ops.Value) =>
    made.has(value) && homeOf(value) === value && !outputs.has(value);
  nodes.forEach((node, i) => {
    const dying = [...new Set(node.inputs.map(homeOf))].filter((value) =>
      counts(value) && lastUse.get(value) === i
    );
    const dead = dying.reduce((sum, value) => sum + bytesOf(value), 0);
    const born = node.outputs.filter(counts).reduce((sum, value) => sum + bytesOf(value), 0);
    const reused = inPlace.has(node.operator.name) &&
      dying.some((value) => bytesOf(value) === bytesOf(node.outputs[0]));
    most = Math.max(most, alive + (reused ? 0 : born));
    alive += born - dead;
  });
  return most;
}
