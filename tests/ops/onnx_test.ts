/** The bytes that ops/ writes, read back by a protobuf decoder that others generated. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import onnxProto from "onnx-proto";
import {
  add,
  gradients,
  Graph,
  GraphError,
  matmul,
  operatorSet,
  type Outputs,
  reshape,
  scale,
  softmax,
  toOnnx,
} from "../../ops/mod.ts";

const { ModelProto, AttributeProto, TensorProto } = onnxProto.onnx;

function decode(graph: Graph, outputs: Outputs, cuts?: Outputs) {
  return ModelProto.decode(toOnnx(graph, outputs, cuts));
}

function example() {
  const graph = new Graph("example");
  const x = graph.input("x", "float32", [2, 3]);
  const unused = graph.input("unused", "float32", [1]);
  const weight = graph.slice("w", "float32", [3, 4], {
    file: "model.safetensors",
    offset: 1_000_000_007,
    length: 48,
  });
  const hidden = matmul(x, weight);
  return { graph, x, unused, weight, hidden, result: softmax(scale(hidden, 0.5)) };
}

Deno.test("inputs, outputs, nodes and operator sets come back", () => {
  const { graph, result } = example();
  const model = decode(graph, { y: result });
  assertEquals(Number(model.irVersion), 9);
  assertEquals(model.opsetImport.map(({ domain, version }) => [domain, Number(version)]), [[
    "",
    operatorSet,
  ]]);
  assertEquals(model.graph!.name, "example");
  assertEquals(model.graph!.input!.map(({ name }) => name), ["x"]);
  assertEquals(model.graph!.node!.map(({ opType }) => opType), ["MatMul", "Mul", "Softmax"]);
  const [output] = model.graph!.output!;
  assertEquals(output.name, "y");
  const dims = output.type!.tensorType!.shape!.dim!.map(({ dimValue }) => Number(dimValue));
  assertEquals(dims, [2, 4]);
  // A node's result leaves under the output's own name: no copy on the way out.
  assertEquals(model.graph!.node!.at(-1)!.output, ["y"]);
});

Deno.test("attributes keep their kinds, negative integers included", () => {
  const { graph, result } = example();
  const [axis] = decode(graph, { y: result }).graph!.node!.at(-1)!.attribute!;
  assertEquals([axis.name, axis.type, Number(axis.i)], [
    "axis",
    AttributeProto.AttributeType.INT,
    -1,
  ]);
});

Deno.test("a slice of a file is external data, a constant is raw data", () => {
  const { graph, result } = example();
  const { initializer } = decode(graph, { y: result }).graph!;
  const weight = initializer!.find(({ name }) => name === "w")!;
  assertEquals(weight.dims!.map(Number), [3, 4]);
  assertEquals(weight.dataLocation, TensorProto.DataLocation.EXTERNAL);
  const entries = Object.fromEntries(weight.externalData!.map(({ key, value }) => [key, value]));
  assertEquals(entries, { location: "model.safetensors", offset: "1000000007", length: "48" });
  const half = initializer!.find(({ name }) => name !== "w")!;
  const bytes = Uint8Array.from(half.rawData!);
  assertEquals(new DataView(bytes.buffer).getFloat32(0, true), 0.5);
});

Deno.test("a value may leave twice, and an input may leave as it came", () => {
  const { graph, x, result } = example();
  const model = decode(graph, { a: result, b: result, same: x });
  assertEquals(model.graph!.output!.map(({ name }) => name), ["a", "b", "same"]);
  assertEquals(model.graph!.node!.filter(({ opType }) => opType === "Identity").length, 2);
});

Deno.test("cut at a saved value, a graph starts from it", () => {
  const { graph, hidden, result } = example();
  const seed = graph.input("seed", "float32", [2, 4]);
  const [derivative] = gradients([{ value: result, gradient: seed }], [hidden]);
  const model = decode(graph, { derivative: derivative! }, { hidden });
  assertEquals(model.graph!.input!.map(({ name }) => name), ["seed", "hidden"]);
  assert(!model.graph!.node!.some(({ opType }) => opType === "MatMul"));
});

Deno.test("what does not fit is refused where it is built, by operator and shape", () => {
  const graph = new Graph("wrong");
  const a = graph.input("a", "float32", [2, 3]);
  const b = graph.input("b", "float32", [2, 3]);
  assertThrows(() => matmul(a, b), GraphError, "Cannot apply MatMul to [2, 3] and [2, 3]");
  assertThrows(
    () => add(a, reshape(b, [6])),
    GraphError,
    "Cannot apply Add to [2, 3] and [6]: 3 and 6 do not broadcast",
  );
  assertThrows(() => reshape(a, [4]), GraphError, "[4] has another number of elements");
  assertThrows(() => graph.input("a", "float32", []), GraphError, `two values of graph wrong "a"`);
  assertThrows(
    () => graph.slice("w", "float16", [3], { file: "f", offset: 0, length: 12 }),
    GraphError,
    "Cannot use 12 bytes of f as w: float16[3] needs 6",
  );
  const other = new Graph("other").input("x", "float32", [2, 3]);
  assertThrows(() => add(a, other), GraphError, "it belongs to graph other");
});

Deno.test("differentiating through an operator without a rule names it", () => {
  const graph = new Graph("ruleless");
  const x = graph.input("x", "float32", [2]);
  const [y] = graph.apply({ name: "Mystery", infer: ([type]) => [type] }, [x]);
  const seed = graph.input("seed", "float32", [2]);
  assertThrows(
    () => gradients([{ value: y, gradient: seed }], [x]),
    GraphError,
    "Cannot differentiate through Mystery",
  );
});
