/** Order of a circuit's edges, against losses whose integrated gradients are known. */
import { assert, assertEquals } from "@std/assert";
import { halfByHalf, inOrder } from "../../../runtime/discovery/elimination/half_by_half.ts";
import { passesHalfByHalf } from "../../../runtime/discovery/elimination/options.ts";
import type { Objective } from "../../../runtime/discovery/objective.ts";
import { universe } from "../evaluation/linear.ts";

/** An objective of which only the gradient is there; counts its calls. */
function objective(gradientAt: (z: Float32Array) => Record<number, number>) {
  const counted = { calls: 0 };
  const gradient = (z: Float32Array) => {
    counted.calls++;
    const gradient = new Float32Array(z.length);
    for (const [edge, value] of Object.entries(gradientAt(z))) gradient[Number(edge)] = value;
    return Promise.resolve({ loss: 0, gradient });
  };
  return { counted, objective: { gradient } as unknown as Objective };
}

Deno.test("an edge that matters with another goes early once the other is gone", async () => {
  // L = -(z0 + 3 z1 z2 + 2 z3): the effects are 1, 1.5, 1.5, 2. After 0 and 2 went, edge 1 has none.
  const { objective: some, counted } = objective((z) => ({
    0: -1,
    1: -3 * z[2],
    2: -3 * z[1],
    3: -2,
  }));
  const edges = Uint32Array.of(0, 1, 2, 3);
  assertEquals([...(await halfByHalf(some, universe, edges, [0]))!], [0, 2, 1, 3]);
  assertEquals(counted.calls, passesHalfByHalf(4));
  assertEquals([...(await halfByHalf(some, universe, Uint32Array.of(), [0]))!], []);
});

Deno.test("edges that harm go first", async () => {
  const { objective: some } = objective(() => ({ 0: -1, 1: 4, 2: -0.5 }));
  const edges = Uint32Array.of(0, 1, 2);
  assertEquals([...(await halfByHalf(some, universe, edges, [0]))!], [1, 2, 0]);
});

Deno.test("a stopped search has no order", async () => {
  const { objective: some } = objective(() => ({}));
  const stopped = AbortSignal.abort();
  assertEquals(await halfByHalf(some, universe, Uint32Array.of(0, 1), [0], stopped), null);
});

Deno.test("scores in an order keep their values where these differ, and differ where they were equal", () => {
  const scores = Float32Array.of(0.9, 0.2, 0.5, 0.1, NaN);
  const ordered = inOrder(scores, Uint32Array.of(0, 2, 1));
  assertEquals([...ordered], [...Float32Array.of(0.2, 0.9, 0.5, 0.1, NaN)]);
  for (const value of [1, 0, -1, 1e-30, -1e-45, 3e38]) {
    const equal = inOrder(new Float32Array(4).fill(value), Uint32Array.of(3, 1, 0, 2));
    assert(equal[3] < equal[1] && equal[1] < equal[0] && equal[0] < equal[2], `${value}`);
    assertEquals(equal[3], Math.fround(value));
  }
});
