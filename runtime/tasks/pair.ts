/** A prompt with its twin, still as text. @module */
export interface TextPair {
  /** For messages: `task ioi, train example 3`, or `pairs.jsonl:17`. */
  readonly place: string;
  readonly clean: string;
  readonly corrupted: string;
  /** Continuations of the clean prompt, with the space that precedes a word. */
  readonly answers: readonly string[];
  readonly wrong: readonly string[];
}
