/**
 * Gemma 2 and 3: norms before and after each sublayer whose gains are stored as offsets from 1, a scaled
 * embedding, a scale of attention of its own, soft caps.
 *
 * @module
 */
import type { LayerWeights } from "../architecture.ts";
import {
  type DecoderFamily,
  decoderFamily,
  gatedMlp,
  rms,
  rmsNorm,
  separateProjections,
} from "./decoder.ts";
import type { Config } from "../config.ts";
import type { Family } from "./family.ts";
import { roundTo, type Sizes } from "./parts.ts";

/** The facts that set one of the two apart. */
interface GemmaFamily extends Pick<DecoderFamily, "name" | "harmless" | "positions"> {
  /** Longest prompt, where the configuration does not name it. */
  readonly contextLength: number;
  /** Soft caps where their keys are absent. */
  readonly caps: { readonly attention?: number; readonly logits?: number };
  readonly queryKeyNorm?: "head";
  /** Weights of a layer beyond those that both have. */
  readonly more?: (name: string, sizes: Sizes) => Partial<LayerWeights>;
}

/** Factor on the embedding. Published models multiply in the type that they are stored in: sqrt(3584) is 59.75 in bfloat16. */
export const embeddingScale = (config: Config, width: number): number =>
  roundTo(config.raw("dtype") ?? config.raw("torch_dtype"), Math.sqrt(width));

/** A family of Gemma's form. */
export function gemmaFamily(
  { caps, contextLength, queryKeyNorm, more, ...family }: GemmaFamily,
): Family {
  return decoderFamily({
    ...family,
    presumed: { keyValueHeads: 4, headSize: 256, tied: true, contextLength },
    activation: ["hidden_activation", "gelu_pytorch_tanh"],
    architecture: (config, { width }) => {
      config.only("use_bidirectional_attention", false);
      const softCap = config.optionalNumber("attn_logit_softcapping", caps.attention);
      const logitSoftCap = config.optionalNumber("final_logit_softcapping", caps.logits);
      return {
        norm: { ...rmsNorm(config), offsetGain: true },
        attention: {
          scale: 1 / Math.sqrt(config.number("query_pre_attn_scalar", 256)),
          ...(softCap !== undefined && { softCap }),
          ...(queryKeyNorm && { queryKeyNorm }),
        },
        embeddingScale: embeddingScale(config, width),
        ...(logitSoftCap !== undefined && { logitSoftCap }),
      };
    },
    layer: (config, sizes) => {
      const biased = config.boolean("attention_bias", false);
      return (name) => ({
        attentionNorm: rms(`${name}.input_layernorm`, sizes.width),
        ...separateProjections(`${name}.self_attn`, sizes, { inputs: biased, output: biased }),
        attentionPostNorm: rms(`${name}.post_attention_layernorm`, sizes.width),
        mlpNorm: rms(`${name}.pre_feedforward_layernorm`, sizes.width),
        ...gatedMlp(`${name}.mlp`, sizes),
        mlpPostNorm: rms(`${name}.post_feedforward_layernorm`, sizes.width),
        ...more?.(name, sizes),
      });
    },
  });
}
