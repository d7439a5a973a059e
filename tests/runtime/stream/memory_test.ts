/** Memory predicted from graphs; the prediction is held against measured memory by bench/memory.ts. */
import { assert, assertEquals } from "@std/assert";
import { add, cast, gather, Graph, matmul, mul, transpose } from "../../../ops/mod.ts";
import { universeOf } from "../../../runtime/universe/universe.ts";
import { openModel, shapeOf } from "../../../runtime/models/mod.ts";
import { graphMemory } from "../../../runtime/stream/graph_memory.ts";
import { memoryEstimate } from "../../../runtime/stream/memory.ts";
import { weightSettings } from "../../../runtime/stream/weights.ts";
import { fixture } from "../models/helpers.ts";

const file = (bytes: number) => ({ file: "weights", offset: 0, length: bytes });
const fast = { shareWeights: false, convertWeightsLate: false };
const lean = { shareWeights: true, convertWeightsLate: true };

/** x [8, 100] times a float16 weight stored the other way round, then squared: [8, 50]. */
function converting() {
  const graph = new Graph("converting");
  const x = graph.input("x", "float32", [8, 100]);
  const stored = graph.slice("w", "float16", [50, 100], file(10_000));
  const y = matmul(x, transpose(cast(stored, "float32"), [1, 0]));
  return { graph, outputs: { z: mul(y, y) } };
}

Deno.test("a small model's weights are converted and packed once", () => {
  // The float32 copy is what the product packs; the product is all that lives during a run.
  assertEquals(graphMemory(converting(), fast), {
    mapped: 0,
    folded: 0,
    packed: 20_000,
    transient: 8 * 50 * 4,
  });
});

Deno.test("a large model's weights are converted at every run, one after another", () => {
  // Both the converted weight and its transpose live while the second is made.
  assertEquals(graphMemory(converting(), lean), {
    mapped: 10_000,
    folded: 0,
    packed: 0,
    transient: 40_000,
  });
});

Deno.test("looking up rows reads none of the rest, and sums lie where a term lay", () => {
  const graph = new Graph("rows");
  const table = graph.slice("table", "float32", [1000, 10], file(40_000));
  const ids = graph.input("ids", "int64", [4]);
  const rows = gather(table, ids);
  const sum = add(rows, graph.input("x", "float32", [4, 10]));
  const memory = graphMemory({ graph, outputs: { y: mul(sum, sum) } }, lean);
  assertEquals(memory, { mapped: 0, folded: 0, packed: 0, transient: 160 });
});

Deno.test("an estimate adds up, and grows with what it is asked about", async () => {
  const model = await openModel(fixture("stories260k"));
  const universe = universeOf(shapeOf(model.architecture), { embeddings: "joint", qkv: "split" });
  const options = { batch: 8, length: 16, examples: 100 };
  const estimate = memoryEstimate(model, universe, options);
  const { total, needed, ...parts } = estimate;
  assertEquals(total, Object.values(parts).reduce((a, b) => a + b, 0));
  assert(needed <= total);
  assertEquals(weightSettings(model), { shareWeights: false, convertWeightsLate: false });

  // Writers' differences and what readers read alone; all buffers are linear in the batch.
  const { width } = model.architecture;
  const least = 4 * (universe.writers.length + universe.readers.length) * 8 * 16 * width;
  assert(estimate.buffers > least && estimate.buffers < 3 * least);
  const double = memoryEstimate(model, universe, { ...options, batch: 16 });
  assertEquals(double.buffers, 2 * estimate.buffers);
  assertEquals(double.examples, estimate.examples);
  assert(memoryEstimate(model, universe, { ...options, gradients: false }).total < total);
  const twice = memoryEstimate(model, universe, { ...options, examples: 200 });
  assertEquals(twice.examples, 2 * estimate.examples);
  const bounded = memoryEstimate(model, universe, { ...options, memoryBudget: 0 });
  assertEquals(bounded.examples, 4 * 100 * (512 + width));
});
