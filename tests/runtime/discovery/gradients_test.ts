/** Steps of methods that learn: the derivative that each follows, against central differences and against exact expectations. */
import { verified } from "../../support/verified.ts";
import { randomFrom } from "../../../base/random.ts";
import type { Objective } from "../../../runtime/discovery/objective.ts";
import { methods } from "../../../runtime/discovery/mod.ts";
import { componentsOf } from "../../../runtime/discovery/training/components.ts";
import {
  drawMasks,
  gateGradients,
  startEdgeGates,
} from "../../../runtime/discovery/training/edge_masks.ts";
import { learnNodes } from "../../../runtime/discovery/training/node_pruning.ts";
import { softTop, softTopGradient } from "../../../runtime/discovery/training/soft_top_k.ts";
import type { Learner } from "../../../runtime/discovery/training/training.ts";
import { learnProbabilities } from "../../../runtime/discovery/training/uniform_gradient_sampling.ts";
import { universe } from "../evaluation/linear.ts";

const count = universe.edgeCount;
const base = new Float32Array(count).fill(1);
const weights = randomFrom(3).fillNormal(new Float32Array(count));

/** A loss of masks z [edges], a sum of products of neighbours, and its derivative. */
const loss = (z: ArrayLike<number>) =>
  weights.reduce((sum, w, e) => sum + w * z[e] * (1 + 2 * z[(e + 1) % count]), 0);
const slope = (z: ArrayLike<number>) =>
  Float32Array.from(weights, (w, e) => {
    const before = (e + count - 1) % count;
    return w * (1 + 2 * z[(e + 1) % count]) + 2 * weights[before] * z[before];
  });

/** Central differences of a function of numbers. */
const differences = (of: (x: Float64Array) => number, x: Float64Array, step = 1e-5) =>
  x.map((value, i) => (of(x.with(i, value + step)) - of(x.with(i, value - step))) / (2 * step));

function compare(
  name: keyof typeof methods,
  against: string,
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-5,
) {
  const largest = (of: (i: number) => number) =>
    Math.max(...Array.from(expected, (_, i) => Math.abs(of(i))));
  const difference = largest((i) => found[i] - expected[i]) / largest((i) => expected[i]);
  verified({ of: "method", name, against, difference, tolerance, unit: "of the largest" });
}

/** The derivative that a learner's first step follows, of which Adam's first moment is a tenth: the constraint does not pull yet. */
async function firstGradient<Learned>(
  learner: Learner<Learned>,
  learned: Learned & { readonly adam: { readonly first: Float64Array } },
) {
  const objective = {
    gradient: (z: Float32Array) => Promise.resolve({ loss: loss(z), gradient: slope(z) }),
  } as unknown as Objective;
  const random = randomFrom(5);
  const at = { step: 0, objective, base, chosen: [0], random, target: count, rate: 1e-9 };
  await learner.step(learned, at);
  return learned.adam.first.map((value) => 10 * value);
}

const noise = "central differences of the loss under the same noise";

Deno.test("Edge Pruning follows the derivative by the gates of edges and components", () => {
  const components = componentsOf(universe);
  const options = { startOpen: 0.6, seed: 2 };
  const start = { ...startEdgeGates(base, components, options), components, allowed: base };
  const [edges, nodes] = [start.edges.logAlpha, start.nodes!.logAlpha];
  const drawn = (edges: Float64Array, nodes: Float64Array) =>
    drawMasks({
      ...start,
      edges: { ...start.edges, logAlpha: edges },
      nodes: { ...start.nodes!, logAlpha: nodes },
    }, randomFrom(8));
  const draw = drawn(edges, nodes);
  const found = gateGradients(start, draw, slope(draw.z));
  // Masks are in float32: a larger step leaves more digits.
  const exact = (edges: Float64Array, nodes: Float64Array) => {
    const { edges: e, nodes: n } = drawn(edges, nodes);
    const { ofEdge } = components;
    return loss(e.z.map((z, i) => ofEdge[i] < 0 ? z : z * n!.z[ofEdge[i]]));
  };
  compare("edge_pruning", `${noise}, by edges' gates`, found.edgeGradient, [
    ...differences((x) => exact(x, nodes), edges),
  ]);
  compare("edge_pruning", `${noise}, by components' gates`, found.nodeGradient, [
    ...differences((x) => exact(edges, x), nodes),
  ]);
});

Deno.test("node pruning follows the derivative by the gates of components", async () => {
  const options = methods.node_pruning.defaults;
  const lossAt = async (logAlpha: Float64Array) => {
    let value = NaN;
    const learner = learnNodes(universe, options);
    const gates = learner.start(base);
    gates.logAlpha.set(logAlpha);
    const objective = {
      gradient(z: Float32Array) {
        value = loss(z);
        return Promise.resolve({ loss: value, gradient: slope(z) });
      },
    } as unknown as Objective;
    const random = randomFrom(5);
    const at = { step: 0, objective, base, chosen: [0], random, target: count, rate: 1e-9 };
    await learner.step(gates, at);
    return value;
  };
  const learner = learnNodes(universe, options);
  const gates = learner.start(base);
  gates.logAlpha.fill(0.3);
  const start = gates.logAlpha.slice();
  const found = await firstGradient(learner, gates);
  const expected = [];
  for (const i of start.keys()) {
    const at = (step: number) => lossAt(start.with(i, start[i] + step));
    expected.push((await at(1e-3) - await at(-1e-3)) / 2e-3);
  }
  compare("node_pruning", noise, found, expected, 1e-3);
});

Deno.test("uniform gradient sampling follows the derivative of the expected loss, without bias", async () => {
  const options = { ...methods.uniform_gradient_sampling.defaults, samples: 100_000 };
  const learner = learnProbabilities(universe, options);
  const learned = learner.start(base);
  randomFrom(6).fillNormal(new Float32Array(count)).forEach((x, e) => learned.logOdds[e] = x);
  const start = learned.logOdds.slice();
  const found = await firstGradient(learner, learned);
  // The loss is linear in each mask, so that its expectation is its value at the probabilities.
  const expected = (x: Float64Array) => loss(x.map((value) => 1 / (1 + Math.exp(-value))));
  compare(
    "uniform_gradient_sampling",
    "the exact derivative of an expected loss, by 100,000 samples",
    found,
    differences(expected, start),
    0.02,
  );
});

Deno.test("soft top-k follows the derivative of the soft choice", () => {
  const scores = Float64Array.from(randomFrom(7).fillNormal(new Float32Array(count)));
  const z = softTop(scores, 3, 0.4);
  const found = softTopGradient(z, slope(z), 0.4);
  const expected = differences((x) => loss(softTop(x, 3, 0.4)), scores);
  compare("soft_top_k", "central differences of the loss", found, expected);
});
