/** Objects that another thread calls: what goes over, what stays, and what becomes of calls when all is closed. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../base/user_error.ts";
import { connect, WorkerError } from "../../../runtime/engine/calls.ts";
import { DeviceError } from "../../../runtime/engine/device.ts";
import type { Echo } from "./echo_worker.ts";

const open = () =>
  connect<Echo>(new URL("./echo_worker.ts", import.meta.url), [DeviceError, RangeError]);

Deno.test("arguments and results go over, and progress comes back before the result", async () => {
  const { calls, close } = await open();
  assertEquals(await calls.twice(Float32Array.of(1, 2.5)), Float32Array.of(2, 5));
  const seen: (number | string)[] = [];
  seen.push(await calls.countTo(3, (i) => seen.push(i)));
  assertEquals(seen, [1, 2, 3, "done"]);
  await close();
});

Deno.test("a result that can be closed stays in the worker until then", async () => {
  const { calls, close } = await open();
  const [a, b] = [await calls.counter(10), await calls.counter(0)];
  assertEquals([await a.add(1), await b.add(5), await a.add(1)], [11, 5, 12]);
  await a.close();
  assertEquals(await calls.closed(), 1);
  await assertRejects(() => a.add(1), WorkerError, "Cannot add: already closed");
  assertEquals(await b.add(1), 6);
  await close();
});

Deno.test("failures keep the classes that the caller knows", async () => {
  const { calls, close } = await open();
  await assertRejects(() => calls.refuse("no such device"), DeviceError, "no such device");
  const refusal = await assertRejects(() => calls.refuseInput("no", "take yes"), UserError, "no");
  assertEquals(refusal.help, "take yes");
  const failure = await assertRejects(() => calls.fail(), WorkerError, "by itself");
  assertEquals(failure.name, "SyntaxError");
  assert(failure.stack!.includes("echo_worker.ts"), "the stack is the worker's");
  await assertRejects(() => calls.twice((() => {}) as never), WorkerError);
  await assertRejects(() => calls.twice(Symbol() as never), DOMException);
  await close();
});

Deno.test("closing ends the call under way, and later ones fail at once", async () => {
  const { calls, close } = await open();
  const counter = await calls.counter(0);
  const waiting = calls.wait();
  const queued = counter.add(1);
  const closing = close();
  await assertRejects(() => waiting, WorkerError, "the session worker was closed");
  await assertRejects(() => queued, WorkerError, "the session worker was closed");
  await assertRejects(() => counter.add(1), WorkerError, "the session worker was closed");
  await closing;
  await close();
  await assertRejects(() => calls.closed(), WorkerError, "the session worker was closed");
});

Deno.test("closing closes what stayed in the worker, the last first, even where one fails", async () => {
  const file = await Deno.makeTempFile();
  const { calls, close } = await open();
  await calls.mark(file);
  await calls.mark("/nowhere/at/all");
  await close();
  assertEquals(await Deno.readTextFile(file), "closed");
  await Deno.remove(file);
});

Deno.test("a module that fails cannot be connected to", async () => {
  const module = new URL("data:application/javascript,throw new Error('out of order')");
  await assertRejects(() => connect(module), WorkerError, "out of order");
});
