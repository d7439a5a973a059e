/** Sessions over buffers of ours: what the passes rely on. */
import { assertEquals, assertRejects } from "@std/assert";
import { gemm, Graph, scale } from "../../../ops/mod.ts";
import { chooseDevice, DeviceError } from "../../../runtime/engine/device.ts";
import { openEngine } from "../../../runtime/stream/mod.ts";
import { openSession } from "../../../runtime/engine/session.ts";

const device = await chooseDevice("cpu", 1);

Deno.test("an output view is written in place, an input view is read where it lies", async () => {
  const graph = new Graph("double");
  const x = graph.input("x", "float32", [2, 2]);
  const session = await openSession(device, graph, { y: scale(x, 2) });
  const buffer = Float32Array.from({ length: 12 }, (_, i) => i);
  await session.run({ x: { data: buffer.subarray(4, 8), dims: [2, 2] } }, {
    y: { data: buffer.subarray(8, 12), dims: [2, 2] },
  });
  assertEquals([...buffer], [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14]);
  await session.release();
});

Deno.test("an output may take the place of an input that is no longer read", async () => {
  const graph = new Graph("again");
  const x = graph.input("x", "float32", [3]);
  const session = await openSession(device, graph, { y: scale(scale(x, 2), 3) });
  const data = Float32Array.of(1, 2, 3);
  const view = { data, dims: [3] };
  await session.run({ x: view }, { y: view });
  assertEquals([...data], [6, 12, 18]);
  await session.release();
});

Deno.test("with free shapes one session serves all sizes", async () => {
  const graph = new Graph("product");
  const a = graph.input("a", "float32", [1, 1]);
  const b = graph.input("b", "float32", [1, 1]);
  const session = await openSession(device, graph, { y: gemm(a, b, false, true) }, {
    shapes: "free",
  });
  for (const [m, k, n] of [[1, 1, 1], [2, 3, 4], [5, 1, 2]]) {
    const ones = (rows: number, columns: number) => ({
      data: new Float32Array(rows * columns).fill(1),
      dims: [rows, columns],
    });
    const y = ones(m, n);
    await session.run({ a: ones(m, k), b: ones(n, k) }, { y });
    assertEquals([...y.data], Array(m * n).fill(k));
  }
  await session.release();
});

Deno.test("a view whose data and shape disagree is refused by name", async () => {
  const graph = new Graph("copy");
  const x = graph.input("x", "float32", [2]);
  const session = await openSession(device, graph, { y: scale(x, 2) });
  const y = { data: new Float32Array(2), dims: [2] };
  await assertRejects(
    () => session.run({ x: { data: new Float32Array(3), dims: [2] } }, { y }),
    RangeError,
    "Cannot use 3 elements as x must have shape [2]",
  );
  await session.release();
});

Deno.test("a device that is not there, or that nobody knows, is refused", async () => {
  await assertRejects(
    () => chooseDevice("tpu" as "cpu"),
    DeviceError,
    "unknown device `tpu`",
  );
  await assertRejects(
    () => chooseDevice("cpu", 0),
    DeviceError,
    "must be a whole number from 1: this is 0",
  );
  await assertRejects(
    () => openEngine({ device: "tpu" as "cpu" }),
    DeviceError,
    "unknown device `tpu`",
  );
});

Deno.test("calls of a closed engine fail in a sentence", async () => {
  const engine = await openEngine({ device: "cpu" });
  assertEquals([engine.provider, engine.reason], ["cpu", "asked for"]);
  const call = engine.calls.device("cpu");
  const closing = engine.close();
  await assertRejects(() => call, Error, "the session worker was closed");
  await closing;
});
