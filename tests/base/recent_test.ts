import { assertEquals, assertRejects } from "@std/assert";
import { Recent } from "../../base/recent.ts";

Deno.test("only the values that were asked for last are kept", async () => {
  const made: string[] = [];
  const dropped: string[] = [];
  const recent = new Recent<string>(2, (value) => {
    dropped.push(value);
    return Promise.resolve();
  });
  const ask = (...keys: unknown[]) =>
    recent.get(keys, () => {
      made.push(keys.join());
      return Promise.resolve(keys.join());
    });
  await ask("a", 1);
  await ask("b", 1);
  assertEquals(await ask("a", 1), "a,1");
  await ask("c", 1);
  assertEquals(dropped, ["b,1"]);
  await ask("a", 1);
  await ask("b", 1);
  assertEquals(made, ["a,1", "b,1", "c,1", "b,1"]);
  assertEquals(dropped, ["b,1", "c,1"]);
});

Deno.test("a value that cannot be made is made anew", async () => {
  const recent = new Recent<number>(2, () => Promise.reject(new Error("dropped")));
  await assertRejects(() => recent.get([1], () => Promise.reject(new Error("no"))), Error, "no");
  assertEquals(await recent.get([1], () => Promise.resolve(3)), 3);
  assertEquals(await recent.get([2], () => Promise.resolve(4)), 4);
});
