/**
 * Rotary position embeddings: reading the settings in all their spellings, and the frequencies that follow.
 *
 * New spelling: `rope_parameters { rope_type, rope_theta, partial_rotary_factor, ... }`, or one such
 * record per layer type. Old spelling: `rope_theta`, `partial_rotary_factor` beside
 * `rope_scaling { type or rope_type, factor, ... }`.
 *
 * @module
 */
import type { Rotary } from "../architecture.ts";
import { Config, refuseUnread } from "../config.ts";
import type { LayerType } from "./layer_types.ts";

/** Defaults of a family where the configuration is silent. */
export interface RotaryDefaults {
  readonly headSize: number;
  /** Base of the frequencies; 10,000 unless given. */
  readonly theta?: number;
  /** Keys of the base in the old spelling. */
  readonly thetaKeys?: readonly string[];
  /** Part of a head's dimensions that turn; 1 unless given. */
  readonly partial?: number;
  /** Keys of the part in the old spelling. */
  readonly partialKeys?: readonly string[];
  /** Other names of rope types. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** A rotary embedding, and the longest prompt for which it holds as it is. */
export interface RotaryReading {
  readonly rotary: Rotary;
  /** Tokens; Infinity for most. Longrope changes its frequencies beyond the length trained on. */
  readonly longest: number;
}

/** Reads the settings of a model whose layers all turn alike, or of its layers of one type. */
export function readRotary(
  config: Config,
  defaults: RotaryDefaults,
  layerType?: LayerType,
): RotaryReading {
  const key = hasEntries(config.raw("rope_scaling")) ? "rope_scaling" : "rope_parameters";
  config.raw("rope_parameters");
  let values = recordOf(config, key);
  let section = `${key}.`;
  if (layerType !== undefined && isNested(values)) {
    section = `${key}.${layerType}.`;
    values = recordOf(new Config(config.path, values, `${key}.`), layerType);
  }
  const theta = agreed(config, defaults.thetaKeys ?? ["rope_theta"], defaults.theta ?? 10_000);
  const partial = agreed(
    config,
    defaults.partialKeys ?? ["partial_rotary_factor"],
    defaults.partial ?? 1,
  );
  return rotaryFrom(config, new Config(config.path, values, section), {
    headSize: defaults.headSize,
    theta,
    partial,
    aliases: defaults.aliases ?? {},
  });
}

/**
 * Reads the settings of a model whose types of layer turn differently (Gemma 3): one record per type,
 * or the old spelling, in which the scaling concerns the full layers only.
 */
export function readRotaryByType(
  config: Config,
  headSize: number,
  defaults: Readonly<Record<LayerType, { readonly theta: number; readonly thetaKey: string }>>,
): Readonly<Record<LayerType, RotaryReading>> {
  const nested = new Config(config.path, recordOf(config, "rope_parameters"), "rope_parameters.");
  const scaling = recordOf(config, "rope_scaling");
  const read = (type: LayerType): RotaryReading => {
    const own = recordOf(nested, type);
    const values = type === "full_attention" ? { ...own, ...scaling } : own;
    return rotaryFrom(config, new Config(config.path, values, `rope_parameters.${type}.`), {
      headSize,
      theta: config.number(defaults[type].thetaKey, defaults[type].theta),
      partial: 1,
      aliases: {},
    });
  };
  const readings = {
    full_attention: read("full_attention"),
    sliding_attention: read("sliding_attention"),
  };
  refuseUnread(nested);
  return readings;
}

/** True if a record holds one record per layer type. */
function isNested(values: Readonly<Record<string, unknown>>): boolean {
  return hasEntries(values.full_attention) || hasEntries(values.sliding_attention);
}

/** The rotary embedding that one record of settings describes. */
function rotaryFrom(
  config: Config,
  settings: Config,
  defaults: {
    readonly headSize: number;
    readonly theta: number;
    readonly partial: number;
    readonly aliases: Readonly<Record<string, string>>;
  },
): RotaryReading {
  const fallback = settings.text("type", "default");
  const named = settings.text("rope_type", fallback);
  const type = Object.hasOwn(defaults.aliases, named) ? defaults.aliases[named] : named;
  if (!Object.hasOwn(scalings, type)) {
    throw settings.refusal("rope_type", Object.keys(scalings).join(", "), named);
  }
  const theta = settings.number("rope_theta", defaults.theta);
  const partial = settings.number("partial_rotary_factor", defaults.partial);
  const size = Math.floor(defaults.headSize * partial);
  if (size % 2 !== 0 || size === 0 || size > defaults.headSize) {
    throw settings.refusal(
      "partial_rotary_factor",
      `a part of the head's ${defaults.headSize} dimensions that is even`,
      partial,
    );
  }
  const plain = Float64Array.from({ length: size / 2 }, (_, i) => theta ** (-2 * i / size));
  const { inverseFrequencies, factor, longest } = scalings[type](plain, settings, config);
  refuseUnread(settings);
  return {
    rotary: { size, inverseFrequencies, factor: factor ?? 1 },
    longest: longest ?? Infinity,
  };
}

interface Scaled {
  readonly inverseFrequencies: Float64Array;
  readonly factor?: number;
  readonly longest?: number;
}

type Scaling = (plain: Float64Array, settings: Config, config: Config) => Scaled;

const scalings: Readonly<Record<string, Scaling>> = {
  default: (plain) => ({ inverseFrequencies: plain }),
  linear: (plain, settings) => {
    const factor = settings.number("factor");
    return { inverseFrequencies: plain.map((f) => f / factor) };
  },
  llama3,
  longrope,
};

/**
 * Llama 3.1: wavelengths beyond the length trained on are stretched, short ones kept, and those
 * between are mixed (the published Llama 3.1 reference code).
 */
function llama3(plain: Float64Array, settings: Config, config: Config): Scaled {
  const factor = settings.number("factor");
  const low = settings.number("low_freq_factor");
  const high = settings.number("high_freq_factor");
  const trained = trainedLength(settings, config);
  const inverseFrequencies = plain.map((frequency) => {
    const turns = trained * frequency / (2 * Math.PI);
    if (turns < low) return frequency / factor;
    if (turns > high) return frequency;
    const kept = (turns - low) / (high - low);
    return (1 - kept) * frequency / factor + kept * frequency;
  });
  return { inverseFrequencies };
}

/**
 * LongRoPE (Ding et al. 2024): a divisor per frequency, one list up to the length trained on and
 * another beyond, where the whole prompt's frequencies change. Only the first is implemented, so
 * prompts end there.
 */
function longrope(plain: Float64Array, settings: Config, config: Config): Scaled {
  const divisors = settings.raw("short_factor");
  settings.raw("long_factor");
  if (
    !Array.isArray(divisors) || divisors.length !== plain.length ||
    !divisors.every((n) => typeof n === "number" && n > 0)
  ) {
    throw settings.refusal("short_factor", `${plain.length} numbers above 0`, divisors);
  }
  const longest = trainedLength(settings, config);
  const stretch = settings.number("factor", config.count("max_position_embeddings") / longest);
  const factor = settings.number(
    "attention_factor",
    stretch <= 1 ? 1 : Math.sqrt(1 + Math.log(stretch) / Math.log(longest)),
  );
  return { inverseFrequencies: plain.map((f, i) => f / divisors[i]), factor, longest };
}

/** The length trained on: beside the other settings (Phi-3) or among them. */
function trainedLength(settings: Config, config: Config): number {
  const key = "original_max_position_embeddings";
  const inside = settings.count(key, config.count("max_position_embeddings"));
  return config.count(key, inside);
}

/** The number that one or more keys give, which may not contradict each other. */
function agreed(config: Config, keys: readonly string[], fallback: number): number {
  const given = keys.filter((key) => config.raw(key) !== undefined);
  for (const key of given.slice(1)) config.only(key, config.number(given[0]));
  return given.length === 0 ? fallback : config.number(given[0]);
}

function recordOf(config: Config, key: string): Readonly<Record<string, unknown>> {
  const value = config.raw(key) ?? {};
  if (typeof value !== "object" || Array.isArray(value)) {
    throw config.refusal(key, "a record", value);
  }
  return value as Record<string, unknown>;
}

function hasEntries(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
