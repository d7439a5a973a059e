/**
 * A circuit: a set of edges of one universe, optionally with a score for every edge, and where it came from.
 *
 * @module
 */
import type { Universe } from "../universe/universe.ts";

/** Where a circuit came from: enough to make it again. Every field that is not known is left out. */
export interface Provenance {
  /** The name it was declared under (`ep`); expressions of derived circuits use it. */
  readonly name?: string;
  /** How it was made: a method's name (`edge_pruning`) or the expression that derived it (`ep & hint`). */
  readonly expression: string;
  readonly model?: { readonly name: string; readonly hash: string };
  readonly task?: string;
  readonly corruption?: string;
  readonly seed?: number;
  readonly provider?: string;
  /** Hash of the resolved script. */
  readonly script?: string;
  /** Version of this package. */
  readonly version?: string;
  /** Everything else that decided the result, by option name. */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

export interface Circuit {
  readonly universe: Universe;
  /** The edges kept, as edge numbers of the universe, ascending, without repeats. */
  readonly edges: Uint32Array;
  /** One score per edge *of the universe* (NaN where none is known), or null. Higher means more important. */
  readonly scores: Float32Array | null;
  readonly provenance: Provenance;
}
