import { assertEquals, assertStrictEquals } from "@std/assert";
import { defaultConvention } from "../../../runtime/universe/conventions.ts";
import {
  edgeName,
  edgeNumber,
  endsOf,
  type Shape,
  universeOf,
} from "../../../runtime/universe/universe.ts";

const gpt2: Shape = {
  layers: 12,
  heads: 12,
  keyValueHeads: 12,
  residual: "sequential",
  learnedPositions: true,
};
const llama = (layers: number, heads: number, keyValueHeads: number): Shape => ({
  layers,
  heads,
  keyValueHeads,
  residual: "sequential",
  learnedPositions: false,
});

Deno.test("the default convention counts GPT-2 small's edges as ACDC does: 32,491", () => {
  assertStrictEquals(universeOf(gpt2, defaultConvention).edgeCount, 32_491);
});

Deno.test("GPT-2 small has the field's edge counts, by convention", () => {
  assertStrictEquals(universeOf(gpt2, { embeddings: "split", qkv: "split" }).edgeCount, 32_936);
  assertStrictEquals(universeOf(gpt2, { embeddings: "joint", qkv: "split" }).edgeCount, 32_491);
  assertStrictEquals(universeOf(gpt2, { embeddings: "kept", qkv: "split" }).edgeCount, 32_046);
});

Deno.test("grouped-query models have one k and v reader per key/value head", () => {
  const convention = { embeddings: "joint", qkv: "split" } as const;
  assertStrictEquals(universeOf(llama(16, 32, 8), convention).edgeCount, 195_865);
  assertStrictEquals(universeOf(llama(32, 32, 8), convention).edgeCount, 805_681);
  assertStrictEquals(universeOf(llama(40, 40, 40), convention).edgeCount, 3_877_661);
});

Deno.test("edge numbers and ends are inverse over the whole universe", () => {
  for (const embeddings of ["split", "joint", "kept"] as const) {
    const universe = universeOf({ ...gpt2, layers: 3, heads: 4, keyValueHeads: 2 }, {
      embeddings,
      qkv: "split",
    });
    for (let edge = 0; edge < universe.edgeCount; edge++) {
      const { writer, reader } = endsOf(universe, edge);
      assertStrictEquals(edgeNumber(universe, writer, reader), edge);
    }
  }
});

Deno.test("a parallel residual has no edge from a layer's heads to its own MLP", () => {
  const universe = universeOf({ ...gpt2, layers: 1, residual: "parallel" }, {
    embeddings: "split",
    qkv: "split",
  });
  const mlp = universe.readers.findIndex((reader) => reader.name === "m0");
  assertEquals(universe.readers[mlp].prefix, 2);
  assertEquals(edgeName(universe, universe.offset[mlp]), "tok -> m0");
});
