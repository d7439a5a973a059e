/** Generators: functions that make up prompts which templates cannot express. @module */
import type { Random } from "../../../base/random.ts";
import type { TextPair } from "../pair.ts";

/** A prompt with its twin and answers, before it has a place. */
export type GeneratedPair = Omit<TextPair, "place">;

/** An option's allowed values and its default, for messages, help and checking. */
export type GeneratorOption =
  | { readonly kind: "choice"; readonly values: readonly string[]; readonly default: string }
  | {
    readonly kind: "integer";
    readonly least: number;
    readonly most: number;
    readonly default: number;
  };

/** Options by name. */
export type GeneratorOptions = Readonly<Record<string, string | number>>;

export interface Generator {
  readonly name: string;
  /** One sentence for help and documentation. */
  readonly about: string;
  /** Name of the corruption that makes its twins. */
  readonly corruption: string;
  readonly options: Readonly<Record<string, GeneratorOption>>;
  /** One pair; the same state of the random numbers gives the same pair. All options are set. */
  draw(random: Random, options: GeneratorOptions): GeneratedPair;
}
