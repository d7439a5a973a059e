/** Predicted costs of methods and measurements, against measured ones. */
import { assert, assertEquals } from "@std/assert";
import {
  cleanUpDefaults,
  discover,
  type MethodName,
  methodNames,
  methods,
} from "../../../runtime/discovery/mod.ts";
import { fullCircuit } from "../../../runtime/circuits/mod.ts";
import { passesOf } from "../../../runtime/discovery/passes.ts";
import {
  expressionMetric,
  measureCircuit,
  measureNames,
  type MetricChoice,
} from "../../../runtime/evaluation/mod.ts";
import { passesOfMeasures } from "../../../runtime/evaluation/passes.ts";
import type { MaskedModel } from "../../../runtime/stream/mod.ts";
import { examples, withTiny } from "../evaluation/tiny.ts";

const training = { steps: 6, batch: 2, keep: { share: 0.5 } };
const variants: Readonly<Partial<Record<MethodName, readonly object[]>>> = {
  eap_ig: [{ steps: 3 }, { integrate: "activations", steps: 2 }],
  acdc: [{ threshold: 0.01 }, { keep: 30, sweeps: 2 }],
  edge_pruning: [{ steps: 8, batch: 2, checks: 3, keep: 40 }, {
    steps: 8,
    batch: 2,
    keep: 40,
    cleanUp: cleanUpDefaults,
  }],
  node_pruning: [training],
  uniform_gradient_sampling: [{ ...training, samples: 2 }],
  soft_top_k: [training],
  hybrid: [{ ...training, points: 2 }, { ...training, points: 2, cleanUp: null }],
};

const isTraining = (name: string): name is MethodName =>
  "batch" in methods[name as MethodName].defaults;

/** Runs with room for one mask in a pass, and with room for eight. */
const withRoom = async (run: Parameters<typeof withTiny>[0]) => {
  for (const batch of [4, 24]) await withTiny(run, undefined, batch);
};

Deno.test("methods cost what was said before", () =>
  withRoom(async (masked, prepared) => {
    const { universe } = masked;
    const examples = prepared.examples.length;
    const input = { masked, train: prepared, task: "golden", corruption: "file" };
    // The tiny model comes from no program, so nobody knows its true circuit.
    for (const name of methodNames.filter((each) => methods[each].needs !== "program")) {
      for (const given of variants[name] ?? [{}]) {
        const options = {
          ...methods[name].defaults,
          ...given,
        };
        const said = passesOf(name, options, { examples, universe, batch: masked.batch });
        const { cost } = await discover(name, input, options);
        const where = `${name} ${JSON.stringify(given)}`;
        if (said.bound === "exactly") {
          assertEquals([cost.forward, cost.gradient], [said.forward, said.gradient], where);
        } else if (said.bound === "at most") {
          assert(cost.forward > 0 && cost.forward <= said.forward, where);
          assertEquals(cost.gradient, said.gradient, where);
        } else {
          const { forward, gradient } = said.most!;
          assert(cost.forward >= said.forward && cost.forward <= forward, where);
          assert(cost.gradient >= said.gradient && cost.gradient <= gradient, where);
        }
      }
    }
  }));

Deno.test("batches larger than the examples of a length cost what is drawn", async () => {
  const short = examples.slice(0, 2).map((example) => ({
    ...example,
    cleanTokens: example.cleanTokens.slice(0, 4),
    corruptedTokens: example.corruptedTokens.slice(0, 4),
  }));
  // All of one length, where a batch has every example; and three and two of a length.
  for (const chosen of [examples, [...examples, ...short]]) {
    await withTiny(async (masked, prepared) => {
      const input = { masked, train: prepared, task: "golden", corruption: "file" };
      const size = { examples: chosen.length, universe: masked.universe, batch: masked.batch };
      for (const name of Object.keys(variants).filter(isTraining)) {
        const { defaults } = methods[name];
        const options = {
          ...defaults,
          ...variants[name]![0],
          ...{ steps: 5, batch: 32, seed: 3 },
          ...("cleanUp" in defaults && { cleanUp: null }),
        };
        const said = passesOf(name, options, { ...size, prompts: chosen });
        const { cost } = await discover(name, input, options);
        assert(said.bound !== "between", name);
        assertEquals(cost.gradient, said.gradient, name);
        if (chosen === examples) assertEquals(passesOf(name, options, size), said, name);
      }
    }, chosen);
  }
});

Deno.test("measurements run the examples as often as was said before", () =>
  withTiny(async (masked, prepared) => {
    let evaluated = 0;
    const counting: MaskedModel = {
      ...masked,
      evaluate: (...given) => {
        evaluated++;
        return masked.evaluate(...given);
      },
      sequence: async (...given) => {
        const sequence = await masked.sequence(...given);
        const evaluate: typeof sequence.evaluate = (masks, options) => {
          evaluated += masks.length;
          return sequence.evaluate(masks, options);
        };
        return { ...sequence, evaluate };
      },
    };
    const input = { masked, train: prepared, task: "golden", corruption: "file" };
    const { circuit } = await discover("eap", input, { keep: 5 });
    const highest = expressionMetric({
      kind: "over",
      reduce: "max",
      value: "logit",
      set: "answers",
    });
    const occasions: readonly (readonly [readonly MetricChoice[], MetricChoice])[] = [
      [["kl", "exact_match"], "kl"],
      [["faithfulness"], "logit_difference"],
      [["kl", "completeness", highest], highest],
      [["cpr", "cmd"], "logit_difference"],
      [measureNames, "logit_difference"],
    ];
    const full = fullCircuit(masked.universe);
    const withFull = occasions.slice(0, 3).map(([...given]) => [full, ...given] as const);
    const withCircuit = occasions.map(([...given]) => [circuit, ...given] as const);
    for (const [measured, choices, metric] of [...withCircuit, ...withFull]) {
      evaluated = 0;
      await measureCircuit(counting, measured, prepared, choices, metric);
      const said = passesOfMeasures(measured, choices, metric);
      assertEquals(evaluated, said, `${choices.map((choice) => typeof choice)}`);
    }
  }));
