/**
 * Parts that Gemma 2 and 3 share: norms before and after each sublayer whose gains are stored as offsets
 * from 1, a scaled embedding, a scale of attention of its own, soft caps.
 *
 * @module
 */
import type { Architecture, LayerWeights } from "../architecture.ts";
import type { Config } from "../config.ts";
import { decoderSizes, gatedMlp, rms, rmsNorm, separateProjections } from "./decoder.ts";
import { activationOf, roundTo, type Sizes } from "./parts.ts";

/** Everything but the layers' settings. */
export function gemmaArchitecture(
  config: Config,
  caps: { readonly attention?: number; readonly logits?: number },
): Omit<Architecture, "family" | "settings"> {
  config.only("use_bidirectional_attention", false);
  const sizes = decoderSizes(config, { keyValueHeads: 4, headSize: 256 });
  const softCap = config.optionalNumber("attn_logit_softcapping", caps.attention);
  const logitSoftCap = config.optionalNumber("final_logit_softcapping", caps.logits);
  // The published model multiplies in the type that it is stored in: sqrt(3584) is 59.75 in bfloat16.
  const type = config.raw("dtype") ?? config.raw("torch_dtype") ?? "float32";
  return {
    ...sizes,
    norm: { ...rmsNorm(config, 1e-6), offsetGain: true },
    activation: activationOf(config, "hidden_activation", "gelu_pytorch_tanh"),
    residual: "sequential",
    learnedPositions: false,
    attention: {
      scale: 1 / Math.sqrt(config.number("query_pre_attn_scalar", 256)),
      ...(softCap !== undefined && { softCap }),
    },
    embeddingScale: roundTo(type, Math.sqrt(sizes.width)),
    ...(logitSoftCap !== undefined && { logitSoftCap }),
  };
}

/** Weights of one layer, apart from norms of queries and keys. */
export function gemmaLayer(name: string, sizes: Sizes, biased: boolean): LayerWeights {
  return {
    attentionNorm: rms(`${name}.input_layernorm`, sizes.width),
    ...separateProjections(`${name}.self_attn`, sizes, { inputs: biased, output: biased }),
    attentionPostNorm: rms(`${name}.post_attention_layernorm`, sizes.width),
    mlpNorm: rms(`${name}.pre_feedforward_layernorm`, sizes.width),
    ...gatedMlp(`${name}.mlp`, sizes),
    mlpPostNorm: rms(`${name}.post_feedforward_layernorm`, sizes.width),
  };
}
