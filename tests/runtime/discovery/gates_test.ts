/** Hard-concrete gates against their definition, by simulation and by finite differences. */
import { assert, assertAlmostEquals } from "@std/assert";
import {
  beta,
  high,
  logAlphaFor,
  low,
  openProbability,
  openSlope,
  sample,
} from "../../../runtime/discovery/training/hard_concrete.ts";
import { randomFrom } from "../../../base/random.ts";

Deno.test("the share of open gates is the closed form", () => {
  const random = randomFrom(1, "gates");
  for (const logAlpha of [-3, -0.5, 0, 2]) {
    const count = 40_000;
    let open = 0;
    for (let i = 0; i < count; i++) open += sample(logAlpha, random.openUniform()).z > 0 ? 1 : 0;
    const p = openProbability(logAlpha);
    assertAlmostEquals(
      open / count,
      p,
      4 * Math.sqrt(p * (1 - p) / count),
      `log alpha ${logAlpha}`,
    );
  }
});

Deno.test("a gate is the stretched sigmoid of noisy log-odds, clipped", () => {
  const u = 0.3;
  const logAlpha = 0.4;
  const s = 1 / (1 + Math.exp(-(Math.log(u / (1 - u)) + logAlpha) / beta));
  assertAlmostEquals(sample(logAlpha, u).z, low + (high - low) * s, 1e-12);
  assert(sample(-20, 0.5).z === 0 && sample(20, 0.5).z === 1);
});

Deno.test("slopes agree with central differences, and are zero where the gate is clipped", () => {
  const step = 1e-5;
  for (const logAlpha of [-1.2, 0, 0.9]) {
    for (const u of [0.2, 0.5, 0.8]) {
      const numeric = (sample(logAlpha + step, u).z - sample(logAlpha - step, u).z) / (2 * step);
      assertAlmostEquals(sample(logAlpha, u).slope, numeric, 1e-6);
    }
    const numeric = (openProbability(logAlpha + step) - openProbability(logAlpha - step)) /
      (2 * step);
    assertAlmostEquals(openSlope(logAlpha), numeric, 1e-8);
  }
  assert(sample(-20, 0.5).slope === 0 && sample(20, 0.5).slope === 0);
});

Deno.test("a gate can be set to be open with a given probability", () => {
  for (const p of [0.001, 0.3, 0.95]) assertAlmostEquals(openProbability(logAlphaFor(p)), p, 1e-12);
});
