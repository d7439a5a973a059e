/**
 * Serialisation: a graph and its outputs as the bytes of an ONNX `ModelProto`.
 *
 * Only what the outputs need is written. Initializers that are slices of files become external data, so
 * the bytes stay small however large the model is.
 *
 * @module
 */
import {
  type Attribute,
  type Graph,
  GraphError,
  type Node,
  type Type,
  type Value,
} from "./graph.ts";
import { onnxTypeNumber } from "./operators/arithmetic.ts";
import { ProtobufWriter } from "./protobuf.ts";

/** Operator set of the default domain. 20 is the first with `Gelu`. */
export const operatorSet = 20;
const irVersion = 9;

/** A named result. Names are what a session's `run` returns. */
export type Outputs = Readonly<Record<string, Value>>;

/** The nodes, initializers and inputs that some outputs need, in graph order. */
export interface Needed {
  readonly nodes: readonly Node[];
  readonly initializers: readonly Value[];
  readonly inputs: readonly Value[];
  /** The cuts that were met: fed like inputs. */
  readonly cuts: readonly Value[];
}

/** Walks back from the outputs, no further than the cuts. */
export function neededFor(
  graph: Graph,
  outputs: Iterable<Value>,
  cuts: ReadonlySet<Value> = new Set(),
): Needed {
  const values = new Set<Value>();
  const nodes = new Set<Node>();
  const stack = [...outputs];
  while (stack.length > 0) {
    const value = stack.pop()!;
    if (values.has(value)) continue;
    values.add(value);
    if (cuts.has(value) || value.origin.kind !== "node" || nodes.has(value.origin.node)) continue;
    nodes.add(value.origin.node);
    stack.push(...value.origin.node.inputs);
  }
  return {
    nodes: graph.nodes.filter((node) => nodes.has(node)),
    initializers: graph.initializers.filter((value) => values.has(value)),
    inputs: graph.inputs.filter((value) => values.has(value)),
    cuts: [...cuts].filter((value) => values.has(value) && value.origin.kind === "node"),
  };
}

/**
 * The graph as ONNX bytes.
 *
 * `cuts` are values that are fed at every run in place of being computed: a forward and a backward pass
 * are one graph serialised twice, the second time cut at what the first one saved.
 *
 * With `free` shapes inputs and outputs promise their number of axes only, for graphs whose nodes hold no shape (matrix
 * products, arithmetic): one session then serves all sizes.
 *
 * @throws {GraphError} if an output belongs to another graph.
 */
export function toOnnx(
  graph: Graph,
  outputs: Outputs,
  cuts: Outputs = {},
  shapes: "fixed" | "free" = "fixed",
): Uint8Array<ArrayBuffer> {
  for (const [name, value] of Object.entries(outputs)) {
    if (value.graph !== graph) {
      throw new GraphError(
        `Cannot write output ${name} of graph ${graph.name}: it belongs to graph ${value.graph.name}`,
      );
    }
  }
  const cutValues = new Set(Object.values(cuts));
  const needed = neededFor(graph, Object.values(outputs), cutValues);
  const names = outputNames(outputs, cutValues);
  for (const [name, value] of Object.entries(cuts)) names.set(value, name);
  const nameOf = (value: Value) => names.get(value) ?? value.name;
  const domains = new Set(needed.nodes.map((node) => node.operator.domain ?? ""));
  domains.add("");
  const model = new ProtobufWriter();
  model.integer(1, irVersion);
  model.text(2, "circ");
  model.message(7, (body) => {
    for (const node of needed.nodes) body.message(1, (m) => writeNode(m, node, nameOf));
    body.text(2, graph.name);
    for (const value of needed.initializers) body.message(5, (m) => writeTensor(m, value));
    for (const value of [...needed.inputs, ...needed.cuts]) {
      body.message(11, (m) => writeValueInfo(m, nameOf(value), value, shapes));
    }
    for (const [name, value] of Object.entries(outputs)) {
      if (nameOf(value) !== name) body.message(1, (m) => writeIdentity(m, nameOf(value), name));
      body.message(12, (m) => writeValueInfo(m, name, value, shapes));
    }
  });
  for (const domain of domains) {
    model.message(8, (m) => {
      m.text(1, domain);
      m.integer(2, domain === "" ? operatorSet : 1);
    });
  }
  return model.finish();
}

/**
 * Names of values: a value that a node computes has the name of the output, so that it is written where the caller
 * wants it; only inputs, initializers and values that leave twice need a copy.
 */
function outputNames(outputs: Outputs, cuts: ReadonlySet<Value>): Map<Value, string> {
  const names = new Map<Value, string>();
  for (const [name, value] of Object.entries(outputs)) {
    if (value.origin.kind === "node" && !cuts.has(value) && !names.has(value)) {
      names.set(value, name);
    }
  }
  return names;
}

function writeIdentity(m: ProtobufWriter, from: string, to: string): void {
  m.text(1, from);
  m.text(2, to);
  m.text(4, "Identity");
}

function writeNode(m: ProtobufWriter, node: Node, nameOf: (value: Value) => string): void {
  for (const input of node.inputs) m.text(1, nameOf(input));
  for (const output of node.outputs) m.text(2, nameOf(output));
  m.text(3, node.outputs[0].name);
  m.text(4, node.operator.name);
  for (const [name, attribute] of Object.entries(node.attributes)) {
    m.message(5, (a) => writeAttribute(a, name, attribute));
  }
  if (node.operator.domain) m.text(7, node.operator.domain);
}

function writeAttribute(a: ProtobufWriter, name: string, attribute: Attribute): void {
  a.text(1, name);
  if (typeof attribute === "number") {
    a.integer(3, attribute);
    a.integer(20, 2);
  } else if (typeof attribute === "string") {
    a.text(4, attribute);
    a.integer(20, 3);
  } else if ("float" in attribute) {
    a.float(2, attribute.float);
    a.integer(20, 1);
  } else {
    for (const item of attribute) a.integer(8, item);
    a.integer(20, 7);
  }
}

function writeTensor(m: ProtobufWriter, value: Value): void {
  for (const dim of value.dims) m.integer(1, dim);
  m.integer(2, onnxTypeNumber[value.type]);
  m.text(8, value.name);
  const { origin } = value;
  if (origin.kind === "constant") {
    const { buffer, byteOffset, byteLength } = origin.data;
    m.bytes(9, new Uint8Array(buffer, byteOffset, byteLength));
  } else if (origin.kind === "slice") {
    const entries = {
      location: origin.slice.file,
      offset: String(origin.slice.offset),
      length: String(origin.slice.length),
    };
    for (const [key, text] of Object.entries(entries)) {
      m.message(13, (entry) => {
        entry.text(1, key);
        entry.text(2, text);
      });
    }
    m.integer(14, 1);
  }
}

function writeValueInfo(
  m: ProtobufWriter,
  name: string,
  type: Type,
  shapes: "fixed" | "free",
): void {
  m.text(1, name);
  m.message(2, (t) =>
    t.message(1, (tensor) => {
      tensor.integer(1, onnxTypeNumber[type.type]);
      tensor.message(2, (shape) => {
        type.dims.forEach((dim, axis) =>
          shape.message(1, (d) =>
            shapes === "fixed" ? d.integer(1, dim) : d.text(2, `${name}_${axis}`))
        );
      });
    }));
}
