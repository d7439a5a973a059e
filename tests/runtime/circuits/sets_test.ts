import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  complement,
  difference,
  fullCircuit,
  intersection,
  makeCircuit,
  union,
  without,
} from "../../../runtime/circuits/sets.ts";
import { ablationOf, under } from "../../../runtime/circuits/provenance.ts";
import { restrict } from "../../../runtime/circuits/queries/edges.ts";
import { ofSize, threshold, top, topShare } from "../../../runtime/circuits/ranking.ts";
import { reachable } from "../../../runtime/universe/reachability.ts";
import { CircuitError } from "../../../runtime/universe/errors.ts";
import { edgeName, edgeNumber, universeOf } from "../../../runtime/universe/universe.ts";
import type { Circuit } from "../../../runtime/circuits/circuit.ts";
import { randomCircuit, shapeOf, universes } from "./random.ts";

const toy = universeOf(shapeOf(2, 8), { embeddings: "split", qkv: "split" });
const same = (a: Circuit, b: Circuit) => assertEquals([...a.edges], [...b.edges]);

Deno.test("set laws hold on random circuits of every convention", () => {
  universes.forEach((universe, u) => {
    for (let seed = 1; seed <= 12; seed++) {
      const [a, b, c] = [1, 2, 3].map((k) => randomCircuit(universe, seed * 100 + u * 10 + k));
      const full = fullCircuit(universe);
      same(union(a, b), union(b, a));
      same(intersection(a, b), intersection(b, a));
      same(union(a, union(b, c)), union(union(a, b), c));
      same(intersection(a, intersection(b, c)), intersection(intersection(a, b), c));
      same(intersection(a, union(b, c)), union(intersection(a, b), intersection(a, c)));
      same(union(a, intersection(a, b)), a);
      same(difference(a, b), intersection(a, complement(b)));
      same(complement(union(a, b)), intersection(complement(a), complement(b)));
      same(complement(complement(a)), a);
      same(union(a, complement(a)), full);
      assertStrictEquals(intersection(a, complement(a)).edges.length, 0);
      same(union(difference(a, b), intersection(a, b)), a);
    }
  });
});

Deno.test("results are ascending and agree with sets built edge by edge", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const universe = universes[seed % universes.length];
    const [a, b] = [randomCircuit(universe, seed), randomCircuit(universe, seed + 500)];
    const inB = new Set(b.edges);
    assertEquals([...difference(a, b).edges], [...a.edges].filter((edge) => !inB.has(edge)));
    assertEquals(
      [...union(a, b).edges],
      [...new Set([...a.edges, ...b.edges])].sort((x, y) => x - y),
    );
  }
});

Deno.test("a kept edge has the score of the leftmost operand that keeps it", () => {
  const universe = universes[0];
  const provenance = { expression: "hand" };
  const scores = (value: number) => new Float32Array(universe.edgeCount).fill(value);
  const a = makeCircuit(universe, [0, 1], scores(1), provenance);
  const b = makeCircuit(universe, [1, 2], scores(2), provenance);
  assertEquals([...union(a, b).scores!.slice(0, 4)], [1, 1, 2, 1]);
  const bare = makeCircuit(universe, [0, 1], null, provenance);
  assertEquals([...union(bare, b).scores!.slice(0, 4)], [NaN, NaN, 2, 2]);
  assertStrictEquals(union(bare, bare).scores, null);
});

Deno.test("circuits of different universes do not combine, and the error says how they differ", () => {
  const split = fullCircuit(universeOf(shapeOf(4, 8), { embeddings: "split", qkv: "split" }));
  const joint = fullCircuit(universeOf(shapeOf(3, 8), { embeddings: "joint", qkv: "split" }));
  const error = assertThrows(() => union(split, joint), CircuitError);
  assertStrictEquals(
    error.message,
    "`full` and `full` do not have the same edges to choose from: " +
      "they differ in layers 4 and 3, embeddings split and joint (1,620 and 802 edges)",
  );
});

Deno.test("an operation on circuits of two ablations is refused, in either order, until one is named", () => {
  const universe = universes[0];
  const found = (name: string, options?: Record<string, string>): Circuit => ({
    ...randomCircuit(universe, 1),
    provenance: { name, expression: "eap", ...(options && { options }) },
  });
  const [z, h] = [found("z", { ablation: "zero" }), found("h")];
  for (const operation of [union, intersection, difference]) {
    for (const [a, b] of [[z, h], [h, z]]) {
      const { message } = assertThrows(() => operation(a, b), CircuitError);
      const [one, other] = a === z ? ["zero", "interchange"] : ["interchange", "zero"];
      assertStrictEquals(
        message,
        `\`${a.provenance.name}\` is measured under \`${one}\` and \`${b.provenance.name}\` under ` +
          `\`${other}\`, and a circuit has one ablation`,
      );
    }
    for (const ablation of ["interchange", "zero", "mean"] as const) {
      const [a, b] = [under(z, ablation), under(h, ablation)];
      assertStrictEquals(ablationOf(operation(a, b)), ablation);
      assertStrictEquals(ablationOf(operation(b, a)), ablation);
    }
  }
  assertStrictEquals(under(z, "zero"), z);
  assertEquals(under(z, "mean").provenance, {
    expression: "z under mean",
    options: { ablation: "mean" },
  });
  assertEquals(under(z, "interchange").provenance, { expression: "z under interchange" });
});

Deno.test("every circuit that is derived from another keeps its ablation", () => {
  const universe = universes[0];
  for (const ablation of ["interchange", "zero", "mean", "mean_by_position"] as const) {
    const z = under(randomCircuit(universe, 1), ablation);
    const derived = [
      complement(z),
      without(z, ["a1.h1"]),
      top(z, 3),
      topShare(z, 0.5),
      threshold(z, 0),
      ofSize(z, 3),
      union(z, z),
      intersection(z, z),
      difference(z, z),
      reachable(z),
      restrict(z, { kind: "compare", field: "from", operator: "=", value: "a*" }),
    ];
    assertEquals(derived.map(ablationOf), derived.map(() => ablation));
  }
});

Deno.test("a derived circuit knows the expression that made it, and what its operands agree on", () => {
  const universe = universes[0];
  const model = { name: "toy", hash: "ab12" };
  const circuit = (name: string, task: string): Circuit => ({
    ...randomCircuit(universe, 1),
    provenance: { name, expression: "edge_pruning", model, task, seed: 3 },
  });
  const [ep, hint] = [circuit("ep", "ioi"), circuit("hint", "other")];
  const derived = without(difference(top(union(ep, hint), 5), hint), ["a1.h1", "m0"]);
  assertEquals(derived.provenance, {
    expression: "((top 5 of (ep | hint)) - hint) without a1.h1, m0",
    model,
  });
  assertStrictEquals(complement(ep).provenance.expression, "complement of ep");
  assertStrictEquals(topShare(ep, 0.02).provenance.expression, "top 2% of ep");
});

Deno.test("top keeps the highest scores; ties go to the lower edge, unknown scores come last", () => {
  const universe = universes[0];
  const scores = new Float32Array(universe.edgeCount).fill(NaN);
  scores.set([0.5, 2, 0.5, 1, 0.5]);
  const circuit = makeCircuit(universe, [0, 1, 2, 3, 4, 5, 6], scores, { expression: "hand" });
  const best = (count: number) => [...top(circuit, count).edges];
  assertEquals(best(0), []);
  assertEquals(best(1), [1]);
  assertEquals(best(3), [0, 1, 3]);
  assertEquals(best(4), [0, 1, 2, 3]);
  assertEquals(best(6), [0, 1, 2, 3, 4, 5]);
  assertEquals(best(99), [0, 1, 2, 3, 4, 5, 6]);
  assertEquals([...topShare(circuit, 3 / 7).edges], [0, 1, 3]);
  assertEquals([...threshold(circuit, 1).edges], [1, 3]);
});

Deno.test("top of random circuits agrees with a plain sort", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const universe = seed % 3 ? universes[seed % universes.length] : toy;
    const circuit = randomCircuit(universe, seed);
    const score = (edge: number) =>
      Number.isNaN(circuit.scores![edge]) ? -Infinity : circuit.scores![edge];
    const sorted = [...circuit.edges].sort((x, y) => score(y) - score(x) || x - y);
    for (let n = 0; n <= sorted.length; n += 3) {
      assertEquals([...top(circuit, n).edges], sorted.slice(0, n).sort((x, y) => x - y));
    }
  }
});

Deno.test("ranking without scores, and with a share that is none, is refused", () => {
  const bare = randomCircuit(universes[0], 1, 0.5, "none");
  assertThrows(() => top(bare, 3), CircuitError, "has no scores");
  assertThrows(() => threshold(bare, 3), CircuitError, "has no scores");
  assertThrows(() => topShare(randomCircuit(universes[0], 1), 1.5), CircuitError, "150%");
});

Deno.test("without removes a component's output and the inputs that feed nothing else", () => {
  const universe = universes[4]; // 4 query heads over 2 key/value heads
  const names = (patterns: string[]) =>
    [...without(fullCircuit(universe), patterns).edges].map((edge) => edgeName(universe, edge));
  const gone = names(["a1.h1"]);
  assertEquals(gone.filter((name) => name.startsWith("a1.h1 ") || name.endsWith("a1.h1.q")), []);
  // Key/value head 1 belongs to heads 2 and 3, and key/value head 0 still serves head 0.
  assertEquals(gone.some((name) => name.endsWith("a1.kv1.k")), true);
  assertEquals(gone.some((name) => name.endsWith("a1.kv0.k")), true);
  assertEquals(names(["a1.h0", "a1.h1"]).some((name) => name.endsWith("a1.kv0.v")), false);
  for (const all of ["a1.kv0.k", "a1.h*.k", "a1.*.k"]) {
    assertEquals(names([all]).some((name) => name.endsWith("a1.kv0.k")), false);
  }
  const error = assertThrows(() => names(["a1.h0.k"]), CircuitError);
  assertEquals(
    [error.message, error.help],
    [
      "`a1.h0.k` is shared by heads 0 to 1 and cannot be taken out for one of them",
      "`a1.kv0.k` takes it out for all of them",
    ],
  );
  assertEquals(names(["m*"]).some((name) => /m\d/.test(name)), false);
});

Deno.test("makeCircuit sorts, drops repeats, and refuses what is no edge", () => {
  const universe = universes[0];
  const provenance = { expression: "hand" };
  assertEquals([...makeCircuit(universe, [3, 1, 3], null, provenance).edges], [1, 3]);
  assertThrows(
    () => makeCircuit(universe, [universe.edgeCount], null, provenance),
    RangeError,
    "must be below",
  );
  assertThrows(
    () => makeCircuit(universe, [0], new Float32Array(3), provenance),
    RangeError,
    "one entry per edge",
  );
  assertEquals(edgeNumber(universe, 0, 0), 0);
});
