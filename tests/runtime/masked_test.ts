/** Some prepared examples, or the same ones several times, without preparing them again. */
import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { maskValues } from "../../runtime/evaluation/mod.ts";
import { masksPerPass, openMasked, someOf } from "../../runtime/stream/mod.ts";
import { examples, withTiny } from "./evaluation/tiny.ts";

Deno.test("some prepared examples give what they give among all", () =>
  withTiny(async (masked, prepared) => {
    const z = Float32Array.from(
      { length: masked.universe.edgeCount },
      (_, e) => e % 3 === 0 ? 0 : 1,
    );
    const all = await masked.evaluate(prepared, z, { logits: true });
    const { vocabulary } = masked.model.architecture;
    const rows = (of: Float32Array, places: number[]) =>
      places.flatMap((place) => [...of.subarray(place * vocabulary, (place + 1) * vocabulary)]);
    const places = [2, 0, 2];
    const some = someOf(prepared, places);
    assertEquals(some.examples, places.map((place) => prepared.examples[place]));

    const found = await masked.evaluate(some, z, { logits: true });
    found.kl.forEach((kl, i) => assertAlmostEquals(kl, all.kl[places[i]], 1e-5));
    rows(all.logits, places).forEach((logit, i) =>
      assertAlmostEquals(found.logits[i], logit, 1e-4)
    );
    const sequence = await masked.sequence(some, [1]);
    const [chosen] = (await sequence.evaluate([z])).map(({ kl }) => kl);
    await sequence.close();
    assertAlmostEquals(chosen[0], all.kl[0], 1e-5);
    assertEquals([...await masked.targets(some)], rows(await masked.targets(prepared), places));
    assertEquals((await maskValues(masked, z, some, ["kl"])).kl.length, 3);

    const [a, b, both] = await Promise.all(
      [someOf(prepared, [2]), someOf(prepared, [0]), some].map((part) => masked.gradient(part, z)),
    );
    both.gradient.forEach((slope, e) =>
      assertAlmostEquals(slope, (2 * a.gradient[e] + b.gradient[e]) / 3, 1e-5)
    );
    // Of some, some again.
    assertEquals((await masked.evaluate(someOf(some, [1]), z)).kl.length, 1);
    assertAlmostEquals((await masked.evaluate(someOf(some, [1]), z)).kl[0], all.kl[0], 1e-5);
    assertThrows(() => someOf(prepared, [0, 3]), RangeError, "whole number from 0 to 2");
  }));

Deno.test("examples belong to the masked model that prepared them, until they are forgotten", () =>
  withTiny(async (masked, prepared) => {
    const z = new Float32Array(masked.universe.edgeCount);
    const other = await openMasked(masked.engine, masked.model);
    const others = await other.prepare(examples);
    const refused = "another masked model prepared them, or they are forgotten";
    await assertRejects(() => masked.evaluate(others, z), RangeError, refused);
    await assertRejects(() => other.gradient(someOf(prepared, [0]), z), RangeError, refused);
    await other.forget(others);
    await assertRejects(() => other.targets(others), RangeError, refused);
    await assertRejects(() => other.forget(others), RangeError, refused);
    await other.close();
    await assertRejects(() => other.prepare(examples), Error, "Cannot prepare: already closed");
    assertEquals((await masked.evaluate(prepared, z)).kl.length, examples.length);
  }));

Deno.test("closing the engine ends the passes under way", () =>
  withTiny(async (masked, prepared) => {
    const z = new Float32Array(masked.universe.edgeCount).fill(1);
    const passes = [1, 2, 3].map(() => assertRejects(() => masked.gradient(prepared, z)));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await masked.engine.close();
    await Promise.all(passes);
    const closed = "the session worker was closed";
    await assertRejects(() => masked.evaluate(prepared, z), Error, closed);
    await assertRejects(() => openMasked(masked.engine, masked.model), Error, closed);
  }));

Deno.test("how many masks fill a pass", () => {
  assertEquals([1, 8, 11, 32, 200].map((n) => masksPerPass({ batch: 32 }, n)), [32, 4, 2, 1, 1]);
});
