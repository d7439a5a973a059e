import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { randomFrom, randomFromState } from "../../base/random.ts";

Deno.test("the stream is xoshiro128**, computed here with big integers from its definition", () => {
  const mask = (1n << 32n) - 1n;
  const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
  const s = [1n, 2n, 3n, 4n];
  const expected = Array.from({ length: 1000 }, () => {
    const result = (rotate((s[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
    return Number(result);
  });
  const random = randomFromState([1, 2, 3, 4]);
  assertEquals(Array.from({ length: 1000 }, () => random.uint32()), expected);
});

Deno.test("seeds decide the stream; parts, types and neighbours give other ones", () => {
  const first = (...parts: (number | string)[]) => randomFrom(...parts).uint32();
  assertEquals(first(42), first(42));
  const seeds = [[42], [43], ["42"], [42, "masks"], [42, "mask", "s"], [4, 2], [-42], [
    42.5,
  ]] as (number | string)[][];
  assertEquals(new Set(seeds.map((parts) => first(...parts))).size, seeds.length);
  // Bits of neighbouring seeds' first numbers differ half of the time.
  let differing = 0;
  for (let seed = 0; seed < 1000; seed++) {
    for (let bits = first(seed) ^ first(seed + 1); bits !== 0; bits &= bits - 1) differing++;
  }
  assert(Math.abs(differing / 32000 - 0.5) < 0.01, `${differing / 32000}`);
});

Deno.test("a stream goes on from its state", () => {
  const random = randomFrom(7);
  for (let i = 0; i < 100; i++) random.normal();
  const again = randomFromState(random.state());
  assertEquals(
    Array.from({ length: 50 }, () => again.uniform()),
    Array.from({ length: 50 }, () => random.uniform()),
  );
});

Deno.test("integers are uniform, by a chi-squared test with a bound that divides badly", () => {
  const random = randomFrom(1, "integers");
  const n = 7;
  const draws = 70_000;
  const counts = new Array(n).fill(0);
  for (let i = 0; i < draws; i++) counts[random.integer(n)]++;
  const chi = counts.reduce((sum, count) => sum + (count - draws / n) ** 2 / (draws / n), 0);
  assert(
    chi < 22.5,
    `chi-squared with 6 degrees of freedom is ${chi}; above 22.5 with probability 0.001`,
  );
  // A bound of 3/4 of 2^32 shows modulo bias at once: without rejection the first third would come twice as often.
  const bound = 3 * 2 ** 30;
  let low = 0;
  for (let i = 0; i < 30_000; i++) if (random.integer(bound) < 2 ** 30) low++;
  assert(Math.abs(low / 30_000 - 1 / 3) < 0.015, `${low / 30_000}`);
});

Deno.test("uniform, open and normal numbers have the moments that they should", () => {
  const random = randomFrom(3);
  const moments = (draw: () => number) => {
    const values = Array.from({ length: 50_000 }, draw);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
    return { mean, variance, least: Math.min(...values), most: Math.max(...values) };
  };
  for (const draw of [random.uniform, random.openUniform]) {
    const { mean, variance, least, most } = moments(draw);
    assert(Math.abs(mean - 0.5) < 0.005 && Math.abs(variance - 1 / 12) < 0.002);
    assert(least >= 0 && most < 1);
  }
  const { mean, variance } = moments(random.normal);
  assert(Math.abs(mean) < 0.02 && Math.abs(variance - 1) < 0.03, `${mean} ${variance}`);
});

Deno.test("open numbers never reach 0 or 1, not even in float32", () => {
  const numbers = randomFrom(9).fillOpenUniform(new Float32Array(200_000));
  assert(numbers.every((u) => u > 0 && u < 1 && Number.isFinite(Math.log(u) - Math.log(1 - u))));
});

Deno.test("shuffle reaches every order about equally often", () => {
  const random = randomFrom(11);
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const order = random.shuffle(["a", "b", "c", "d"]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assertEquals(counts.size, 24);
  const chi = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  assert(
    chi < 49.7,
    `chi-squared with 23 degrees of freedom is ${chi}; above 49.7 with probability 0.001`,
  );
});

Deno.test("what cannot be drawn is refused", () => {
  const random = randomFrom(1);
  assertThrows(() => random.integer(0), RangeError, "current value is 0");
  assertThrows(() => random.integer(2.5), RangeError, "current value is 2.5");
  assertThrows(() => randomFrom(NaN), RangeError, "current value is NaN");
  assertThrows(() => randomFromState([0, 0, 0, 0]), RangeError, "all zeros");
  assertNotEquals(random.state(), randomFrom(2).state());
});
