/**
 * What reading or writing another tool's form gives: the thing itself, and what was lost on the way.
 *
 * @module
 */
import type { Circuit } from "../circuit.ts";

export interface Imported {
  readonly circuit: Circuit;
  /** One sentence for each thing that the other form cannot say, or says and we do not keep. */
  readonly losses: readonly string[];
}

export interface Exported {
  readonly text: string;
  readonly losses: readonly string[];
}
