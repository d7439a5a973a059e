import { assertEquals } from "@std/assert";
import * as ort from "../../base/packages/onnxruntime.ts";
import * as ops from "../../ops/mod.ts";

// Finite differences alone do not see additions that race: they need many meeting rows and several threads.
Deno.test("the gradient of gather sums rows that meet, on several threads, for both index types", async () => {
  const [count, rows, width] = [2048, 3, 64];
  for (const type of ["int32", "int64"] as const) {
    const graph = new ops.Graph("scatter");
    const table = graph.input("table", "float32", [rows, width]);
    const indices = graph.input("indices", type, [count]);
    const seed = graph.input("seed", "float32", [count, width]);
    const value = ops.gather(table, indices);
    const [gradient] = ops.gradients([{ value, gradient: seed }], [table]);
    const session = await ort.InferenceSession.create(
      ops.toOnnx(graph, { gradient: gradient! }),
      { intraOpNumThreads: 4 },
    );
    const numbers = Array.from({ length: count }, (_, i) => i * i % rows);
    const data = type === "int32" ? Int32Array.from(numbers) : BigInt64Array.from(numbers, BigInt);
    const ones = new Float32Array(count * width).fill(1);
    const expected = [0, 1, 2].flatMap((row) =>
      new Array(width).fill(numbers.filter((number) => number === row).length)
    );
    for (let run = 0; run < 20; run++) {
      const results = await session.run({
        indices: new ort.Tensor(type, data as Int32Array, [count]),
        seed: new ort.Tensor("float32", ones, [count, width]),
      });
      assertEquals([...results.gradient.data as Float32Array], expected);
    }
    await session.release();
  }
});
