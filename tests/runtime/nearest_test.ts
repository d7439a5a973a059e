import { assertEquals } from "@std/assert";
import { distance, nearest } from "../../base/nearest.ts";

Deno.test("distance is Levenshtein's with swaps, up to the limit", () => {
  assertEquals(distance("kitten", "sitting", 9), 3);
  assertEquals(distance("steps", "stpes", 9), 1);
  assertEquals(distance("", "abc", 9), 3);
  assertEquals(distance("abcdef", "uvwxyz", 2), 3);
});

Deno.test("the nearest name is near", () => {
  assertEquals(nearest("edge_prunning", ["edge_pruning", "node_pruning"]), "edge_pruning");
  assertEquals(nearest("colour", ["steps", "batch"]), undefined);
  assertEquals(nearest("x", ["A", "B"]), undefined);
});
