/** Comparison of universes. @module */
import { CircuitError } from "./errors.ts";
import type { Universe } from "./universe.ts";

/** One line about a universe: `4 layers, 8 heads, embeddings split, qkv split: 1,620 edges`. */
export function describeUniverse(universe: Universe): string {
  const facts = factsOf(universe).map(([name, value]) =>
    name === "layers" || name === "heads" ? `${value} ${name}` : `${name} ${value}`
  );
  return `${facts.join(", ")}: ${universe.edgeCount.toLocaleString("en-US")} edges`;
}

/**
 * Differences of two universes, one phrase each (`embeddings split and joint`); none where their edges are the
 * same.
 */
export function universeDifferences(a: Universe, b: Universe): string[] {
  const left = new Map(factsOf(a));
  const right = new Map(factsOf(b));
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].flatMap((name) => {
    const [x, y] = [left.get(name) ?? usual(a, name), right.get(name) ?? usual(b, name)];
    return x === y ? [] : [`${name} ${x} and ${y}`];
  });
}

/**
 * Asserts that two universes are the same.
 *
 * @param both the two that have them, for the message: `ep and hint`
 * @throws {CircuitError} if they differ; the message names the differences
 */
export function requireSameUniverse(a: Universe, b: Universe, both: string): void {
  if (a === b) return;
  const differences = universeDifferences(a, b);
  if (differences.length === 0) return;
  throw new CircuitError(
    `${both} do not have the same edges to choose from: they differ in ${differences.join(", ")} (${
      a.edgeCount.toLocaleString("en-US")
    } and ${b.edgeCount.toLocaleString("en-US")} edges)`,
  );
}

/** The facts that decide which edges exist; a fact that makes no difference under the convention is left out. */
function factsOf({ shape, convention }: Universe): [string, string][] {
  const facts: [string, string][] = [
    ["layers", String(shape.layers)],
    ["heads", String(shape.heads)],
  ];
  if (convention.qkv === "split" && shape.keyValueHeads !== shape.heads) {
    facts.push(["key/value heads", String(shape.keyValueHeads)]);
  }
  if (shape.residual !== "sequential") facts.push(["residual", shape.residual]);
  if (convention.embeddings === "split" && !shape.learnedPositions) {
    facts.push(["positions", "none"]);
  }
  facts.push(["embeddings", convention.embeddings], ["qkv", convention.qkv]);
  return facts;
}

/** The value of a fact that `factsOf` leaves out because it is the usual one. */
function usual(universe: Universe, name: string): string {
  if (name === "key/value heads") return String(universe.shape.heads);
  if (name === "residual") return "sequential";
  return "learned";
}
