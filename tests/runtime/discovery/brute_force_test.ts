/** Methods that sweep or learn, against brute force on a float64 pass: the definition of ACDC, and the best circuit of its size. */
import { assert } from "@std/assert";
import { verified } from "../../support/verified.ts";
import { parseEdge } from "../../../runtime/circuits/mod.ts";
import { discover, type DiscoveryInput, type MethodName } from "../../../runtime/discovery/mod.ts";
import type { MaskedModel, PreparedExamples } from "../../../runtime/stream/mod.ts";
import { liveNodes, reachableEdges } from "../../../runtime/universe/reachability.ts";
import { endsOf, maskOf, type Universe } from "../../../runtime/universe/universe.ts";
import { loader, maskedReference } from "../stream/reference_masked.ts";
import { linearModel } from "../evaluation/linear.ts";
import { examples, withTiny } from "../evaluation/tiny.ts";

const inputOf = (masked: MaskedModel, train: PreparedExamples): DiscoveryInput => ({
  masked,
  train,
  task: "golden",
  corruption: "file",
});

/** Mean KL(full || circuit) of the golden prompts by masks [edges], in float64. */
async function referenceKl({ model, universe }: MaskedModel) {
  const load = loader(model);
  const passes = await Promise.all(examples.map(async ({ cleanTokens, corruptedTokens }) => {
    const run = await maskedReference(
      model,
      load,
      universe,
      [...cleanTokens],
      [...corruptedTokens],
    );
    const logProbabilities = async (z: ArrayLike<number>) => {
      const logits = (await run(z)).at(-1)!;
      const shift = Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0));
      return logits.map((x) => x - shift);
    };
    return {
      logProbabilities,
      full: await logProbabilities(maskOf(universe, everyEdge(universe))),
    };
  }));
  return async (z: ArrayLike<number>) => {
    let sum = 0;
    for (const { logProbabilities, full } of passes) {
      const found = await logProbabilities(z);
      full.forEach((x, i) => sum += Math.exp(x) * (x - found[i]));
    }
    return sum / passes.length;
  };
}

const everyEdge = ({ edgeCount }: Universe) => Uint32Array.from({ length: edgeCount }, (_, e) => e);

/** Number of edges that one of two sets has alone. */
const differing = (a: Uint32Array, b: Uint32Array) =>
  new Set(a).symmetricDifference(new Set(b)).size;

Deno.test("ACDC keeps the edges that its definition keeps", () =>
  withTiny(async (masked, train) => {
    const { universe } = masked;
    const kl = await referenceKl(masked);
    for (const threshold of [0.0003, 0.003, 0.03]) {
      const z = maskOf(universe, everyEdge(universe));
      let loss = await kl(z);
      // Conmy et al. 2023, algorithm 1: from the output on, an edge goes where that raises the loss by less than the threshold.
      for (let edge = universe.edgeCount - 1; edge >= 0; edge--) {
        z[edge] = 0;
        const without = await kl(z);
        if (without - loss < threshold) loss = without;
        else z[edge] = 1;
      }
      const expected = reachableEdges(universe, everyEdge(universe).filter((edge) => z[edge] > 0));
      const { circuit } = await discover("acdc", inputOf(masked, train), { threshold });
      verified({
        of: "method",
        name: "acdc",
        against:
          `its definition on a float64 pass, threshold ${threshold}: ${expected.length} of ${universe.edgeCount} edges`,
        difference: differing(circuit.edges, expected),
        tolerance: 0,
        unit: "edges",
      });
    }
  }));

Deno.test("ACDC with threshold 0 keeps edges that change nothing, where they are on a path", () =>
  withTiny(async (masked, train) => {
    const { universe } = masked;
    const { circuit } = await discover("acdc", inputOf(masked, train), { threshold: 0 });
    const { matters } = liveNodes(universe, circuit.edges);
    // Positions are the same in both prompts, so that `pos` carries no difference.
    const expected = everyEdge(universe).filter((edge) => {
      const { writer, reader } = endsOf(universe, edge);
      return universe.writers[writer].kind === "pos" && matters[reader] === 1;
    });
    assert(expected.length > 20);
    assert(expected.every((edge) => circuit.edges.includes(edge)));
  }));

/** Edges between a few components, among which every circuit can be measured. */
const few = [
  ["tok", "a0.h1.v m0 a1.h2.k logits"],
  ["a0.h1", "m0 a1.h2.v m1"],
  ["m0", "a1.h2.v m1 logits"],
  ["a1.h2", "logits"],
  ["m1", "logits"],
].flatMap(([writer, readers]) => readers.split(" ").map((reader) => `${writer} -> ${reader}`));

const keep = 6;
const learning: readonly (readonly [MethodName, object])[] = [
  ["edge_pruning", { steps: 200, batch: 3 }],
  ["hybrid", { steps: 100, batch: 3, points: 5 }],
  ["soft_top_k", { steps: 200, batch: 3 }],
  ["uniform_gradient_sampling", { steps: 200, batch: 3 }],
  ["node_pruning", { steps: 200, batch: 3 }],
];

Deno.test("methods that learn find a circuit that is hardly worse than the best of its size", () =>
  withTiny(async (masked, train) => {
    const { universe } = masked;
    const kl = await referenceKl(masked);
    const within = Uint32Array.from(few.map((name) => parseEdge(universe, name))).sort();
    const circuits: Uint32Array[] = [];
    for (let bits = 1; bits < 2 ** within.length; bits++) {
      const edges = within.filter((_, i) => bits >> i & 1);
      if (reachableEdges(universe, edges).length === edges.length) circuits.push(edges);
    }
    const values = new Map<number, number[]>();
    for (const [name, options] of learning) {
      const { circuit: { edges } } = await discover(name, inputOf(masked, train), {
        keep,
        within,
        ...options,
      });
      assert(edges.length >= keep - 1 && edges.length <= keep);
      if (!values.has(edges.length)) {
        const all: number[] = [];
        for (const each of circuits.filter(({ length }) => length === edges.length)) {
          all.push(await kl(maskOf(universe, each)));
        }
        values.set(edges.length, all);
      }
      const all = values.get(edges.length)!;
      const [least, most] = [Math.min(...all), Math.max(...all)];
      // Training and a greedy clean-up promise no optimum: a tenth of the way is near enough.
      verified({
        of: "method",
        name,
        against:
          `all ${all.length} circuits of ${edges.length} of ${within.length} edges, by KL on a float64 pass`,
        difference: (await kl(maskOf(universe, edges)) - least) / (most - least),
        tolerance: 0.1,
        unit: "of the way from the best to the worst",
      });
    }
  }));

Deno.test("random circuits of so many edges are equally likely", async () => {
  const { masked, prepared } = linearModel(Array(8).fill(1));
  const { universe } = masked;
  for (const keep of [2, 3]) {
    const circuits = Array.from(
      { length: 2 ** universe.edgeCount },
      (_, bits) => everyEdge(universe).filter((edge) => bits >> edge & 1),
    ).filter((edges) => edges.length === keep && reachableEdges(universe, edges).length === keep);
    const counts = new Map(circuits.map((edges) => [edges.join(), 0]));
    const draws = 4000;
    for (let seed = 0; seed < draws; seed++) {
      const { circuit } = await discover("random", inputOf(masked, prepared), { keep, seed });
      const key = circuit.edges.join();
      counts.set(key, counts.get(key)! + 1);
    }
    const share = 1 / circuits.length;
    verified({
      of: "method",
      name: "random",
      against: `all ${circuits.length} circuits of ${keep} of 8 edges: share among ${draws} draws`,
      difference: Math.max(...[...counts.values()].map((n) => Math.abs(n / draws - share))),
      // Four standard deviations.
      tolerance: 4 * Math.sqrt(share * (1 - share) / draws),
    });
  }
});
