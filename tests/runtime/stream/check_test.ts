/** Models, conventions and prompts that the stream cannot compute are refused by name. */
import { assertThrows } from "@std/assert";
import {
  type Architecture,
  type LayerWeights,
  type Model,
  ModelError,
  openModel,
} from "../../../runtime/models/mod.ts";
import { checkExamples, checkModel } from "../../../runtime/stream/check.ts";
import { fixture } from "../models/helpers.ts";

const split = { embeddings: "split", qkv: "split" } as const;

async function changed(
  name: string,
  architecture: Partial<Architecture>,
  layer: Partial<LayerWeights> = {},
): Promise<Model> {
  const model = await openModel(fixture(`architectures/${name}`));
  const [first, ...rest] = model.weights.layers;
  return {
    ...model,
    architecture: { ...model.architecture, ...architecture },
    weights: { ...model.weights, layers: [{ ...first, ...layer }, ...rest] },
  };
}

Deno.test("every family is accepted as it is", async () => {
  for (const { name } of Deno.readDirSync(fixture("architectures"))) {
    checkModel(await changed(name, {}), split);
  }
});

Deno.test("an attention output bias under a norm after the attention", async () => {
  const { weights } = await openModel(fixture("architectures/gpt2"));
  const { outputBias } = weights.layers[0];
  const model = await changed("olmo2", {}, { outputBias });
  assertThrows(
    () => checkModel(model, split),
    ModelError,
    "the edges of olmo2 cannot be cut: layer 0 has an attention output bias and a norm after the attention",
  );
});

Deno.test("a LayerNorm after the attention", async () => {
  const { weights } = await openModel(fixture("architectures/olmo2"));
  const { attentionPostNorm } = weights.layers[0];
  const model = await changed("gpt-neox", {}, { attentionPostNorm, outputBias: undefined });
  assertThrows(
    () => checkModel(model, split),
    ModelError,
    "the norm after the attention of layer 0 must be an RMSNorm: it is layer",
  );
});

Deno.test("heads that do not divide", async () => {
  const model = await changed("llama-gqa", { keyValueHeads: 4 });
  assertThrows(
    () => checkModel(model, split),
    ModelError,
    "its 6 query heads do not divide into 4 key/value heads",
  );
});

Deno.test("rotary positions wider than a head", async () => {
  const rotary = { size: 10, inverseFrequencies: new Float64Array(5), factor: 1 };
  const model = await changed("llama-mha", { settings: [{ rotary }, { rotary }] });
  assertThrows(
    () => checkModel(model, split),
    ModelError,
    "layer 0 turns 10 dimensions of heads that have 8",
  );
});

Deno.test("one reader a head where heads share keys and values", async () => {
  const model = await changed("qwen3", {});
  assertThrows(
    () => checkModel(model, { embeddings: "split", qkv: "joint" }),
    ModelError,
    "`qwen3`: q, k and v cannot be joined: the 4 query heads of a layer share 2 key/value heads",
  );
});

Deno.test("prompts that the model cannot run", async () => {
  const model = await changed("gpt2", {});
  const refused = (clean: number[], corrupted: number[], reason: string) =>
    assertThrows(
      () =>
        checkExamples(model, [
          { cleanTokens: Int32Array.of(1), corruptedTokens: Int32Array.of(2) },
          { cleanTokens: Int32Array.from(clean), corruptedTokens: Int32Array.from(corrupted) },
        ]),
      RangeError,
      `Cannot run example 1 through gpt2: ${reason}`,
    );
  refused([], [], "its prompt has no tokens");
  refused([1, 2], [1], "its prompt has 2 tokens and its twin 1");
  const long = new Array<number>(33).fill(0);
  refused(long, long, "its prompt has 33 tokens where 32 is the most");
  refused([64], [0], "token 64 is not one of the vocabulary's 64");
  refused([0], [-1], "token -1 is not one of the vocabulary's 64");
});
