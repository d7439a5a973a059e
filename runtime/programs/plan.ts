/** A compiled program before it becomes tensors: sparse matrices of heads and units of MLPs. @module */
import type { Domain } from "./domain.ts";
import type { RaspProgram } from "./program.ts";

/** Logit of the output's token; all others have 0. */
export const OUTPUT_LOGIT = 10;

/** One entry of a weight matrix. */
export interface Entry {
  readonly row: number;
  readonly column: number;
  readonly weight: number;
}

/** A head's matrices, sparse. `width` and `headSize` are the stream's and the head's dimensions. */
export interface HeadPlan {
  readonly layer: number;
  readonly head: number;
  /** Rows are stream dimensions, columns head dimensions. */
  readonly query: readonly Entry[];
  readonly key: readonly Entry[];
  readonly value: readonly Entry[];
  /** By head dimension. */
  readonly queryBias: readonly { readonly column: number; readonly weight: number }[];
  /** Rows are head dimensions, columns stream dimensions. */
  readonly output: readonly Entry[];
}

/** One hidden unit of an MLP: relu(bias + sum of weighted inputs), added to the outputs. */
export interface Neuron {
  readonly inputs: readonly { readonly dimension: number; readonly weight: number }[];
  readonly bias: number;
  readonly outputs: readonly { readonly dimension: number; readonly weight: number }[];
}

/** That a reader needs what a writer writes. */
export interface Read {
  readonly writer: string;
  readonly reader: string;
  /** Two inputs of one length differ in what is read here, and in what the reader makes of it. */
  readonly varies: boolean;
}

/** A program as the weights of a transformer, and the edges that it was compiled to. */
export interface CompiledProgram {
  /** The program that was compiled. */
  readonly program: RaspProgram;
  /** Number of layers. */
  readonly layers: number;
  /** Heads of a layer. */
  readonly heads: number;
  /** Dimensions of a head. */
  readonly headSize: number;
  /** Dimensions of the residual stream. */
  readonly width: number;
  /** Hidden units of an MLP. */
  readonly mlpWidth: number;
  /** Texts of all tokens: the vocabulary, outputs that are not in it, and the beginning token, which is the last. */
  readonly tokens: readonly string[];
  /**
   * Values of the program on every input.
   *
   * @internal
   */
  readonly domain: Domain;
  /**
   * Rows are token ids, columns stream dimensions.
   *
   * @internal
   */
  readonly tokenEmbedding: readonly Entry[];
  /**
   * Rows are positions (0 is the beginning token's), columns stream dimensions.
   *
   * @internal
   */
  readonly positionEmbedding: readonly Entry[];
  /**
   * Matrices of the heads.
   *
   * @internal
   */
  readonly headPlans: readonly HeadPlan[];
  /**
   * Hidden units, by layer.
   *
   * @internal
   */
  readonly neurons: readonly (readonly Neuron[])[];
  /**
   * Rows are stream dimensions, columns token ids.
   *
   * @internal
   */
  readonly unembedding: readonly Entry[];
  /**
   * Edges that the program was compiled to.
   *
   * @internal
   */
  readonly reads: readonly Read[];
  /** Edges (`tok -> m1`) whose only purpose is that the beginning token disturbs nothing. */
  readonly precautions: readonly string[];
  /** Token id of the output at every position of every input, [inputs of positions]. */
  readonly outputs: Int32Array;
}
