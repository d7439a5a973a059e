/** Methods that sweep or learn: what they find on models where the answer is known, and that seeds decide. */
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { reachableEdges } from "../../../runtime/universe/reachability.ts";
import { edgeName, endsOf } from "../../../runtime/universe/universe.ts";
import {
  discover,
  DiscoveryError,
  type DiscoveryInput,
  methodNames,
  methods,
} from "../../../runtime/discovery/mod.ts";
import { softTop, softTopGradient } from "../../../runtime/discovery/training/soft_top_k.ts";
import { drawMasks } from "../../../runtime/discovery/training/uniform_gradient_sampling.ts";
import { evaluateCircuit, maskOf, maskValues, meansOf } from "../../../runtime/evaluation/mod.ts";
import {
  type MaskedModel,
  openEngine,
  openMasked,
  type PreparedExamples,
  someOf,
} from "../../../runtime/stream/mod.ts";
import { openModel } from "../../../runtime/models/mod.ts";
import { compileProgram, knownEdges, writeProgram } from "../../../runtime/programs/mod.ts";
import { randomFrom } from "../../../base/random.ts";
import { linearModel, universe } from "../evaluation/linear.ts";
import { reverse } from "../programs/programs.ts";
import { examples, unchanged, withTiny } from "../evaluation/tiny.ts";

const inputOf = (masked: MaskedModel, train: PreparedExamples): DiscoveryInput => ({
  masked,
  train,
  task: "golden",
  corruption: "file",
});
const names = Array.from({ length: universe.edgeCount }, (_, edge) => edgeName(universe, edge));
const weights = names.map((name) =>
  ({ "tok -> logits": 4, "tok -> m0": 1, "m0 -> logits": 2, "tok -> a0.h0.v": 0.1 })[name] ?? 0
);
const best = ["tok -> logits", "tok -> m0", "m0 -> logits"];
const sorted = (edges: Iterable<number>) => [...edges].map((edge) => names[edge]).sort();

Deno.test("ACDC cuts what costs less than the threshold, in order from the logits", async () => {
  const { masked, prepared } = linearModel(weights);
  // Two examples, and no room for more masks than one.
  const input = inputOf({ ...masked, batch: 2 }, prepared);
  const objective = "logit_difference";
  const found = await discover("acdc", input, { objective, threshold: 0.5 });
  assertEquals(sorted(found.circuit.edges), [...best].sort());
  // Cutting m0 -> logits takes tok -> m0 with it: 3. The attention's edges lead nowhere once its output is cut.
  const scores = Object.fromEntries(names.map((name, edge) => [name, found.circuit.scores![edge]]));
  assertAlmostEquals(scores["m0 -> logits"], 3, 1e-6);
  assertAlmostEquals(scores["tok -> a0.h0.v"], 0, 1e-6);
  assert(found.cost.forward < 2 * (universe.edgeCount + 1), "dead edges cost nothing");
  // Above 3 the MLP goes too, above 4 everything.
  const less = await discover("acdc", input, { objective, threshold: 3.5 });
  assertEquals(sorted(less.circuit.edges), ["tok -> logits"]);
  const none = await discover("acdc", input, { objective, threshold: 4.5 });
  assertEquals(none.circuit.edges.length, 0);
  // A number of edges in place of a threshold.
  const three = await discover("acdc", input, { objective, keep: 3 });
  assertEquals(sorted(three.circuit.edges), [...best].sort());
});

Deno.test("ACDC with room for several candidates in a pass decides as one by one, in fewer passes", () =>
  withTiny(
    async (masked, train) => {
      for (const options of [{ threshold: 0.01 }, { threshold: 0.0001 }, { keep: 30, sweeps: 4 }]) {
        const runs = [];
        for (const batch of [train.examples.length, masked.batch]) {
          let passes = 0;
          const counting: MaskedModel = {
            ...masked,
            batch,
            sequence: async (...given) => {
              const sequence = await masked.sequence(...given);
              const evaluate: typeof sequence.evaluate = (...given) => {
                passes++;
                return sequence.evaluate(...given);
              };
              return { ...sequence, evaluate };
            },
          };
          const found = await discover("acdc", inputOf(counting, train), options);
          runs.push({ found, passes });
        }
        const [one, several] = runs;
        assertEquals(several.found.circuit.edges, one.found.circuit.edges);
        several.found.circuit.scores!.forEach((score, edge) =>
          assertAlmostEquals(score, one.found.circuit.scores![edge], 1e-4)
        );
        assert(
          several.passes < 0.7 * one.passes,
          `${several.passes} passes, ${one.passes} one by one`,
        );
        assert(
          several.found.cost.forward >= one.found.cost.forward,
          "guesses that fail cost as well",
        );
      }
    },
    examples,
    24,
  ));

Deno.test("circuits of few edges exist, and ACDC and the hybrid find them", () =>
  withTiny(async (masked, train) => {
    const input = inputOf(masked, train);
    for (const keep of [1, 2, 3, 4]) {
      const found = await discover("acdc", input, { keep, sweeps: 3 });
      assertEquals(found.circuit.edges.length, keep);
      assertEquals(reachableEdges(masked.universe, found.circuit.edges), found.circuit.edges);
      for (const cleanUp of [null, methods.hybrid.defaults.cleanUp]) {
        const options = { keep, steps: 20, batch: 3, points: 2, cleanUp };
        const { circuit: { edges } } = await discover("hybrid", input, options);
        // A clean-up may find that fewer are better.
        assert(cleanUp ? edges.length > 0 && edges.length <= keep : edges.length === keep);
        assertEquals(reachableEdges(masked.universe, edges), edges);
      }
    }
  }));

Deno.test("scores that decide nothing are told by their number", () =>
  withTiny(async (masked, train) => {
    // Clean and corrupted prompts are equal, so that no edge has an effect.
    const { undecided } = await discover("eap", inputOf(masked, train), { keep: 9 });
    assertEquals(
      undecided,
      "all 137 scores are 0: the order of the model's edges decided between them",
    );
    const hybrid = await discover("hybrid", inputOf(masked, train), {
      keep: 9,
      steps: 2,
      points: 2,
      batch: 2,
      cleanUp: null,
    });
    assert(hybrid.undecided?.startsWith("all scores of the first stage are 0"));
  }, unchanged));

for (
  const [name, options] of [
    ["uniform_gradient_sampling", {}],
    ["soft_top_k", {}],
    ["hybrid", { points: 3, firstFactor: 2, firstShare: 0 }],
    ["hybrid", { points: 3, firstFactor: 2, integrate: "activations", cleanUp: null }],
  ] as const
) {
  Deno.test(`${name} ${JSON.stringify(options)} finds the edges that carry a linear model`, async () => {
    const { masked, prepared } = linearModel(weights);
    const { circuit } = await discover(name, inputOf(masked, prepared), {
      objective: "logit_difference",
      keep: 3,
      steps: 120,
      batch: 2,
      ...options,
    });
    assertEquals(sorted(circuit.edges), [...best].sort());
  });
}

Deno.test("a circuit tells the ablation that it was found under", () =>
  withTiny(async (masked, train) => {
    const ablationOf = async (prepared: PreparedExamples) => {
      const { circuit } = await discover("eap_ig", inputOf(masked, prepared), {
        keep: 10,
        steps: 2,
      });
      return circuit.provenance.options?.ablation;
    };
    assertEquals(await ablationOf(train), undefined);
    const zero = await masked.prepare(examples, undefined, "zero");
    assertEquals(await ablationOf(zero), "zero");
    assertEquals(await ablationOf(someOf(zero, [0, 0, 1])), "zero");
  }));

Deno.test("node pruning keeps all edges of a component or none", () =>
  withTiny(async (masked, train) => {
    const { universe } = masked;
    const { circuit, reachable } = await discover("node_pruning", inputOf(masked, train), {
      keep: 100,
      steps: 15,
      batch: 3,
    });
    assert(reachable <= 100 && reachable > 0);
    const used = new Set<string>(["tok", "pos"]);
    for (const edge of circuit.edges) {
      used.add(universe.writers[endsOf(universe, edge).writer].name);
    }
    const all = Uint32Array.from({ length: universe.edgeCount }, (_, e) => e).filter((edge) =>
      used.has(universe.writers[endsOf(universe, edge).writer].name)
    );
    assertEquals(circuit.edges, reachableEdges(universe, all));
  }));

/** Edges on a path from the embeddings to the logits, by following names in both directions. */
function onPaths(edges: readonly string[]): string[] {
  const ends = edges.map((edge) => edge.replace(/\.[qkv]$/, "").split(" -> "));
  const spread = (known: Set<string>, from: number, to: number): Set<string> => {
    const next = ends.filter((pair) => known.has(pair[from]) && !known.has(pair[to]));
    return next.length === 0
      ? known
      : spread(new Set([...known, ...next.map((pair) => pair[to])]), from, to);
  };
  const [fed, heard] = [spread(new Set(["tok", "pos"]), 0, 1), spread(new Set(["logits"]), 1, 0)];
  return edges.filter((_, i) => fed.has(ends[i][0]) && heard.has(ends[i][1]));
}

Deno.test("every method: the edges asked for, all on a path, and the same circuit from the same seed", () =>
  withTiny(async (masked, train) => {
    const { universe } = masked;
    const within = Uint32Array.from({ length: 60 }, (_, i) => universe.edgeCount - 60 + i);
    const few = { keep: 30, steps: 6, batch: 2, seed: 5 };
    const options: Record<string, Record<string, unknown>> = {
      edge_pruning: { ...few, warmUp: 0 },
      eap_ig: { keep: 30, steps: 3 },
      activation_patching: { keep: 10, within },
      acdc: { keep: 10, sweeps: 2, within },
      node_pruning: { ...few, keep: 100 },
      uniform_gradient_sampling: few,
      soft_top_k: few,
      hybrid: {
        ...few,
        points: 2,
        firstFactor: 4,
        cleanUp: { examples: 3, stride: 0.5, measured: null, exchanges: 2, candidates: 3 },
      },
      random: { keep: 30, seed: 5 },
    };
    // The known circuit is a program's: see below.
    for (const name of methodNames.filter((name) => methods[name].needs !== "program")) {
      const run = () => discover(name, inputOf(masked, train), options[name] ?? { keep: 30 });
      const [a, b] = [await run(), await run()];
      assertEquals(a.circuit.edges, b.circuit.edges, name);
      assertEquals(a.circuit.scores, b.circuit.scores, name);
      const found = [...a.circuit.edges].map((edge) => edgeName(universe, edge));
      assertEquals(onPaths(found), found, name);
      const keep = (options[name]?.keep ?? 30) as number;
      if (name === "node_pruning" || name === "hybrid") assert(a.reachable <= keep);
      else assertEquals(a.reachable, keep, name);
      assertEquals(a.circuit.provenance.expression, name);
      assertEquals(a.stopped, false);
    }
    const seeds = await Promise.all(
      [1, 2].map((seed) => discover("random", inputOf(masked, train), { keep: 30, seed })),
    );
    assert(seeds[0].circuit.edges.join() !== seeds[1].circuit.edges.join());
  }));

Deno.test("ground truth is the program's own circuit, in every convention; other models have none", async () => {
  const plan = compileProgram(reverse.program);
  const folder = await Deno.makeTempDir();
  const engine = await openEngine({ device: "cpu" });
  try {
    await writeProgram(plan, folder);
    const model = await openModel(folder);
    const known = knownEdges(plan, "interchange");
    for (
      const [embeddings, qkv] of [["split", "split"], ["joint", "joint"], [
        "kept",
        "split",
      ]] as const
    ) {
      const masked = await openMasked(engine, model, { convention: { embeddings, qkv } });
      const input = { ...inputOf(masked, { examples: [], handle: Symbol("none") }), plan };
      const { circuit, cost } = await discover("ground_truth", input);
      const names = new Set(
        known.filter((name) => embeddings !== "kept" || !/^(tok|pos) /.test(name))
          .map((name) => embeddings === "joint" ? name.replace(/^(tok|pos) /, "embed ") : name)
          .map((name) => qkv === "joint" ? name.replace(/\.[qkv]$/, "") : name),
      );
      assertEquals(
        new Set([...circuit.edges].map((edge) => edgeName(masked.universe, edge))),
        names,
      );
      assertEquals([circuit.scores, cost.forward], [null, 0]);
      const computed = await discover("computed_truth", input);
      assertEquals(computed.circuit.edges, circuit.edges);
      await masked.close();
    }
  } finally {
    await engine.close();
    await Deno.remove(folder, { recursive: true });
  }
  await withTiny(async (masked, train) => {
    await assertRejects(
      () => discover("ground_truth", inputOf(masked, train)),
      DiscoveryError,
      "nobody knows the true circuit of",
    );
  });
});

Deno.test("stopped midway: what was found so far, and not a step more", () =>
  withTiny(async (masked, train) => {
    const within = Uint32Array.from({ length: 40 }, (_, i) => masked.universe.edgeCount - 40 + i);
    for (const name of ["soft_top_k", "eap_ig", "acdc", "activation_patching", "hybrid"] as const) {
      const controller = new AbortController();
      let told = 0;
      const onStep = () => {
        if (++told === 2) controller.abort();
      };
      const found = await discover(name, inputOf(masked, train), {
        keep: 20,
        ...(name === "acdc" ? { within } : {}),
        ...(name === "soft_top_k" || name === "hybrid" ? { steps: 50, batch: 2 } : {}),
      }, { onStep, signal: controller.signal });
      assert(found.stopped, name);
      assert(told <= 4, `${name} went on for ${told} steps`);
    }
  }));

Deno.test("the hybrid's clean-up is at least as good as dropping edges by score", () =>
  withTiny(async (masked, train) => {
    const input = inputOf(masked, train);
    const common = { keep: 25, steps: 40, batch: 3, points: 4, firstFactor: 5 };
    const { circuit } = await discover("hybrid", input, common);
    const random = await discover("random", input, { keep: 25 });
    const eapIg = await discover("eap_ig", input, { keep: 25, objective: "kl" });
    const kl = async ({ circuit }: typeof random) =>
      (await evaluateCircuit(masked, circuit, train, ["kl"])).kl;
    const found = (await evaluateCircuit(masked, circuit, train, ["kl"])).kl;
    assert(found < await kl(random) && found <= await kl(eapIg));
    // The best of the kept edges is one that matters.
    const z = maskOf(masked.universe, circuit.edges);
    const least = [...circuit.edges].sort((a, b) => circuit.scores![b] - circuit.scores![a])[0];
    z[least] = 0;
    const without = meansOf(await maskValues(masked, z, train, ["kl"])).kl;
    assert(without > found);
  }));

Deno.test("a soft choice sums to its number, and its derivative agrees with central differences", () => {
  const scores = Float64Array.of(0.3, -0.2, 1.1, 0.4, -1, -Infinity);
  const z = softTop(scores, 2, 0.3);
  assertAlmostEquals(z.reduce((a, b) => a + b), 2, 1e-9);
  assertEquals(z[5], 0);
  const weight = [1, -2, 0.5, 3, 0.1, 7];
  const loss = (s: Float64Array) =>
    softTop(s, 2, 0.3).reduce((sum, value, e) => sum + weight[e] * value, 0);
  const gradient = softTopGradient(z, weight, 0.3);
  for (let e = 0; e < 5; e++) {
    const [up, down] = [scores.slice(), scores.slice()];
    up[e] += 1e-5;
    down[e] -= 1e-5;
    assertAlmostEquals(gradient[e], (loss(up) - loss(down)) / 2e-5, 1e-6);
  }
  assertEquals(softTop(Float64Array.of(1, 2), 2, 1), Float64Array.of(1, 1));
});

Deno.test("uniform gradient sampling: masks are open with the probability they should be", () => {
  const logOdds = Float64Array.of(-3, -1, 0, 2);
  const [mean, between] = [new Float64Array(4), new Float64Array(4)];
  const draws = 20000;
  const random = randomFrom(8);
  for (let i = 0; i < draws; i++) {
    const drawn = drawMasks(logOdds, random);
    for (let e = 0; e < 4; e++) {
      mean[e] += drawn.z[e] / draws;
      between[e] += drawn.between[e] / draws;
    }
  }
  logOdds.forEach((x, e) => {
    const p = 1 / (1 + Math.exp(-x));
    assertAlmostEquals(mean[e], p, 0.015);
    assertAlmostEquals(between[e], p * (1 - p), 0.015);
  });
});

Deno.test("options out of range and unknown methods are refused", async () => {
  const { masked, prepared } = linearModel(weights);
  const input = inputOf(masked, prepared);
  for (
    const [name, options, message] of [
      ["acdc", { threshold: -1 }, "`threshold` of `acdc` must be a number from 0: this is -1"],
      ["eap_ig", { steps: 0 }, "`steps` of `eap_ig` must be a whole number from 1: this is 0"],
      ["soft_top_k", { batch: 0 }, "`batch` of `soft_top_k` must be a whole number from 1"],
      ["soft_top_k", { temperature: [0, 1] }, "`temperature` of `soft_top_k` must be a number"],
      ["uniform_gradient_sampling", { samples: 0 }, "`samples` of `uniform_gradient_sampling`"],
      ["random", { keep: 99 }, "cannot keep 99 of 8 edges"],
      ["eap", { objective: "accuracy" }, "`accuracy` has none"],
    ] as const
  ) {
    await assertRejects(
      async () => await discover(name, input, options as never),
      DiscoveryError,
      message,
    );
  }
  const { universe } = masked;
  const kept = { ...universe, convention: { ...universe.convention, embeddings: "kept" } } as const;
  for (
    const [name, options] of [
      ["clean_corrupted", {}],
      ["eap_ig", {}],
      ["hybrid", { integrate: "inputs" }],
    ] as const
  ) {
    assertThrows(
      () => methods[name].complete(options, kept),
      DiscoveryError,
      `\`${name}\` corrupts the inputs`,
    );
    methods[name].complete(options, universe);
  }
  methods.eap_ig.complete({ integrate: "activations" }, kept);
  methods.hybrid.complete({}, kept);
  const { help } = await assertRejects(
    () => discover("eap_gi" as "eap_ig", input),
    DiscoveryError,
    "unknown method `eap_gi`",
  );
  assertEquals(help, "did you mean `eap_ig`?");
});
