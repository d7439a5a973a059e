/**
 * What a compiled program consists of, before it becomes tensors: sparse matrices of heads and units of MLPs.
 *
 * @module
 */
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

export interface CompiledProgram {
  readonly program: RaspProgram;
  readonly domain: Domain;
  readonly layers: number;
  readonly heads: number;
  readonly headSize: number;
  readonly width: number;
  readonly mlpWidth: number;
  /** Texts of all tokens: the vocabulary, outputs that are not in it, and the beginning token, which is the last. */
  readonly tokens: readonly string[];
  /** Rows are token ids, columns stream dimensions. */
  readonly tokenEmbedding: readonly Entry[];
  /** Rows are positions (0 is the beginning token's), columns stream dimensions. */
  readonly positionEmbedding: readonly Entry[];
  readonly headPlans: readonly HeadPlan[];
  /** By layer. */
  readonly neurons: readonly (readonly Neuron[])[];
  /** Rows are stream dimensions, columns token ids. */
  readonly unembedding: readonly Entry[];
  readonly reads: readonly Read[];
  /** Edges (`tok -> m1`) that keep the beginning token from disturbing, and serve nothing else; those not taken as well. */
  readonly precautions: readonly string[];
  /** Token id of the output at every position of the domain. */
  readonly outputs: Int32Array;
}
