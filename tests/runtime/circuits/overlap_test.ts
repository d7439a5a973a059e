import { assertAlmostEquals, assertEquals, assertStrictEquals } from "@std/assert";
import { logHypergeometricTail, overlap } from "../../../runtime/circuits/overlap.ts";
import { makeCircuit } from "../../../runtime/circuits/sets.ts";
import { universes } from "./random.ts";

Deno.test("overlap counts shared edges", () => {
  const circuit = (edges: number[]) =>
    makeCircuit(universes[0], edges, null, { expression: "hand" });
  const result = overlap(circuit([1, 2, 3, 5]), circuit([2, 3, 4]));
  assertEquals([result.shared, result.onlyFirst, result.onlySecond], [2, 2, 1]);
  assertAlmostEquals(result.jaccard, 2 / 5);
  assertAlmostEquals(result.expected, 12 / universes[0].edgeCount);
  assertStrictEquals(overlap(circuit([]), circuit([])).jaccard, 1);
});

function choose(n: number, k: number): bigint {
  let result = 1n;
  for (let i = 0; i < k; i++) result = result * BigInt(n - i) / BigInt(i + 1);
  return k < 0 || k > n ? 0n : result;
}

Deno.test("the hypergeometric tail agrees with exact fractions", () => {
  for (let total = 0; total <= 14; total++) {
    for (let marked = 0; marked <= total; marked++) {
      for (let drawn = 0; drawn <= total; drawn++) {
        for (let least = 0; least <= drawn + 1; least++) {
          let ways = 0n;
          for (let x = least; x <= drawn; x++) {
            ways += choose(marked, x) * choose(total - marked, drawn - x);
          }
          const exact = Number(ways) / Number(choose(total, drawn));
          const tail = Math.exp(logHypergeometricTail(total, marked, drawn, least));
          assertAlmostEquals(tail, exact, 1e-12);
        }
      }
    }
  }
});

Deno.test("the tail stays exact where probabilities are beyond a double", () => {
  for (const [total, marked, drawn, least] of [[32936, 700, 650, 400], [3000, 900, 800, 300]]) {
    let ways = 0n;
    for (let x = least; x <= Math.min(marked, drawn); x++) {
      ways += choose(marked, x) * choose(total - marked, drawn - x);
    }
    const exact = logOf(ways) - logOf(choose(total, drawn));
    assertAlmostEquals(logHypergeometricTail(total, marked, drawn, least), exact, 1e-8);
  }
});

function logOf(value: bigint): number {
  const bits = value.toString(2).length;
  const shift = BigInt(Math.max(0, bits - 60));
  return Math.log(Number(value >> shift)) + Number(shift) * Math.LN2;
}
