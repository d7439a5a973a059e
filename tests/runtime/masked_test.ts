/** Some prepared examples, or the same ones several times, without preparing them again. */
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fullCircuit } from "../../runtime/circuits/mod.ts";
import { discover } from "../../runtime/discovery/mod.ts";
import {
  compareCircuits,
  evaluateCircuit,
  evaluateFull,
  maskValues,
  measureCircuit,
  metricNames,
} from "../../runtime/evaluation/mod.ts";
import type { Loss } from "../../runtime/metrics/mod.ts";
import {
  type Ablation,
  type MaskedModel,
  masksPerPass,
  openMasked,
  type PreparedExamples,
  someOf,
} from "../../runtime/stream/mod.ts";
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
    const { model, universe } = masked;
    const other = await openMasked(masked.engine, model, { convention: universe.convention });
    const others = await other.prepare(examples);
    const sequence = await other.sequence(others);
    const refused = "another masked model prepared them, or they are forgotten";
    const circuit = fullCircuit(universe);
    const input = { masked, train: others, task: "golden", corruption: "file" };
    const calls: readonly ((given: PreparedExamples, of: MaskedModel) => Promise<unknown>)[] = [
      (given, of) => of.evaluate(given, z),
      (given, of) => of.gradient(given, z),
      (given, of) => of.sequence(given),
      (given, of) => of.targets(given),
      (given, of) => of.targets(someOf(given, [0])),
      (given, of) => of.targets(underAnotherKey(given)),
      (given, of) => of.forget(given),
      (given, of) => evaluateCircuit(of, circuit, given, metricNames),
      (given, of) => evaluateFull(of, given, ["kl"]),
      (given, of) => measureCircuit(of, circuit, given, ["completeness"]),
      (given, of) => compareCircuits(of, given, [{ name: "c", circuit }], ["accuracy"]),
      (given, of) => discover("eap", { ...input, masked: of, train: given }, { keep: 3 }),
    ];
    for (const call of calls) {
      await assertRejects(() => call(others, masked), RangeError, refused);
    }
    await other.forget(others);
    for (const call of calls) await assertRejects(() => call(others, other), RangeError, refused);
    await assertRejects(() => sequence.evaluate([z]), RangeError, refused);
    await other.close();
    await assertRejects(() => other.prepare(examples), Error, "Cannot prepare: already closed");
    assertEquals((await masked.evaluate(prepared, z)).kl.length, examples.length);
  }));

/** The same examples under a key of the same name. */
const underAnotherKey = (prepared: PreparedExamples): PreparedExamples => ({
  ...prepared,
  handle: Symbol(prepared.handle.description),
});

Deno.test("masks, places and losses that do not fit are refused by every call", () =>
  withTiny(async (masked, prepared) => {
    const { universe: { edgeCount }, model: { architecture: { vocabulary } } } = masked;
    const open = new Float32Array(edgeCount).fill(1);
    const sequence = await masked.sequence(prepared);
    const withMask: readonly ((z: Float32Array) => Promise<unknown>)[] = [
      (z) => masked.evaluate(prepared, z),
      (z) => masked.gradient(prepared, z),
      (z) => masked.gradient(prepared, open, { differencesAt: z }),
      (z) => sequence.evaluate([open, z]),
      (z) => maskValues(masked, z, prepared, ["kl"]),
    ];
    const with5 = (mask: number) => open.map((z, edge) => edge === 5 ? mask : z);
    for (const call of withMask) {
      for (const mask of [NaN, Infinity, -Infinity, -0.01, 1.01]) {
        const message = "each must be from 0 to 1: current value of edge 5 is";
        await assertRejects(() => call(with5(mask)), RangeError, message);
      }
      for (const size of [0, edgeCount - 1, edgeCount + 1]) {
        const message = `one for each of ${edgeCount} edges: there are ${size}`;
        await assertRejects(() => call(new Float32Array(size)), RangeError, message);
      }
      await call(with5(0.5));
    }

    const count = prepared.examples.length;
    const withPlaces: readonly ((chosen: number[]) => Promise<unknown>)[] = [
      (chosen) => masked.evaluate(prepared, open, { chosen }),
      (chosen) => masked.gradient(prepared, open, { chosen }),
      (chosen) => masked.targets(prepared, chosen),
      (chosen) => masked.sequence(prepared, chosen),
      (chosen) => masked.evaluate(someOf(prepared, [0, 0, 0]), open, { chosen }),
    ];
    for (const call of withPlaces) {
      for (const place of [-1, 0.5, NaN, count]) {
        const message = `Cannot choose example ${place} as it must be a whole number from 0 to 2`;
        await assertRejects(() => call([0, place]), RangeError, message);
      }
    }

    const lossOf = (coefficients: Float32Array) => ({ kind: "logits", coefficients }) as const;
    const { examples } = prepared;
    const gradient = (loss: Loss, chosen?: number[]) =>
      masked.gradient(prepared, open, { loss, chosen });
    const right = lossOf(new Float32Array(count * vocabulary));
    await gradient(right);
    const few = `numbers for 1 examples and ${vocabulary} tokens: there are ${count * vocabulary}`;
    await assertRejects(() => gradient(right, [0]), RangeError, few);
    await assertRejects(
      () => gradient(lossOf(right.coefficients.map(() => NaN))),
      RangeError,
      "its coefficients must be finite: current value is NaN",
    );
    await assertRejects(() => gradient({ kind: "kl" }, []), RangeError, "there must be examples");
    await assertRejects(
      () => masked.prepare(examples, undefined, "means" as Ablation),
      RangeError,
      "one of interchange, zero, mean, mean_by_position: current value is means",
    );
    await assertRejects(
      () => masked.prepare(examples, undefined, "mean", []),
      RangeError,
      "Cannot take the mean over prompts as there must be one at least",
    );
    const short = { cleanTokens: Int32Array.of(1), corruptedTokens: Int32Array.of(2) };
    await masked.prepare(examples, undefined, "mean", [short]);
    await assertRejects(
      () => masked.prepare(examples, undefined, "mean_by_position", [short]),
      RangeError,
      "a prompt has 7 tokens, and the longest of the prompts that `mean_by_position` is over has 1",
    );
  }));

Deno.test("examples and circuits know the prompts that their means are over", () =>
  withTiny(async (masked, prepared) => {
    assertEquals(prepared.means, undefined);
    const others = [Int32Array.of(3, 1, 2), Int32Array.of(5)]
      .map((corruptedTokens) => ({ corruptedTokens }));
    const train = await masked.prepare(examples, undefined, "mean", others);
    const digest = await crypto.subtle.digest(
      "SHA-256",
      new TextEncoder().encode("[[3,1,2],[5]]"),
    );
    const means = { mean_prompts: 2, mean_hash: new Uint8Array(digest).toHex() };
    assertEquals(train.means, means);
    const input = { masked, train: someOf(train, [1, 1]), task: "golden", corruption: "file" };
    const { circuit } = await discover("eap", input, { keep: 5 });
    const { ablation, mean_prompts, mean_hash } = circuit.provenance.options!;
    assertEquals({ ablation, mean_prompts, mean_hash }, { ablation: "mean", ...means });
    // With all masks closed the means alone decide.
    const closed = new Float32Array(masked.universe.edgeCount);
    const own = await masked.prepare(examples, undefined, "mean");
    const [a, b] = [await masked.evaluate(train, closed), await masked.evaluate(own, closed)];
    assert(a.kl.some((kl, i) => Math.abs(kl - b.kl[i]) > 1e-4));
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
