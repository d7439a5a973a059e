import { assert, assertEquals, assertRejects } from "@std/assert";
import { Memo } from "../../base/memo.ts";

Deno.test("a memo knows records by identity and words by value", () => {
  const memo = new Memo<{ readonly is: string }>();
  const [a, b] = [{ name: "t" }, { name: "t" }];
  memo.set([a, "test", null], { is: "of a" });
  assertEquals(memo.find(a, "test", null), { is: "of a" });
  assertEquals(memo.find(b, "test", null), undefined);
  assertEquals(memo.find(a, "test"), undefined);
  assertEquals(memo.get([b, "test", null], () => ({ is: "of b" })), { is: "of b" });
  assertEquals(memo.get([a, ["test"].join(), null], () => ({ is: "another" })), { is: "of a" });
});

Deno.test("a memo makes a value once, and forgets a promise that fails", async () => {
  const memo = new Memo<Promise<number>>();
  let made = 0;
  const make = () => {
    made++;
    return made === 1 ? Promise.reject(new Error("no")) : Promise.resolve(made);
  };
  await assertRejects(() => memo.get([1], make), Error, "no");
  assertEquals(await memo.get([1], make), 2);
  assertEquals(await memo.get([1], make), 2);
  assert(made === 2);
});
