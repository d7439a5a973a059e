/** Attribution methods: golden gradients, brute force, what integration must add up to, and nothing from nothing. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { edgeName, endsOf } from "../../../runtime/universe/universe.ts";
import {
  discover,
  DiscoveryError,
  type DiscoveryInput,
  methods,
} from "../../../runtime/discovery/mod.ts";
import {
  evaluateCorrupted,
  evaluateFull,
  maskOf,
  maskValues,
  meansOf,
} from "../../../runtime/evaluation/mod.ts";
import type { MaskedModel, PreparedExamples } from "../../../runtime/stream/mod.ts";
import { logitDifference } from "../../../runtime/metrics/logit_difference.ts";
import { randomFrom } from "../../../base/random.ts";
import { verified } from "../../support/verified.ts";
import { linearModel } from "../evaluation/linear.ts";
import { goldenByName, unchanged, withTiny } from "../evaluation/tiny.ts";

const inputOf = (masked: MaskedModel, train: PreparedExamples): DiscoveryInput => ({
  masked,
  train,
  task: "golden",
  corruption: "file",
});
const signed = { rank: "signed" } as const;
const metric = "logit_difference";

Deno.test("EAP's scores are the golden gradients at z = 1", () =>
  withTiny(async (masked, train) => {
    const { circuit, cost } = await discover("eap", inputOf(masked, train), signed);
    circuit.scores!.forEach((score, edge) => {
      // The score is what cutting costs: the fall of the logit difference, its derivative by z.
      const golden = goldenByName.get(edgeName(masked.universe, edge))!;
      const expected = golden.logit_difference_gradient_at_1;
      assertAlmostEquals(score, expected, Math.max(1e-6, 1e-3 * Math.abs(expected)));
    });
    assertEquals([cost.forward, cost.gradient], [0, 3]);
    const magnitudes = await discover("eap", inputOf(masked, train), {});
    assertEquals(magnitudes.circuit.scores, circuit.scores!.map(Math.abs));
  }));

Deno.test("an objective that a method's record refuses is refused by the library too", () =>
  withTiny(async (masked, train) => {
    const input = inputOf(masked, train);
    const { why, instead } = methods.eap.refuses!;
    const refused = async (input: DiscoveryInput, objective: string, ...instead: string[]) => {
      const { message, help } = await assertRejects(
        () => discover("eap", input, { objective }),
        DiscoveryError,
      );
      assertEquals([message, help], [why, `take ${instead.join(", or ")}`]);
    };
    await refused(input, "kl", "`objective metric`", instead);
    await refused({ ...input, metric: "kl" }, "kl", instead);
    await refused({ ...input, metric: "kl" }, "metric", instead);
    const within = Uint32Array.of(0, 1, 2);
    await discover("eap", input, { objective: "kl", within, keep: 1 });
    await discover("eap", { ...input, metric: "kl" }, { objective: metric, keep: 1 });
  }));

Deno.test("activation patching equals brute force", () =>
  withTiny(async (masked, train) => {
    const { universe } = masked;
    // Restricted to a few edges around the end; everything else is closed throughout.
    const within = Uint32Array.from({ length: 12 }, (_, i) => universe.edgeCount - 12 + i);
    for (const objective of ["kl", metric]) {
      const { circuit } = await discover("activation_patching", inputOf(masked, train), {
        ...signed,
        objective,
        within,
      });
      const value = async (edges: Iterable<number>) =>
        meansOf(await maskValues(masked, maskOf(universe, edges), train, [objective]))[objective];
      const whole = await value(within);
      for (let edge = 0; edge < universe.edgeCount; edge++) {
        if (!within.includes(edge)) {
          assert(Number.isNaN(circuit.scores![edge]));
          continue;
        }
        const change = await value(within.filter((other) => other !== edge)) - whole;
        assertAlmostEquals(circuit.scores![edge], objective === "kl" ? change : -change, 1e-5);
      }
    }
  }));

Deno.test("EAP-IG along the masks adds up to the whole change", () =>
  withTiny(async (masked, train) => {
    for (const objective of ["kl", metric]) {
      const { circuit } = await discover("eap_ig", inputOf(masked, train), {
        ...signed,
        objective,
        integrate: "masks",
        steps: 60,
      });
      const full = (await evaluateFull(masked, train, [objective]))[objective];
      const corrupted = (await evaluateCorrupted(masked, train, [objective]))[objective];
      const change = objective === "kl" ? corrupted - full : full - corrupted;
      const sum = circuit.scores!.reduce((total, score) => total + score, 0);
      verified({
        of: "method",
        name: "eap_ig",
        against: `completeness: scores along the masks add up to the change of \`${objective}\``,
        difference: Math.abs(sum / change - 1),
        tolerance: 2e-3,
        unit: "of the change",
      });
    }
  }));

Deno.test("EAP-IG along the activations: each stage adds up to what cutting it does", () =>
  withTiny(async (masked, train) => {
    const { universe } = masked;
    const { circuit } = await discover("eap_ig", inputOf(masked, train), {
      ...signed,
      integrate: "activations",
      steps: 40,
    });
    const full = (await evaluateFull(masked, train, [metric]))[metric];
    for (const [layer, kind] of [[0, "head"], [0, "mlp"], [1, "head"]] as const) {
      const leaving = Array.from({ length: universe.edgeCount }, (_, e) => e).filter((edge) => {
        const writer = universe.writers[endsOf(universe, edge).writer];
        return writer.layer === layer && writer.kind === kind;
      });
      const z = new Float32Array(universe.edgeCount).fill(1);
      for (const edge of leaving) z[edge] = 0;
      const cut = meansOf(await maskValues(masked, z, train, [metric]))[metric];
      const sum = leaving.reduce((total, edge) => total + circuit.scores![edge], 0);
      assertAlmostEquals(sum, full - cut, 1e-3 * Math.abs(full - cut) + 1e-5);
    }
  }));

Deno.test("on a model that is linear in its masks, every attribution is the exact change", async () => {
  const weights = [3, -2, 0.5, 1, 0, 4, -1, 2];
  const { masked, prepared } = linearModel(weights, false);
  const input = inputOf(masked, prepared);
  for (
    const [name, options] of [
      ["eap", {}],
      ["eap_ig", { integrate: "inputs", steps: 3 }],
      ["clean_corrupted", {}],
      ["eap_ig", { integrate: "masks", steps: 3 }],
      ["eap_ig", { integrate: "activations", steps: 3 }],
      ["activation_patching", {}],
    ] as const
  ) {
    const { circuit } = await discover(name, input, { ...signed, ...options });
    circuit.scores!.forEach((score, edge) => assertAlmostEquals(score, weights[edge], 1e-5, name));
  }
});

Deno.test("clean = corrupted: nothing is attributed to any edge", () =>
  withTiny(async (masked, train) => {
    const input = inputOf(masked, train);
    const within = Uint32Array.from({ length: 20 }, (_, i) => masked.universe.edgeCount - 20 + i);
    for (
      const [name, options] of [
        ["eap", {}],
        ["eap_ig", {}],
        ["clean_corrupted", {}],
        ["eap_ig", { integrate: "masks" }],
        ["eap_ig", { integrate: "activations", steps: 2 }],
        ["activation_patching", { within }],
      ] as const
    ) {
      const { circuit } = await discover(name, input, options);
      const known = circuit.scores!.filter((score) => !Number.isNaN(score));
      assertEquals(known.filter((score) => Math.abs(score) > 1e-6).length, 0, name);
    }
  }, unchanged));

Deno.test("a gradient with the differences of other masks is the gradient where those differences really flow", () =>
  withTiny(async (masked, train) => {
    const { universe } = masked;
    const random = randomFrom(4);
    const head = universe.writers.findIndex(({ name }) => name === "a0.h1");
    const drawn = random.fillOpenUniform(new Float32Array(universe.edgeCount));
    const inputs: number[] = [];
    const outputs: number[] = [];
    drawn.forEach((_, edge) => {
      const { writer, reader } = endsOf(universe, edge);
      if (writer === head) outputs.push(edge);
      if (/^a0.h1[.]/.test(universe.readers[reader].name)) inputs.push(edge);
    });
    // The head's outputs are cut, so whether its inputs are open changes nothing but its own difference.
    const z = drawn.slice();
    for (const edge of outputs) z[edge] = 0;
    const closed = z.slice();
    for (const edge of inputs) closed[edge] = 0;
    const open = z.slice();
    for (const edge of inputs) open[edge] = 1;
    const full = new Float32Array(universe.edgeCount).fill(1);
    const known = (await masked.gradient(train, open)).gradient;
    const plain = (await masked.gradient(train, closed)).gradient;
    const found = (await masked.gradient(train, closed, { differencesAt: full })).gradient;
    for (const edge of outputs) {
      assertEquals(plain[edge], 0);
      assertAlmostEquals(found[edge], known[edge], 1e-3 * Math.abs(known[edge]) + 1e-7);
    }
    assert(outputs.some((edge) => Math.abs(found[edge]) > 1e-5));
    // With the masks' own differences it is the plain gradient.
    const same = (await masked.gradient(train, drawn, { differencesAt: drawn })).gradient;
    const own = (await masked.gradient(train, drawn)).gradient;
    own.forEach((value, edge) =>
      assertAlmostEquals(same[edge], value, 1e-4 * Math.abs(value) + 1e-8)
    );
  }));

Deno.test("EAP-IG along the inputs and clean-corrupted: what embeddings score adds up, and EAP is their end", () =>
  withTiny(async (masked, train) => {
    const { universe } = masked;
    const scores = async (name: "eap_ig" | "clean_corrupted" | "eap", options = {}) =>
      (await discover(name, inputOf(masked, train), { ...signed, ...options })).circuit.scores!;
    const embeddings = Array.from({ length: universe.edgeCount }, (_, e) => e)
      .filter((edge) => universe.writers[endsOf(universe, edge).writer].layer < 0);
    const z = new Float32Array(universe.edgeCount).fill(1);
    for (const edge of embeddings) z[edge] = 0;
    const full = (await evaluateFull(masked, train, [metric]))[metric];
    const cut = meansOf(await maskValues(masked, z, train, [metric]))[metric];
    const inputs = await scores("eap_ig", { integrate: "inputs", steps: 40 });
    const sum = embeddings.reduce((total, edge) => total + inputs[edge], 0);
    assertAlmostEquals(sum, full - cut, 2e-3 * Math.abs(full - cut));

    // Twice clean-corrupted less the gradient at the clean end is the gradient at the corrupted end, where the embeddings'
    // edges are closed and all others open.
    const both = await scores("clean_corrupted");
    const clean = await scores("eap");
    const corrupted = await masked.gradient(train, z, {
      loss: logitDifference.loss!(train.examples, masked.model.architecture.vocabulary),
      differencesAt: new Float32Array(universe.edgeCount).fill(1),
    });
    corrupted.gradient.forEach((expected, edge) =>
      assertAlmostEquals(2 * both[edge] - clean[edge], expected, 1e-3 * Math.abs(expected) + 1e-5)
    );
  }));
