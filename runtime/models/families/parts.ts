/**
 * Parts that families are put together from: views of stored layouts, and settings that several share.
 * Sizes in comments are those of {@link Architecture}.
 *
 * @module
 */
import type {
  Activation,
  Architecture,
  LayerSettings,
  NormWeights,
  WeightView,
} from "../architecture.ts";
import type { Config } from "../config.ts";

/** Sizes that most families spell the same way. */
export type Sizes = Pick<
  Architecture,
  | "layers"
  | "heads"
  | "keyValueHeads"
  | "headSize"
  | "width"
  | "mlpWidth"
  | "vocabulary"
  | "contextLength"
>;

/** A tensor as it is stored. */
export function plain(tensor: string, dims: readonly number[]): WeightView {
  return { tensor, dims, steps: [] };
}

/** A linear map stored [outputs, inputs], as [inputs, outputs]. */
export function linear(tensor: string, outputs: number, inputs: number): WeightView {
  return {
    tensor,
    dims: [outputs, inputs],
    steps: [{ kind: "transpose", permutation: [1, 0] }],
  };
}

/** Gain, and bias for LayerNorm. */
export function norm(name: string, width: number, kind: "layer" | "rms"): NormWeights {
  const gain = plain(`${name}.weight`, [width]);
  return kind === "rms" ? { gain } : { gain, bias: plain(`${name}.bias`, [width]) };
}

/** `count` layers, each described by its number. */
export function perLayer<T>(count: number, describe: (layer: number) => T): T[] {
  return Array.from({ length: count }, (_, layer) => describe(layer));
}

/** Width of one head when it is not given: the stream's width divided among the heads. */
export function sharedHeadSize(config: Config, width: number, heads: number, key: string): number {
  if (width % heads !== 0) {
    throw config.refusal(key, `a divisor of the width ${width}`, heads);
  }
  return width / heads;
}

const activations: Readonly<Record<string, Activation>> = {
  gelu: "gelu",
  gelu_new: "gelu_tanh",
  gelu_fast: "gelu_tanh",
  gelu_pytorch_tanh: "gelu_tanh",
  relu: "relu",
  silu: "silu",
  swish: "silu",
};

/** The MLP's activation by Hugging Face's name; an unknown one is refused. */
export function activationOf(config: Config, key: string, fallback: string): Activation {
  const name = config.text(key, fallback);
  const activation = Object.hasOwn(activations, name) ? activations[name] : undefined;
  if (activation === undefined) {
    throw config.refusal(key, Object.keys(activations).join(", "), name);
  }
  return activation;
}

/** Settings that are the same in every layer. */
export function sameSettings(layers: number, settings: LayerSettings): LayerSettings[] {
  return perLayer(layers, () => settings);
}

/** A number in the precision of a stored type; as it is for float32 and for types that are unknown. */
export function roundTo(type: unknown, value: number): number {
  if (type === "float16") return Math.f16round(value);
  if (type !== "bfloat16") return value;
  // bfloat16 keeps 8 bits of the significand.
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 7);
  const units = value / unit;
  const down = Math.floor(units);
  const up = units - down > 0.5 || (units - down === 0.5 && down % 2 === 1);
  return (up ? down + 1 : down) * unit;
}
