/** The graph's own record of what is applied. */
import { assertEquals } from "@std/assert";
import { concat, Graph, transpose } from "../../ops/mod.ts";

Deno.test("a node keeps its inputs when the caller's list grows afterwards", () => {
  const graph = new Graph("g");
  const parts = [graph.input("a", "float32", [2, 1]), graph.input("b", "float32", [2, 1])];
  const joined = concat(parts, 1);
  parts.push(graph.input("c", "float32", [2, 1]));
  assertEquals(graph.nodes[0].inputs.map(({ name }) => name), ["a", "b"]);
  assertEquals(joined.dims, [2, 2]);
});

Deno.test("a node keeps its attributes when the caller's list changes afterwards", () => {
  const graph = new Graph("g");
  const permutation = [1, 0];
  transpose(graph.input("a", "float32", [2, 3]), permutation);
  permutation.reverse();
  assertEquals(graph.nodes[0].attributes, { perm: [1, 0] });
});
