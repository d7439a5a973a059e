/** The record of something that the language knows by name. @module */

/** Facts that the checker, the reference, completion and hover read. */
export interface Described {
  /** The word that scripts write. */
  readonly name: string;
  /** The meaning for authors of scripts, in Markdown: one or a few sentences. */
  readonly about: string;
  /**
   * The paper that the formula comes from: `Hanna et al. 2023, arXiv:2305.00586`, or the venue where it has no such number, as
   * in `Voorhees 1999, TREC-8`; `no paper` where there is none.
   */
  readonly source?: string;
  /** The values that it takes, with their unit. */
  readonly range?: string;
}
