/**
 * Shapes of a sparsity schedule: the ways from one sparsity to another. `linear` and `log` are those of Edge Pruning's
 * implementation (Bhaskar et al. 2024, arXiv:2406.16778).
 *
 * @module
 */

/** `linear` in sparsity; `log` in the share left open; `cosine`, slow at both ends. */
export type SparsityShape = "linear" | "log" | "cosine";

/** A way from one sparsity to another. */
export interface ShapeRecord {
  /** Words that follow "as it grows". */
  readonly about: string;
  /** Sparsity at a share of the way, in [0, 1], between two sparsities. */
  between(from: number, to: number, share: number): number;
}

/** Every shape, by the word that schedules name it by. */
export const shapes: Readonly<Record<SparsityShape, ShapeRecord>> = {
  linear: {
    about: "linearly",
    between: (from, to, share) => from + (to - from) * share,
  },
  log: {
    about: "by `log`",
    // The open share falls by equal factors; fully sparse has no logarithm, so it ends just above zero.
    between(from, to, share) {
      const open = (sparsity: number) => Math.log(Math.max(1e-6, 1 - sparsity));
      return share === 1 ? to : 1 - Math.exp(open(from) + (open(to) - open(from)) * share);
    },
  },
  cosine: {
    about: "by `cosine`",
    between: (from, to, share) => from + (to - from) * (1 - Math.cos(Math.PI * share)) / 2,
  },
};
