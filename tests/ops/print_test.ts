/** The printed form of small graphs, forwards and backwards. */
import { assertEquals } from "@std/assert";
import { add, gradients, Graph, matmul, reduceSum, softmax, tanh } from "../../ops/mod.ts";
import { printGraph } from "./print_graph.ts";

Deno.test("a forward graph, one node a line", () => {
  const graph = new Graph("perceptron");
  const x = graph.input("x", "float32", [2, 3]);
  const w = graph.slice("w", "float32", [3, 4], { file: "m.safetensors", offset: 8, length: 48 });
  const bias = graph.constant(new Float32Array(9), "float32", [9], "table");
  const y = tanh(add(matmul(x, w), graph.scalar(0.5)));
  assertEquals(
    printGraph(graph, { y, total: reduceSum(y, [1]), table: bias }),
    `graph perceptron
  in x: float32[2, 3]
  weight w: float32[3, 4] = m.safetensors[8..56]
  constant table0: float32[9]
  v0: float32[2, 4] = MatMul(x, w)
  v1: float32[2, 4] = Add(v0, 0.5)
  v2: float32[2, 4] = Tanh(v1)
  v3: float32[2] = ReduceSum(v2, [1], keepdims=0)
  out y = v2
  out total = v3
  out table = table0`,
  );
});

Deno.test("a backward graph holds only what the targets need", () => {
  const graph = new Graph("backward");
  const x = graph.input("x", "float32", [2, 3]);
  const frozen = graph.input("frozen", "float32", [3, 3]);
  const y = softmax(matmul(x, frozen));
  const seed = graph.input("seed", "float32", [2, 3]);
  const [dx] = gradients([{ value: y, gradient: seed }], [x]);
  assertEquals(
    printGraph(graph, { dx: dx! }),
    `graph backward
  in x: float32[2, 3]
  in frozen: float32[3, 3]
  in seed: float32[2, 3]
  v0: float32[2, 3] = MatMul(x, frozen)
  v1: float32[2, 3] = Softmax(v0, axis=-1)
  v2: float32[2, 3] = Mul(seed, v1)
  v3: float32[2, 1] = ReduceSum(v2, [1], keepdims=1)
  v4: float32[2, 3] = Sub(seed, v3)
  v5: float32[2, 3] = Mul(v1, v4)
  v6: float32[3, 3] = Transpose(frozen, perm=[1, 0])
  v7: float32[2, 3] = MatMul(v5, v6)
  out dx = v7`,
  );
});
