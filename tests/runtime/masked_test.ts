/** Some prepared examples, or the same ones several times, without preparing them again. */
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { maskValues } from "../../runtime/evaluation/mod.ts";
import { masksTogether, someOf } from "../../runtime/stream/masked.ts";
import { withTiny } from "./evaluation/tiny.ts";

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
    const [chosen] = (await masked.evaluateEach(some, [z], { chosen: [1] })).map(({ kl }) => kl);
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

Deno.test("how many masks fill a pass", () => {
  assertEquals([1, 8, 11, 32, 200].map((n) => masksTogether({ batch: 32 }, n)), [32, 4, 2, 1, 1]);
});
