/** Conventions: the ways to count the edges of a model. @module */

/** A way to count the edges of a model. Stored with every circuit: a sparsity means nothing without it. */
export interface Convention {
  /** `split`: `tok` and `pos` are two writers. `joint`: one writer `embed`. `kept`: one `embed`, whose edges are always kept and not counted. */
  readonly embeddings: "split" | "joint" | "kept";
  /** `split`: each head reads by q, k and v. `joint`: a head's q, k and v share one reader `a0.h0`. */
  readonly qkv: "split" | "joint";
}

/**
 * The field's usual graph: one input node, and three readers a head (Conmy et al. 2023, arXiv:2304.14997). A model without
 * learned positions has as many edges with split embeddings.
 */
export const defaultConvention: Convention = { embeddings: "joint", qkv: "split" };

/** A way to count a part of a model. */
export interface Way {
  /** The word that scripts ask for it by: `split embeddings`. */
  readonly verb: "split" | "join" | "keep";
  readonly about: string;
}

/** Every way to count each part. */
export const conventions: {
  readonly [Part in keyof Convention]: Readonly<Record<Convention[Part], Way>>;
} = {
  embeddings: {
    split: {
      verb: "split",
      about: "token and position embeddings are two writers, `tok` and `pos`",
    },
    joint: { verb: "join", about: "one writer `embed`" },
    kept: { verb: "keep", about: "one writer `embed` whose edges are always kept and not counted" },
  },
  qkv: {
    split: { verb: "split", about: "a head reads by q, k and v" },
    joint: { verb: "join", about: "a head has one reader" },
  },
};

/** Parts of a model that a verb can count, with what it makes of each. */
export function partsOf(verb: Way["verb"]): { readonly part: keyof Convention; about: string }[] {
  return (Object.keys(conventions) as (keyof Convention)[]).flatMap((part) =>
    Object.values<Way>(conventions[part]).filter((way) => way.verb === verb)
      .map(({ about }) => ({ part, about }))
  );
}

/** A convention in which a part is counted as a verb says. */
export function withPart(
  convention: Convention,
  verb: Way["verb"],
  part: keyof Convention,
): Convention {
  const [way] = Object.entries<Way>(conventions[part]).find(([, way]) => way.verb === verb) ?? [];
  return way === undefined ? convention : { ...convention, [part]: way };
}
