/**
 * OLMo 2: no norm before a sublayer but one after it, and queries and keys normalised over all heads at once.
 *
 * @module
 */
import { decoderFamily, gatedMlp, headsVector, rms, separateProjections } from "./decoder.ts";
import type { Family } from "./family.ts";

export const olmo2: Family = decoderFamily({
  name: "olmo2",
  presumed: { epsilon: 1e-5, contextLength: 2048 },
  architecture: (_config, { headSize }) => ({
    attention: { scale: 1 / Math.sqrt(headSize), queryKeyNorm: "all" },
  }),
  layer: (config, sizes) => {
    const { heads, keyValueHeads, headSize, width } = sizes;
    const biased = config.boolean("attention_bias", false);
    return (name) => ({
      ...separateProjections(`${name}.self_attn`, sizes, { inputs: biased, output: biased }),
      queryNorm: headsVector(`${name}.self_attn.q_norm.weight`, heads, headSize),
      keyNorm: headsVector(`${name}.self_attn.k_norm.weight`, keyValueHeads, headSize),
      attentionPostNorm: rms(`${name}.post_attention_layernorm`, width),
      ...gatedMlp(`${name}.mlp`, sizes),
      mlpPostNorm: rms(`${name}.post_feedforward_layernorm`, width),
    });
  },
});
