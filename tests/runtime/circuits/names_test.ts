import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { CircuitError } from "../../../runtime/universe/errors.ts";
import { parseEdge, readerNumber, writerNumber } from "../../../runtime/universe/names.ts";
import { matchReaders, matchWriters, parsePattern } from "../../../runtime/universe/patterns.ts";
import { edgeName, universeOf } from "../../../runtime/universe/universe.ts";
import { shapeOf, universes } from "./random.ts";

const toy = universeOf(shapeOf(4, 8), { embeddings: "split", qkv: "split" });
const grouped = universeOf(shapeOf(2, 8, { keyValueHeads: 4, learnedPositions: false }), {
  embeddings: "joint",
  qkv: "split",
});
const jointQkv = universeOf(shapeOf(2, 2), { embeddings: "split", qkv: "joint" });

Deno.test("every edge parses back from its name", () => {
  for (const universe of [...universes, toy]) {
    for (let edge = 0; edge < universe.edgeCount; edge++) {
      assertStrictEquals(parseEdge(universe, edgeName(universe, edge)), edge);
    }
  }
  assertStrictEquals(parseEdge(toy, " tok->a0.h0.q "), 0);
});

const matched = (text: string, universe = toy) => {
  const { writers, readers } = parsePattern(universe, text);
  return [
    universe.writers.filter((_, w) => writers[w]).map((writer) => writer.name).join(" "),
    universe.readers.filter((_, r) => readers[r]).map((reader) => reader.name).join(" "),
  ];
};

Deno.test("patterns match by parts, and may stop early", () => {
  assertEquals(matched("tok"), ["tok", ""]);
  assertEquals(matched("m*"), ["m0 m1 m2 m3", "m0 m1 m2 m3"]);
  assertEquals(matched("a*.h2.q"), ["", "a0.h2.q a1.h2.q a2.h2.q a3.h2.q"]);
  assertEquals(matched("a3.h1"), ["a3.h1", "a3.h1.q a3.h1.k a3.h1.v"]);
  assertEquals(matched("a3"), matched("a3.*"));
  assertEquals(matched("a3.*")[0].split(" ").length, 8);
  assertEquals(matched("*")[0].split(" ").length, toy.writers.length);
  assertEquals(matched("a0.h0", jointQkv), ["a0.h0", "a0.h0"]);
});

Deno.test("shared key/value heads have names of their own, and patterns of query heads find them", () => {
  // Query heads 2 and 3 share key/value head 1.
  assertEquals(matched("a1.kv1.k", grouped), ["", "a1.kv1.k"]);
  assertEquals(matched("a1.kv1", grouped), ["", "a1.kv1.k a1.kv1.v"]);
  assertEquals(matched("a1.h2.k", grouped), ["", "a1.kv1.k"]);
  assertEquals(matched("a1.h3", grouped), ["a1.h3", "a1.h3.q a1.kv1.k a1.kv1.v"]);
  assertEquals(matched("a1.h3.*", grouped), ["", "a1.h3.q a1.kv1.k a1.kv1.v"]);
  assertEquals(matched("a1.h*.v", grouped), matched("a1.kv*.v", grouped));
  assertEquals(matched("a1.*.v", grouped)[1], "a1.kv0.v a1.kv1.v a1.kv2.v a1.kv3.v");
  const error = assertThrows(() => parseEdge(grouped, "embed -> a1.h3.v"), CircuitError);
  assertStrictEquals(
    error.message,
    "`a1.h3.v`: it shares a key/value head with others, `a1.kv1.v`",
  );
});

Deno.test("q, k and v are not joined where query heads share key/value heads", () => {
  assertThrows(
    () => universeOf(grouped.shape, { embeddings: "joint", qkv: "joint" }),
    CircuitError,
    "q, k and v cannot be joined: the 8 query heads of a layer share 4 key/value heads",
  );
});

Deno.test("a name or pattern that matches nothing says what exists", () => {
  const message = (text: string, universe = toy) => {
    const error = assertThrows(() => parsePattern(universe, text), CircuitError);
    return error.message;
  };
  assertStrictEquals(message("a12.h3"), "`a12.h3`: the model has layers 0..3");
  assertStrictEquals(message("m4"), "`m4`: the model has layers 0..3");
  assertStrictEquals(message("a3.h8"), "`a3.h8`: a layer has heads 0..7");
  assertStrictEquals(message("a3.h1.x"), "`a3.h1.x`: a head reads by q, k and v");
  assertStrictEquals(
    message("embed"),
    "`embed`: the embeddings are split into `tok` and `pos` here",
  );
  assertStrictEquals(
    message("tok", grouped),
    "`tok`: the embeddings are one writer here, `embed`",
  );
  assertStrictEquals(message("a0.h8.k", grouped), "`a0.h8.k`: a layer has heads 0..7");
  assertStrictEquals(message("a0.kv4.k", grouped), "`a0.kv4.k`: a layer has key/value heads 0..3");
  assertStrictEquals(message("a0.kv1.q", grouped), "`a0.kv1.q`: a key/value head reads by k and v");
  assertStrictEquals(
    message("a0.kv1.k"),
    "`a0.kv1.k`: every head has a key/value head of its own, such as `a0.h0.k`",
  );
  assertStrictEquals(
    message("a0.h0.q", jointQkv),
    "`a0.h0.q`: a head's q, k and v share one reader here",
  );
  assertStrictEquals(message("a9.*.q"), "`a9.*.q`: the model has layers 0..3");
  assertStrictEquals(message("A3"), "`A3` is not a component or a pattern");
  const near = assertThrows(() => parsePattern(toy, "logit"), CircuitError);
  assertStrictEquals(near.help, "did you mean `logits`?");
});

Deno.test("a component on the wrong side of an edge is explained", () => {
  assertThrows(() => matchWriters(toy, "logits"), CircuitError, "does not write");
  assertThrows(() => matchReaders(toy, "tok"), CircuitError, "does not read");
  const head = assertThrows(() => matchWriters(toy, "a3.h1.q"), CircuitError);
  assertStrictEquals(head.help, "edges come from outputs: `a3.h1`");
  assertThrows(() => writerNumber(toy, "a3.h1.q"), CircuitError, "does not write");
  assertThrows(() => readerNumber(toy, "a3.h1"), CircuitError, "q, k and v");
  assertThrows(() => parseEdge(toy, "m3 -> a0.h0.q"), CircuitError, "writes after");
  assertThrows(() => parseEdge(toy, "m3"), CircuitError, "is not an edge");
  assertThrows(() => parseEdge(universes[2], "embed -> m0"), CircuitError, "always kept");
});
