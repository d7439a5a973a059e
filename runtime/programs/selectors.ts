/**
 * Selectors that are combined by "and", "or" and "not", as the conditions that one head can hold.
 *
 * A head adds up the scores of its conditions, which is "and". For "or" all that the parts compare becomes one value on
 * either side, a tuple, and one condition on the two tuples. "Not" moves inwards until it meets a comparison.
 *
 * @module
 */
import { compares } from "./items.ts";
import type { Item, Predicate } from "./program.ts";
import type { Atom, Atoms, Node } from "./resolve.ts";

/** A selector with its names looked up. */
export type Formula =
  | {
    readonly kind: "select";
    readonly keys: Node;
    readonly queries: Node;
    readonly predicate: Predicate;
  }
  | { readonly kind: "both" | "either"; readonly parts: readonly Formula[] }
  | { readonly kind: "not"; readonly part: Formula };

/** A formula without "not". `never` selects nothing. */
type Plain =
  | {
    readonly kind: "select";
    readonly keys: Node;
    readonly queries: Node;
    readonly predicate: Predicate | "never";
  }
  | { readonly kind: "both" | "either"; readonly parts: readonly Plain[] };

const opposite: Readonly<Record<Predicate, Predicate | "never">> = {
  "==": "!=",
  "!=": "==",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
  always: "never",
};

/**
 * The conditions that must all hold; an empty list selects everything.
 *
 * @param tuple makes one value of several
 */
export function atomsOf(formula: Formula, tuple: (parts: readonly Node[]) => Node): Atoms {
  return conjuncts(plain(formula, false)).map((part) =>
    part.kind === "select" ? comparison(part) : joint(part, tuple)
  );
}

/** The formula, or its opposite, without "not"; parts that always hold or never do are worked in. */
function plain(formula: Formula, negated: boolean): Plain {
  if (formula.kind === "not") return plain(formula.part, !negated);
  if (formula.kind === "select") {
    const { predicate } = formula;
    return { ...formula, predicate: negated ? opposite[predicate] : predicate };
  }
  const kind = negated ? (formula.kind === "both" ? "either" : "both") : formula.kind;
  const parts = formula.parts.map((part) => plain(part, negated));
  // The part that decides the whole, and the part that decides nothing.
  const [decides, idle] = kind === "both" ? ["never", "always"] : ["always", "never"];
  const is = (part: Plain, predicate: string) =>
    part.kind === "select" && part.predicate === predicate;
  const decisive = parts.find((part) => is(part, decides));
  if (decisive !== undefined) return decisive;
  const others = parts.filter((part) => !is(part, idle));
  return others.length === 0 ? parts[0] : others.length === 1 ? others[0] : { kind, parts: others };
}

function conjuncts(formula: Plain): Plain[] {
  if (formula.kind === "both") return formula.parts.flatMap(conjuncts);
  return formula.kind === "select" && formula.predicate === "always" ? [] : [formula];
}

type Comparison = Extract<Plain, { kind: "select" }>;

function comparison({ keys, queries, predicate }: Comparison): Atom {
  return { keys, queries, name: predicate, holds: (key, query) => decide(predicate, key, query) };
}

function decide(predicate: Predicate | "never", key: Item, query: Item): boolean {
  return predicate !== "never" && compares(predicate, key, query);
}

/** One condition on all that the parts compare. */
function joint(formula: Plain, tuple: (parts: readonly Node[]) => Node): Atom {
  const leaves = leavesOf(formula);
  const [keys, queries] = [
    side(leaves.map(({ keys }) => keys)),
    side(leaves.map((l) => l.queries)),
  ];
  const evaluate = (part: Plain, key: readonly Item[], query: readonly Item[]): boolean => {
    if (part.kind === "select") {
      const [k, q] = [keys.nodes.indexOf(part.keys), queries.nodes.indexOf(part.queries)];
      return decide(part.predicate, key[k], query[q]);
    }
    const holds = (inner: Plain) => evaluate(inner, key, query);
    return part.kind === "both" ? part.parts.every(holds) : part.parts.some(holds);
  };
  return {
    keys: keys.value,
    queries: queries.value,
    name: spelled(formula, keys.nodes, queries.nodes),
    holds: (key, query) => evaluate(formula, keys.items(key), queries.items(query)),
  };

  /** Different values of one side, as one value that can be taken apart again. */
  function side(all: readonly Node[]) {
    const nodes = [...new Set(all)];
    const one = nodes.length === 1;
    return {
      nodes,
      value: one ? nodes[0] : tuple(nodes),
      items: (item: Item): readonly Item[] => one ? [item] : JSON.parse(item as string),
    };
  }
}

function leavesOf(formula: Plain): Comparison[] {
  return formula.kind === "select" ? [formula] : formula.parts.flatMap(leavesOf);
}

/** The formula in words, with the places of what it compares. */
function spelled(formula: Plain, keys: readonly Node[], queries: readonly Node[]): string {
  if (formula.kind === "select") {
    return `${keys.indexOf(formula.keys)}${formula.predicate}${queries.indexOf(formula.queries)}`;
  }
  return `(${formula.parts.map((part) => spelled(part, keys, queries)).join(` ${formula.kind} `)})`;
}
