import { describeModel } from "../../../runtime/models/families/mod.ts";
import { assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { universeOf } from "../../../runtime/universe/universe.ts";
import {
  type Architecture,
  familyNames,
  ModelError,
  parseConfig,
  shapeOf,
} from "../../../runtime/models/mod.ts";
import { readJson } from "./helpers.ts";

type Json = Record<string, unknown>;

const read = (config: Json): Architecture =>
  describeModel(parseConfig("config.json", JSON.stringify(config))).architecture;

const refusal = (config: Json): ModelError => assertThrows(() => read(config), ModelError);
const refused = (config: Json): string => refusal(config).message;

const fixtureConfig = (name: string): Json => readJson(`architectures/${name}/config.json`);

/** Published settings of Llama models, as their own config.json spells them. */
const llama32: Json = {
  architectures: ["LlamaForCausalLM"],
  attention_bias: false,
  attention_dropout: 0,
  bos_token_id: 128000,
  eos_token_id: 128001,
  head_dim: 64,
  hidden_act: "silu",
  hidden_size: 2048,
  initializer_range: 0.02,
  intermediate_size: 8192,
  max_position_embeddings: 131072,
  mlp_bias: false,
  model_type: "llama",
  num_attention_heads: 32,
  num_hidden_layers: 16,
  num_key_value_heads: 8,
  pretraining_tp: 1,
  rms_norm_eps: 1e-5,
  rope_scaling: {
    factor: 32,
    high_freq_factor: 4,
    low_freq_factor: 1,
    original_max_position_embeddings: 8192,
    rope_type: "llama3",
  },
  rope_theta: 500000,
  tie_word_embeddings: true,
  torch_dtype: "bfloat16",
  transformers_version: "4.45.0.dev0",
  use_cache: true,
  vocab_size: 128256,
};

const llama3: Json = {
  architectures: ["LlamaForCausalLM"],
  attention_bias: false,
  attention_dropout: 0,
  bos_token_id: 128000,
  eos_token_id: 128001,
  hidden_act: "silu",
  hidden_size: 4096,
  initializer_range: 0.02,
  intermediate_size: 14336,
  max_position_embeddings: 8192,
  model_type: "llama",
  num_attention_heads: 32,
  num_hidden_layers: 32,
  num_key_value_heads: 8,
  pretraining_tp: 1,
  rms_norm_eps: 1e-5,
  rope_scaling: null,
  rope_theta: 500000,
  tie_word_embeddings: false,
  torch_dtype: "bfloat16",
  transformers_version: "4.40.0.dev0",
  use_cache: true,
  vocab_size: 128256,
};

const codeLlama: Json = {
  architectures: ["LlamaForCausalLM"],
  bos_token_id: 1,
  eos_token_id: 2,
  hidden_act: "silu",
  hidden_size: 5120,
  initializer_range: 0.02,
  intermediate_size: 13824,
  max_position_embeddings: 16384,
  model_type: "llama",
  num_attention_heads: 40,
  num_hidden_layers: 40,
  num_key_value_heads: 40,
  pretraining_tp: 1,
  rms_norm_eps: 1e-5,
  rope_scaling: null,
  rope_theta: 1000000,
  tie_word_embeddings: false,
  torch_dtype: "bfloat16",
  transformers_version: "4.33.0.dev0",
  use_cache: true,
  vocab_size: 32016,
};

Deno.test("universes of published models follow from their configurations alone", () => {
  const gpt2 = {
    ...fixtureConfig("gpt2"),
    n_layer: 12,
    n_head: 12,
    n_embd: 768,
    n_positions: 1024,
    vocab_size: 50257,
  };
  const count = (config: Json, embeddings: "split" | "joint" | "kept") =>
    universeOf(shapeOf(read(config)), { embeddings, qkv: "split" }).edgeCount;
  assertEquals(count(llama32, "joint"), 195_865);
  assertEquals(count(llama3, "joint"), 805_681);
  assertEquals(count(codeLlama, "joint"), 3_877_661);
  assertEquals(count(gpt2, "split"), 32_936);
  assertEquals(count(gpt2, "joint"), 32_491);
  assertEquals(count(gpt2, "kept"), 32_046);
});

Deno.test("parallel residual and sequential residual are told apart", () => {
  const neox = fixtureConfig("gpt-neox");
  assertEquals(read(neox).residual, "parallel");
  assertEquals(read({ ...neox, use_parallel_residual: false }).residual, "sequential");
});

Deno.test("settings that public GPT-2 files carry change nothing", () => {
  const gpt2 = fixtureConfig("gpt2");
  const { width: hidden_size, layers: num_hidden_layers, heads: num_attention_heads } = read(gpt2);
  const carried = {
    ...{ n_special: 0, predict_special_tokens: true, output_past: true, language: "en" },
    ...{ afn: "gelu_new", embd_layer: "x", neftune_noise_alpha: 5 },
    ...{ hidden_size, num_hidden_layers, num_attention_heads },
  };
  assertEquals(read({ ...gpt2, ...carried }), read(gpt2));
});

Deno.test("scores of GPT-2 may be divided by the layer's number", () => {
  const gpt2 = { ...fixtureConfig("gpt2"), scale_attn_by_inverse_layer_idx: true };
  const { headSize, settings } = read(gpt2);
  assertEquals(
    settings.map(({ scale }) => scale),
    settings.map((_, layer) => 1 / Math.sqrt(headSize) / (layer + 1)),
  );
  assertEquals(read({ ...gpt2, scale_attn_weights: false }).settings[1].scale, 1 / 2);
});

Deno.test("a context that config.json does not name is the one that transformers presumes", () => {
  // Defaults of the configuration classes in transformers 5.18.
  const presumed: Record<string, number> = {
    ...{
      gemma: 8192,
      "llama-gqa": 2048,
      mistral: 131_072,
      qwen2: 32_768,
      qwen3: 32_768,
      gemma2: 8192,
    },
    ...{ gemma3: 131_072, "gpt-neox": 2048, olmo2: 2048, phi3: 4096 },
  };
  for (const [name, length] of Object.entries(presumed)) {
    const { max_position_embeddings: _, ...config } = fixtureConfig(name);
    assertEquals(read(config).contextLength, length, name);
  }
});

Deno.test("an unknown model_type is refused with the known ones and the nearest", () => {
  const message = refused({ model_type: "lama" });
  assertStringIncludes(message, '`model_type` must be the name of a known family, and is "lama"');
  assertEquals(refusal({ model_type: "lama" }).help, "did you mean `llama`?");
  const { help } = refusal({ model_type: "mamba_something_else" });
  assertEquals(familyNames().filter((name) => !help.includes(`\`${name}\``)), []);
  assertStringIncludes(refused({}), "`model_type` must be a text, and is absent");
});

Deno.test("settings that are not implemented are refused by name with their value", () => {
  const cases: [string, Json, string][] = [
    ["gpt2", { activation_function: "quick_gelu" }, '"quick_gelu"'],
    ["gpt2", { activation_function: "constructor" }, '"constructor"'],
    ["gemma", { hidden_act: "relu" }, '`hidden_act` must be "gelu" or "gelu_pytorch_tanh"'],
    ["gpt2", { hidden_size: 7 }, "`hidden_size` must be 32, and is 7"],
    ["gpt2", { afn: "relu" }, '`afn` must be "gelu_new", and is "relu"'],
    ["gpt2", { add_cross_attention: true }, "`add_cross_attention` must be false"],
    ["gpt2", { n_embd: 33 }, "`n_head` must be a divisor of the width 33"],
    ["gpt2", { n_layer: 0 }, "`n_layer` must be a whole number from 1 to 1024, and is 0"],
    [
      "gpt2",
      { n_layer: null },
      "`n_layer` must be a whole number from 1 to 1024, and is absent",
    ],
    ["gpt2", { tie_word_embeddings: "yes" }, "`tie_word_embeddings` must be true or false"],
    ["llama-mha", { hidden_act: "relu2" }, "`hidden_act` must be gelu"],
    ["llama-mha", { num_key_value_heads: 3 }, "`num_key_value_heads` must be a divisor of 4 heads"],
    ["llama-mha", { rope_interleaved: true }, "`rope_interleaved` true may change"],
    [
      "llama-mha",
      { quantization_config: { bits: 4 } },
      '`quantization_config` {"bits":4} may change',
    ],
    ["llama-mha", { rope_scaling: { type: "dynamic", factor: 2 } }, '"dynamic"'],
    ["llama-mha", { rope_scaling: { rope_type: "yarn", factor: 2 } }, '"yarn"'],
    ["llama-mha", { rope_scaling: { type: "linear" } }, "`rope_scaling.factor` must be a number"],
    [
      "llama-mha",
      { rope_scaling: { type: "linear", factor: 2, truncate: 3 } },
      "`rope_scaling.truncate` 3 is not implemented",
    ],
    [
      "llama-mha",
      { rope_parameters: { rope_type: "default", mrope_section: [1, 2] } },
      "`rope_parameters.mrope_section` [1,2] is not implemented",
    ],
    ["llama-mha", { partial_rotary_factor: 1.5 }, "`rope_parameters.partial_rotary_factor`"],
    ["gpt-neox", { rotary_emb_base: 5, rope_theta: 6 }, "`rope_theta` must be 5"],
    ["qwen2", { layer_types: ["full_attention"] }, "`layer_types` must be 2 of"],
    ["qwen2", { layer_types: ["full_attention", "linear_attention"] }, "linear_attention"],
    ["qwen2", { layer_types: ["full_attention", "sliding_attention"] }, "`sliding_window` must be"],
    [
      "gemma2",
      { use_bidirectional_attention: true },
      "`use_bidirectional_attention` must be false",
    ],
    [
      "gemma3",
      { rope_parameters: { rope_theta: 5 } },
      "`rope_parameters.rope_theta` 5 is not implemented",
    ],
  ];
  for (const [name, changes, message] of cases) {
    assertStringIncludes(refused({ ...fixtureConfig(name), ...changes }), message);
  }
});

Deno.test("settings switched off, and those of training and generation, are no obstacle", () => {
  const config = { ...fixtureConfig("llama-mha"), alibi: false, extra: null, other: {} };
  assertEquals(read({ ...config, temperature: 0.6, _private: 3, unsloth_fixed: true }).layers, 2);
});

Deno.test("rotary settings mean the same in the old and the new spelling", () => {
  const { rope_parameters: _, ...bare } = fixtureConfig("llama31-rope-scaling");
  const scaling = {
    factor: 8,
    high_freq_factor: 4,
    low_freq_factor: 1,
    original_max_position_embeddings: 32,
  };
  const fresh = read(fixtureConfig("llama31-rope-scaling")).settings[0].rotary;
  for (const key of ["type", "rope_type"]) {
    const old = read({ ...bare, rope_theta: 10000, rope_scaling: { ...scaling, [key]: "llama3" } });
    assertEquals(old.settings[0].rotary, fresh);
  }
  const { rope_parameters: __, ...neox } = fixtureConfig("gpt-neox");
  assertEquals(
    read({ ...neox, rotary_pct: 0.5, rotary_emb_base: 100 }).settings[0].rotary,
    read({
      ...neox,
      rope_parameters: { rope_type: "default", partial_rotary_factor: 0.5, rope_theta: 100 },
    }).settings[0].rotary,
  );
});

Deno.test("linear scaling divides every frequency", () => {
  const config = fixtureConfig("llama-mha");
  const plain = read(config).settings[0].rotary!;
  const scaled = read({ ...config, rope_scaling: { type: "linear", factor: 4 } }).settings[0]
    .rotary!;
  assertEquals([...scaled.inverseFrequencies], [...plain.inverseFrequencies].map((f) => f / 4));
});

Deno.test("llama3 scaling keeps short wavelengths, stretches long ones, mixes those between", () => {
  const { inverseFrequencies } = read(llama32).settings[0].rotary!;
  const plain = (i: number) => 500000 ** (-i / 32);
  assertEquals(inverseFrequencies.length, 32);
  assertEquals(inverseFrequencies[0], 1);
  assertAlmostEquals(inverseFrequencies[31], plain(31) / 32, 1e-15);
  const middle = inverseFrequencies.findIndex((f, i) => f < plain(i) * 0.999);
  assertEquals(inverseFrequencies[middle] > plain(middle) / 32, true);
});

Deno.test("longrope holds up to the length trained on, by the names of all versions", () => {
  const { rope_parameters: _, ...phi3 } = fixtureConfig("phi3");
  const divisors = { short_factor: [1, 1.5, 2, 4], long_factor: [2, 3, 4, 8] };
  for (const type of ["longrope", "su", "yarn"]) {
    const long = read({
      ...phi3,
      max_position_embeddings: 4096,
      original_max_position_embeddings: 64,
      rope_theta: 10000,
      rope_scaling: { type, ...divisors },
    });
    assertEquals(long.contextLength, 64);
    const rotary = long.settings[1].rotary!;
    [1, 0.1 / 1.5, 0.005, 0.00025].forEach((f, i) =>
      assertAlmostEquals(rotary.inverseFrequencies[i], f, 1e-15)
    );
    assertAlmostEquals(rotary.factor, Math.sqrt(1 + Math.log(64) / Math.log(64)), 1e-12);
  }
  assertStringIncludes(
    refused({ ...phi3, rope_scaling: { type: "longrope", short_factor: [1], long_factor: [1] } }),
    "`rope_scaling.short_factor` must be 4 numbers above 0",
  );
});

Deno.test("windows: every layer of Mistral, switched-on layers of Qwen, every other of Gemma 2", () => {
  const windows = (config: Json) => read(config).settings.map((one) => one.window);
  const mistral = fixtureConfig("mistral");
  assertEquals(windows(mistral), [undefined, undefined]);
  assertEquals(windows({ ...mistral, sliding_window: 8 }), [8, 8]);
  const { sliding_window: _, ...silent } = mistral;
  assertEquals(windows(silent), [4096, 4096]);

  const { layer_types: __, ...qwen } = fixtureConfig("qwen2");
  const on = { use_sliding_window: true, sliding_window: 8, max_window_layers: 1 };
  assertEquals(windows({ ...qwen, sliding_window: 8 }), [undefined, undefined]);
  assertEquals(windows({ ...qwen, ...on }), [undefined, 8]);
  assertEquals(windows({ ...qwen, ...on, max_window_layers: 0 }), [8, 8]);

  const { layer_types: ___, ...gemma } = fixtureConfig("gemma2");
  assertEquals(windows({ ...gemma, num_hidden_layers: 3 }), [4, undefined, 4]);
});

Deno.test("Gemma 3: five sliding layers of six, with frequencies of their own, in both spellings", () => {
  const { layer_types: _, rope_parameters: __, ...bare } = fixtureConfig("gemma3");
  const old = read({
    ...bare,
    num_hidden_layers: 7,
    sliding_window_pattern: 6,
    rope_theta: 1_000_000,
    rope_local_base_freq: 10_000,
    rope_scaling: { rope_type: "linear", factor: 8 },
  });
  assertEquals(old.settings.map((one) => one.window), [4, 4, 4, 4, 4, undefined, 4]);
  assertAlmostEquals(old.settings[5].rotary!.inverseFrequencies[1], 1e6 ** (-1 / 8) / 8, 1e-15);
  assertAlmostEquals(old.settings[4].rotary!.inverseFrequencies[1], 1e4 ** (-1 / 8), 1e-15);
  const fresh = read({
    ...bare,
    num_hidden_layers: 7,
    rope_parameters: {
      full_attention: { rope_type: "linear", factor: 8, rope_theta: 1_000_000 },
      sliding_attention: { rope_type: "default", rope_theta: 10_000 },
    },
  });
  assertEquals(fresh.settings, old.settings);
});

Deno.test("Gemma's scale of embeddings is rounded to the stored type, its caps may be off", () => {
  const gemma = fixtureConfig("gemma2");
  const scale = (dtype: string) => read({ ...gemma, hidden_size: 3584, dtype }).embeddingScale;
  assertEquals(scale("float32"), Math.sqrt(3584));
  assertEquals(scale("bfloat16"), 59.75);
  assertEquals(scale("float16"), Math.f16round(Math.sqrt(3584)));
  const off = read({ ...gemma, attn_logit_softcapping: null, final_logit_softcapping: null });
  assertEquals([off.attention.softCap, off.logitSoftCap], [undefined, undefined]);
  const { attn_logit_softcapping: _, final_logit_softcapping: __, ...silent } = gemma;
  assertEquals([read(silent).attention.softCap, read(silent).logitSoftCap], [50, 30]);
  assertEquals(read(fixtureConfig("gemma3")).logitSoftCap, undefined);
});
