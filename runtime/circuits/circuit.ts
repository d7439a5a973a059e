/**
 * A circuit: a set of edges of one universe, optionally with a score for every edge, and where it came from.
 *
 * @module
 */
import type { Universe } from "../universe/universe.ts";

/** The origin of a circuit: enough to make it again. A field that is not known is left out. */
export interface Provenance {
  /** The name it was declared under (`ep`); expressions of derived circuits use it. */
  readonly name?: string;
  /** The method that found it (`edge_pruning`), or the expression that derived it (`ep & hint`). */
  readonly expression: string;
  /** The model, and the SHA-256 of its files ({@linkcode Model.hash}). */
  readonly model?: { readonly name: string; readonly hash: string };
  /** Name of the task. */
  readonly task?: string;
  /** Name of the corruption. */
  readonly corruption?: string;
  /** Seed of the method. */
  readonly seed?: number;
  /** The onnxruntime provider that computed it: `cpu`, `webgpu` or `cuda`. */
  readonly provider?: string;
  /** Hash of the resolved script. */
  readonly script?: string;
  /** Version of this package. */
  readonly version?: string;
  /** All other options that decided the result, by name; the ablation among them, and which prompts a mean is over. */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

/** A set of edges of one universe, with scores where a method gave them. */
export interface Circuit {
  /** The edges that could be kept. */
  readonly universe: Universe;
  /** The edges kept, [kept], as edge numbers of the universe, ascending, without repeats. */
  readonly edges: Uint32Array;
  /** Scores, one for each edge of the universe, [edges], NaN where none is known; or null. A higher score is more important. */
  readonly scores: Float32Array | null;
  /** The origin. */
  readonly provenance: Provenance;
}
