/** Programs with their meaning written down a second time, in TypeScript and without selectors. */
import type {
  BinaryOperator,
  Item,
  Predicate,
  RaspExpression,
  RaspProgram,
  RaspSelector,
} from "../../../runtime/programs/mod.ts";

export const tokens: RaspExpression = { kind: "tokens" };
export const indices: RaspExpression = { kind: "indices" };
export const name = <K extends string>(name: K) => ({ kind: "name" as const, name });
export const constant = (value: Item): RaspExpression => ({ kind: "constant", value });
export const binary = (
  left: RaspExpression,
  operator: BinaryOperator,
  right: RaspExpression,
): RaspExpression => ({
  kind: "binary",
  operator,
  left,
  right,
});
export const select = (
  keys: RaspExpression,
  queries: RaspExpression,
  predicate: Predicate,
): RaspSelector => ({
  kind: "select",
  keys,
  queries,
  predicate,
});
export const both = (left: RaspSelector, right: RaspSelector): RaspSelector => ({
  kind: "both",
  left,
  right,
});
export const either = (left: RaspSelector, right: RaspSelector): RaspSelector => ({
  kind: "either",
  left,
  right,
});
export const not = (selector: RaspSelector): RaspSelector => ({ kind: "not", selector });
export const count = (selector: RaspSelector): RaspExpression => ({ kind: "count", selector });
export const aggregate = (
  selector: RaspSelector,
  value: RaspExpression,
  otherwise?: Item,
): RaspExpression => ({
  kind: "aggregate",
  selector,
  value,
  otherwise,
});
const everything = select(tokens, tokens, "always");
const same = select(tokens, tokens, "==");
const before = select(indices, indices, "<");

interface Case {
  readonly program: RaspProgram;
  /** The output at every position. */
  readonly meaning: (input: Item[]) => Item[];
}

const frame = (
  name: string,
  mask: RaspProgram["mask"],
  vocabulary: Item[] = [1, 2, 3],
  length = 4,
) => ({ name, mask, vocabulary, length, lets: [] });
const occurrences = (list: readonly Item[], item: Item) =>
  list.filter((other) => other === item).length;

export const reverse: Case = {
  program: {
    ...frame("reverse", "full"),
    lets: [{ name: "size", value: count(everything) }],
    output: aggregate(
      select(indices, binary(binary(name("size"), "-", constant(1)), "-", indices), "=="),
      tokens,
    ),
  },
  meaning: (input) => input.toReversed(),
};

export const xproportion: Case = {
  program: {
    ...frame("xproportion", "causal", ["x", "y", "z"]),
    output: aggregate(everything, binary(tokens, "==", constant("x"))),
  },
  meaning: (input) => input.map((_, p) => occurrences(input.slice(0, p + 1), "x") / (p + 1)),
};

export const histogram: Case = {
  program: { ...frame("histogram", "full"), output: count(same) },
  meaning: (input) => input.map((token) => occurrences(input, token)),
};

export const sort: Case = {
  program: {
    ...frame("sort", "full"),
    lets: [{
      name: "rank",
      value: binary(count(select(tokens, tokens, "<")), "+", count(both(same, before))),
    }],
    output: aggregate(select(name("rank"), indices, "=="), tokens),
  },
  meaning: (input) => input.toSorted((a, b) => Number(a) - Number(b)),
};

export const mostFrequent: Case = {
  program: {
    ...frame("most_frequent", "full"),
    lets: [
      { name: "score", value: binary(binary(count(same), "*", constant(4)), "-", indices) },
      { name: "rank", value: count(select(name("score"), name("score"), ">")) },
    ],
    output: aggregate(select(name("rank"), constant(0), "=="), tokens),
  },
  // The first of those that occur most often.
  meaning: (input) => {
    const most = Math.max(...input.map((token) => occurrences(input, token)));
    return input.map(() => input.find((token) => occurrences(input, token) === most)!);
  },
};

export const doubleHistogram: Case = {
  program: {
    ...frame("double_histogram", "full"),
    lets: [
      { name: "times", value: count(same) },
      { name: "earlier", value: count(both(same, before)) },
    ],
    output: count(
      both(select(name("times"), name("times"), "=="), select(name("earlier"), constant(0), "==")),
    ),
  },
  // How many different tokens occur as often as this one.
  meaning: (input) =>
    input.map((token) =>
      [...new Set(input)].filter((other) => occurrences(input, other) === occurrences(input, token))
        .length
    ),
};

const sign = (open: string, close: string): RaspExpression =>
  binary(binary(tokens, "==", constant(open)), "-", binary(tokens, "==", constant(close)));
const balance = (kind: RaspExpression) => aggregate(select(indices, indices, "<="), kind);

export const shuffledDyck: Case = {
  program: {
    ...frame("shuffled_dyck", "full", ["(", ")", "[", "]"]),
    lets: [
      { name: "round", value: sign("(", ")") },
      { name: "square", value: sign("[", "]") },
      {
        name: "below",
        value: binary(
          binary(balance(name("round")), "<", constant(0)),
          "or",
          binary(balance(name("square")), "<", constant(0)),
        ),
      },
      { name: "never", value: binary(aggregate(everything, name("below")), "==", constant(0)) },
      {
        name: "level",
        value: binary(
          binary(aggregate(everything, name("round")), "==", constant(0)),
          "and",
          binary(aggregate(everything, name("square")), "==", constant(0)),
        ),
      },
    ],
    output: binary(name("never"), "and", name("level")),
  },
  // Both kinds of brackets are balanced, each by itself.
  meaning: (input) => {
    const balanced = (open: string, close: string) => {
      let depth = 0;
      return input.every((token) =>
        (depth += token === open ? 1 : token === close ? -1 : 0) >= 0
      ) && depth === 0;
    };
    const yes = balanced("(", ")") && balanced("[", "]");
    return input.map(() => yes ? 1 : 0);
  },
};

export const lastOccurrence: Case = {
  program: {
    ...frame("last_occurrence", "causal"),
    lets: [{ name: "times", value: count(same) }],
    output: aggregate(
      both(same, select(name("times"), binary(name("times"), "-", constant(1)), "==")),
      indices,
      -1,
    ),
  },
  // Where this token was last, or -1.
  meaning: (input) => input.map((token, p) => input.slice(0, p).lastIndexOf(token)),
};

const previous = aggregate(
  select(indices, binary(indices, "-", constant(1)), "=="),
  tokens,
  "none",
);

export const induction: Case = {
  program: {
    ...frame("induction", "causal", ["a", "b", "c"]),
    lets: [
      { name: "before", value: previous },
      { name: "matches", value: count(select(name("before"), tokens, "==")) },
      { name: "number", value: count(select(name("before"), name("before"), "==")) },
    ],
    output: aggregate(
      both(select(name("before"), tokens, "=="), select(name("number"), name("matches"), "==")),
      tokens,
      "none",
    ),
  },
  // The token after the last earlier one that is as this one.
  meaning: (input) =>
    input.map((token, p) => {
      const last = input.slice(0, p).lastIndexOf(token);
      return last < 0 ? "none" : input[last + 1];
    }),
};

/** Selectors combined in every way: which neighbours differ, or are far away and not greater. */
export const combined: Case = {
  program: {
    ...frame("combined", "full"),
    minimumLength: 2,
    lets: [
      {
        name: "near",
        value: either(
          select(indices, binary(indices, "+", constant(1)), "=="),
          select(indices, binary(indices, "-", constant(1)), "=="),
        ),
      },
      {
        name: "chosen",
        value: either(
          both(name("near"), not(same)),
          not(either(name("near"), select(tokens, tokens, ">"))),
        ),
      },
    ],
    output: {
      kind: "if",
      condition: binary(indices, "%", constant(2)),
      yes: count(name("chosen")),
      no: aggregate(name("chosen"), tokens, -1),
    },
  },
  meaning: (input) =>
    input.map((token, q) => {
      const chosen = input.filter((other, k) =>
        Math.abs(k - q) === 1 ? other !== token : other <= token
      ).map(Number);
      if (q % 2 === 1) return chosen.length;
      if (chosen.length === 0) return -1;
      return chosen.reduce((a, b) => a + b) / chosen.length;
    }),
};

/** Bends that the others do not take: constants, defaults, several numbers in one map, texts, looks at what heads wrote. */
export const oddities: Case = {
  program: {
    ...frame("oddities", "full", ["a", "b"]),
    lets: [
      {
        name: "next",
        value: aggregate(select(indices, binary(indices, "+", constant(1)), "=="), tokens, "end"),
      },
      {
        name: "after",
        value: aggregate(
          select(indices, binary(indices, "+", constant(1)), "=="),
          name("next"),
          "none",
        ),
      },
      { name: "share", value: aggregate(select(tokens, constant("a"), "=="), indices, -2) },
      { name: "many", value: count(select(tokens, constant("a"), "==")) },
    ],
    output: {
      kind: "if",
      condition: binary(name("share"), ">", name("many")),
      yes: name("after"),
      no: binary(binary(name("share"), "+", name("many")), "*", constant(2)),
    },
  },
  meaning: (input) => {
    const places = input.flatMap((token, p) => token === "a" ? [p] : []);
    const share = places.length === 0 ? -2 : places.reduce((a, b) => a + b) / places.length;
    const n = input.length;
    return input.map((_, p) => {
      const after = p + 1 >= n ? "none" : p + 2 >= n ? "end" : input[p + 2];
      return share > places.length ? after : Number(((share + places.length) * 2).toPrecision(12));
    });
  },
};

/** The programs of examples/programs. */
export const EXAMPLES: readonly Case[] = [
  reverse,
  xproportion,
  histogram,
  sort,
  mostFrequent,
  doubleHistogram,
  shuffledDyck,
  lastOccurrence,
  induction,
];

export const CASES: readonly Case[] = [
  ...EXAMPLES,
  combined,
  oddities,
];
