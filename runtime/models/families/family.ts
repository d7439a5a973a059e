/** A model family: the contract of every family file. @module */
import type { Architecture, WeightMap } from "../architecture.ts";
import type { Config } from "../config.ts";

/** A model described by its `config.json` alone; tensors carry the names of a full language model's checkpoint. */
export interface Description {
  readonly architecture: Architecture;
  readonly weights: WeightMap;
}

/** One architecture of Hugging Face's: how its settings and tensor names map to the common parts. */
export interface Family {
  /** `model_type` of config.json. */
  readonly name: string;
  /** Begins the tensor names of the part below the head; checkpoints of that part alone lack it. */
  readonly prefix: string;
  /** Tensors that checkpoints may carry though the forward pass does not read them (precomputed buffers). */
  readonly buffers: readonly RegExp[];
  /** Settings of this family that do not change the forward pass, beyond those common to all. */
  readonly harmless: readonly string[];
  /** Reads every setting that matters. */
  describe(config: Config): Description;
}
