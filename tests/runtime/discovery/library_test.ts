/** Attribution against the scores that the EAP-IG library gives every edge of the toy and of a Llama with grouped queries. */
import { assert } from "@std/assert";
import { verified } from "../../support/verified.ts";
import { parseEdge } from "../../../runtime/universe/names.ts";
import type { Universe } from "../../../runtime/universe/universe.ts";
import { discover, type DiscoveryInput, type MethodName } from "../../../runtime/discovery/mod.ts";
import { edgesByStage, inputEdges } from "../../../runtime/discovery/scoring/stages.ts";
import { objectiveOf } from "../../../runtime/discovery/objective.ts";
import { type MaskedModel, openEngine, openMasked } from "../../../runtime/stream/mod.ts";
import { openModel } from "../../../runtime/models/mod.ts";

interface Library {
  readonly pairs: readonly {
    readonly clean: number[];
    readonly corrupted: number[];
    readonly answer: number;
    readonly wrong: number;
  }[];
  readonly edges: readonly string[];
  readonly scores: Readonly<Record<string, { readonly batch: number; readonly float32: string }>>;
}

const objectives: Record<string, string> = {
  ld: "logit_difference",
  pd: "probability_difference",
  kl: "kl",
};

/** A model of the fixtures, its prompts prepared, and the library's scores by our edges. */
async function withLibrary(
  name: "toy" | "stories",
  run: (library: {
    readonly input: DiscoveryInput;
    readonly masked: MaskedModel;
    /** Compares a method's scores [edges] with the library's, those of all edges or of some. */
    readonly compare: (
      name: MethodName,
      file: string,
      scores: ArrayLike<number>,
      some?: { readonly edges: readonly number[]; readonly which?: string },
    ) => void;
  }) => Promise<void>,
): Promise<void> {
  const file = new URL(`../../fixtures/eap-ig/${name}.json`, import.meta.url);
  const library: Library = JSON.parse(await Deno.readTextFile(file));
  const folder = { toy: "toy", stories: "stories260k" }[name];
  const engine = await openEngine({ device: "cpu" });
  try {
    const model = await openModel(
      new URL(`../../../examples/models/${folder}`, import.meta.url).pathname,
    );
    const masked = await openMasked(engine, model, {
      convention: { embeddings: "joint", qkv: "split" },
    });
    const train = await masked.prepare(library.pairs.map((pair) => ({
      clean: "",
      corrupted: "",
      cleanTokens: Int32Array.from(pair.clean),
      corruptedTokens: Int32Array.from(pair.corrupted),
      answers: Int32Array.of(pair.answer),
      wrong: Int32Array.of(pair.wrong),
    })));
    await run({
      input: { masked, train, task: "library", corruption: "library" },
      masked,
      compare(method, file, scores, some) {
        const expected = scoresOf(library, file, masked.universe);
        const edges = some?.edges ?? [...expected.keys()];
        const largest = (of: (edge: number) => number) =>
          edges.reduce((most, edge) => Math.max(most, Math.abs(of(edge))), 0);
        const reach = largest((edge) => expected[edge]);
        assert(reach > 0);
        verified({
          of: "method",
          name: method,
          against: `the EAP-IG library, ${file} of ` +
            `${{ toy: "the toy", stories: "a Llama with grouped queries" }[name]}: ` +
            `${edges.length} edges${some?.which ?? ""}`,
          difference: largest((edge) => scores[edge] - expected[edge]) / reach,
          // The toy is sure of its answers: what is left of 1 in float32 has fewer digits.
          tolerance: file === "EAP.pd" ? 1e-4 : 1e-5,
          unit: "of the largest",
        });
      },
    });
  } finally {
    await engine.close();
  }
}

/** The library's scores as means over the examples, in the order of a universe: one edge of a shared key or value stands for several. */
function scoresOf({ edges, scores }: Library, file: string, universe: Universe): Float64Array {
  const { batch, float32 } = scores[file];
  const values = new Float32Array(Uint8Array.from(atob(float32), (c) => c.charCodeAt(0)).buffer);
  const { heads, keyValueHeads } = universe.shape;
  const group = heads / keyValueHeads;
  const all = new Float64Array(universe.edgeCount);
  edges.forEach((name, i) => {
    const [from, to] = name.split("->");
    const [, layer, head, input] = /^(a\d+)[.]h(\d+)<(.)>$/.exec(to) ?? [];
    const place = group > 1 && input !== "q" ? `kv${Math.floor(Number(head) / group)}` : `h${head}`;
    const reader = layer === undefined ? to : `${layer}.${place}.${input}`;
    const edge = parseEdge(universe, `${from === "input" ? "embed" : from} -> ${reader}`);
    all[edge] += batch * values[i];
  });
  return all;
}

/** The model with every 12th edge's cut measured, and zeros for all others: a pass for each edge would take minutes. */
function measuringSome(masked: MaskedModel): MaskedModel {
  return {
    ...masked,
    async sequence(...given) {
      const sequence = await masked.sequence(...given);
      return {
        ...sequence,
        async evaluate([z], options) {
          if (z.indexOf(0) % 12 <= 0) return await sequence.evaluate([z], options);
          const { examples } = given[0];
          const { vocabulary } = masked.model.architecture;
          return [{
            kl: new Float32Array(examples.length),
            logits: new Float32Array(examples.length * vocabulary),
          }];
        },
      };
    },
  };
}

Deno.test("methods score every edge of the toy as the library does", () =>
  withLibrary("toy", async ({ input, masked, compare }) => {
    const scores = async (method: MethodName, loss: string, options: object = {}) => {
      const given = { rank: "signed", objective: objectives[loss], ...options };
      return (await discover(method, input, given)).circuit.scores!;
    };
    const eap = await scores("eap", "ld");
    compare("eap", "EAP.ld", eap);
    compare("eap", "EAP-b16.ld", eap);
    compare("eap", "EAP.pd", await scores("eap", "pd"));
    for (const loss of ["ld", "kl"]) {
      compare("clean_corrupted", `clean-corrupted.${loss}`, await scores("clean_corrupted", loss));
      const inputs = await scores("eap_ig", loss, { steps: 5 });
      compare("eap_ig", `midpoint.EAP-IG-inputs-5.${loss}`, inputs);
    }
    const activations = await scores("eap_ig", "kl", { integrate: "activations", steps: 5 });
    compare("eap_ig", "midpoint.EAP-IG-activations-own-5.kl", activations);
    // KL's gradient vanishes at the full model, and the library's scores are rounding: `eap` refuses it.
    const open = new Float32Array(masked.universe.edgeCount).fill(1);
    const { gradient } = await (await objectiveOf(input, "kl")).gradient(open);
    assert(gradient.every((value) => Math.abs(value) < 1e-6));
  }));

Deno.test("activation patching measures single edges of the toy as the library does", () =>
  withLibrary("toy", async ({ input, masked, compare }) => {
    for (const loss of ["ld", "kl"]) {
      const options = { rank: "signed", objective: objectives[loss] } as const;
      const some = { ...input, masked: measuringSome(masked) };
      const { circuit } = await discover("activation_patching", some, options);
      const edges = [...circuit.scores!.keys()].filter((edge) => edge % 12 === 0);
      compare("activation_patching", `exact.${loss}`, circuit.scores!, { edges });
    }
  }));

/** Scores by the mean gradient at some masks, with the differences of the full model, [edges]. */
async function meanScores(input: DiscoveryInput, loss: string, masks: readonly Float32Array[]) {
  const objective = await objectiveOf(input, objectives[loss]);
  const differencesAt = new Float32Array(input.masked.universe.edgeCount).fill(1);
  const mean = new Float64Array(differencesAt.length);
  for (const z of masks) {
    const { gradient } = await objective.gradient(z, undefined, { differencesAt });
    gradient.forEach((value, edge) => mean[edge] -= value / masks.length);
  }
  return mean;
}

/** Masks with some edges at a share. */
const masksAt = ({ edgeCount }: Universe, edges: readonly number[], share: number) => {
  const z = new Float32Array(edgeCount).fill(1);
  for (const edge of edges) z[edge] = share;
  return z;
};

/** Masks at the library's points along the inputs: from the corrupted end on, without the clean one. */
const alongInputs = (universe: Universe, steps: number) =>
  Array.from({ length: steps }, (_, k) => masksAt(universe, inputEdges(universe), k / steps));

Deno.test("gradients at the library's own points along the inputs are its scores", () =>
  withLibrary("toy", async ({ input, masked: { universe }, compare }) => {
    const scores = (loss: string, steps: number) =>
      meanScores(input, loss, alongInputs(universe, steps));
    const five = await scores("ld", 5);
    compare("eap_ig", "EAP-IG-inputs-5.ld", five);
    compare("eap_ig", "EAP-IG-inputs-5-b16.ld", five);
    compare("eap_ig", "EAP-IG-inputs-5.pd", await scores("pd", 5));
    compare("eap_ig", "EAP-IG-inputs-5.kl", await scores("kl", 5));
    compare("eap_ig", "EAP-IG-inputs-20.ld", await scores("ld", 20));
  }));

Deno.test("gradients at the library's own points along the activations are its scores", () =>
  withLibrary("toy", async ({ input, masked: { universe }, compare }) => {
    const masks = edgesByStage(universe).flatMap((stage) =>
      [1, 2, 3, 4, 5].map((k) => masksAt(universe, stage, k / 5))
    );
    const scores = await meanScores(input, "ld", masks);
    // Behind other edges lie writers that the library holds constant, and lets no gradient through.
    const logits = universe.offset.at(-2)!;
    const edges = Array.from({ length: universe.edgeCount - logits }, (_, i) => logits + i);
    compare("eap_ig", "EAP-IG-activations-5.ld", scores, { edges, which: " into the logits" });
  }));

Deno.test("a Llama with grouped queries is scored as by the library", () =>
  withLibrary("stories", async ({ input, masked: { universe }, compare }) => {
    const { circuit } = await discover("eap", input, { rank: "signed" });
    compare("eap", "EAP.ld", circuit.scores!);
    const along = await meanScores(input, "ld", alongInputs(universe, 5));
    compare("eap_ig", "EAP-IG-inputs-5.ld", along);
  }));
