/** Random universes and circuits for property tests; every draw comes from a seed. */
import type { Circuit } from "../../../runtime/circuits/circuit.ts";
import { type Convention, type Shape, universeOf } from "../../../runtime/universe/universe.ts";
import type { Universe } from "../../../runtime/universe/universe.ts";

/** Uniform numbers in [0, 1): mulberry32, a 32-bit state stepped by a Weyl constant and mixed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shapeOf(layers: number, heads: number, more: Partial<Shape> = {}): Shape {
  return {
    layers,
    heads,
    keyValueHeads: heads,
    residual: "sequential",
    learnedPositions: true,
    ...more,
  };
}

/** Small universes that between them use every convention. */
export const universes: Universe[] = [
  [shapeOf(2, 2), { embeddings: "split", qkv: "split" }],
  [shapeOf(3, 1), { embeddings: "joint", qkv: "split" }],
  [shapeOf(2, 2), { embeddings: "kept", qkv: "split" }],
  [shapeOf(2, 3), { embeddings: "split", qkv: "joint" }],
  [shapeOf(2, 4, { keyValueHeads: 2, learnedPositions: false }), {
    embeddings: "split",
    qkv: "split",
  }],
  [shapeOf(3, 2, { residual: "parallel" }), { embeddings: "joint", qkv: "split" }],
].map(([shape, convention]) => universeOf(shape as Shape, convention as Convention));

/** A circuit that keeps each edge with the given probability; some scores unknown, some negative. */
export function randomCircuit(
  universe: Universe,
  seed: number,
  density = 0.4,
  scored: "all" | "kept" | "none" = "all",
): Circuit {
  const random = randomNumbers(seed);
  const edges = Uint32Array.from(
    Array.from({ length: universe.edgeCount }, (_, edge) => edge).filter(() => random() < density),
  );
  let scores: Float32Array | null = null;
  if (scored !== "none") {
    scores = new Float32Array(universe.edgeCount).fill(NaN);
    const chosen = scored === "all" ? Uint32Array.from(scores, (_, edge) => edge) : edges;
    for (const edge of chosen) if (random() < 0.9) scores[edge] = random() * 2 - 0.5;
  }
  return { universe, edges, scores, provenance: { name: `c${seed}`, expression: "random" } };
}
