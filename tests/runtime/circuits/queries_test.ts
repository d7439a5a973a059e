import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { CircuitError } from "../../../runtime/universe/errors.ts";
import {
  all,
  any,
  edgesOf,
  is,
  nodesOf,
  not,
  why,
} from "../../../runtime/circuits/queries/build.ts";
import { queryProblems } from "../../../runtime/circuits/queries/check.ts";
import { restrict } from "../../../runtime/circuits/queries/edges.ts";
import { firstInOrder } from "../../../runtime/circuits/order.ts";
import type { Condition, Query } from "../../../runtime/circuits/queries/query.ts";
import { runQuery } from "../../../runtime/circuits/queries/run.ts";
import { selectEdges } from "../../../runtime/circuits/queries/select.ts";
import type { Circuit } from "../../../runtime/circuits/circuit.ts";
import { parseEdge } from "../../../runtime/universe/names.ts";
import { fullCircuit, makeCircuit, union } from "../../../runtime/circuits/sets.ts";
import { edgeName, endsOf, universeOf } from "../../../runtime/universe/universe.ts";
import { randomCircuit, randomNumbers, shapeOf, universes } from "./random.ts";

const toy = universeOf(shapeOf(4, 8), { embeddings: "split", qkv: "split" });

/** A condition on one edge, worked out from names and nothing else. */
function holds(circuit: Circuit, edge: number, condition: Condition): boolean {
  if (condition.kind === "not") return !holds(circuit, edge, condition.term);
  if (condition.kind !== "compare") {
    const [every, terms] = [condition.kind === "and", condition.terms];
    return every
      ? terms.every((term) => holds(circuit, edge, term))
      : terms.some((term) => holds(circuit, edge, term));
  }
  const [from, to] = edgeName(circuit.universe, edge).split(" -> ");
  const { field, operator, value } = condition;
  const layer = (name: string) => Number(/^[am](\d+)/.exec(name)?.[1] ?? NaN);
  const head = (name: string) => Number(/\.h(\d+)/.exec(name)?.[1] ?? NaN);
  // Names of the query heads of an input: each key/value head of these universes serves two where it is shared.
  const inputs = (name: string) => {
    const [, before, group, after] = /^(.*\.)kv(\d+)(.*)$/.exec(name) ?? [];
    return group === undefined
      ? [name]
      : [2 * Number(group), 2 * Number(group) + 1].map((i) => `${before}h${i}${after}`);
  };
  const globbed = (name: string) =>
    [name, ...inputs(name)].some((each) => {
      const parts = each.split(".");
      return String(value).split(".").every((part, i) =>
        parts[i] !== undefined && new RegExp(`^${part.replaceAll("*", ".*")}$`).test(parts[i])
      );
    });
  const owner = (name: string) => name[0] === "a" ? "head" : name[0] === "m" ? "mlp" : name;
  const word = (name: string) => operator === "=" ? name === value : name !== value;
  const number = (x: number) => {
    const y = field === "weight" ? Math.fround(Number(value)) : Number(value);
    return {
      "=": x === y,
      "!=": x < y || x > y,
      "<": x < y,
      "<=": x <= y,
      ">": x > y,
      ">=": x >= y,
    }[operator];
  };
  switch (field) {
    case "from":
      return operator === "=" ? globbed(from) : !globbed(from);
    case "to":
      return operator === "=" ? globbed(to) : !globbed(to);
    case "kind":
      return word(
        /\.([qkv])$/.exec(to)?.[1] ?? (to === "logits" ? to : to[0] === "m" ? "mlp" : "qkv"),
      );
    case "from.kind":
      return word(owner(from));
    case "to.kind":
      return word(owner(to));
    case "from.layer":
      return number(layer(from));
    case "to.layer":
      return number(layer(to));
    case "from.head":
      return number(head(from));
    case "to.head":
      return operator === "!="
        ? inputs(to).every((name) => number(head(name)))
        : inputs(to).some((name) => number(head(name)));
    default:
      return number(circuit.scores ? circuit.scores[edge] : NaN);
  }
}

const leaves: Condition[] = [
  is("to", "=", "a1.*"),
  is("to", "!=", "m*"),
  is("from", "=", "m*"),
  is("from", "!=", "a0"),
  is("weight", ">", 0.2),
  is("weight", "<=", 0.6),
  is("weight", "!=", 0.5),
  is("kind", "=", "mlp"),
  is("kind", "!=", "q"),
  is("from.kind", "=", "head"),
  is("to.kind", "!=", "head"),
  is("from.layer", ">=", 1),
  is("to.layer", "<", 1),
  is("from.head", "=", 0),
  is("to.head", "!=", 0),
  is("to.head", "=", 1),
  is("to.head", ">", 1),
  is("to", "!=", "a1.h0"),
];

Deno.test("where agrees with the condition worked out edge by edge", () => {
  universes.forEach((universe, u) => {
    const random = randomNumbers(u + 1);
    const draw = (depth: number): Condition => {
      const kind = random();
      if (depth === 0 || kind < 0.3) return leaves[Math.floor(random() * leaves.length)];
      if (kind < 0.45) return not(draw(depth - 1));
      return (kind < 0.75 ? all : any)(draw(depth - 1), draw(depth - 1), draw(0));
    };
    for (let round = 0; round < 40; round++) {
      const scored = (["all", "kept", "none"] as const)[round % 3];
      const circuit = randomCircuit(universe, round * 10 + u, 0.6, scored);
      const condition = draw(3);
      assertEquals(
        [...selectEdges(circuit, condition)],
        [...circuit.edges].filter((edge) => holds(circuit, edge, condition)),
      );
    }
  });
});

Deno.test("order by agrees with a plain sort: several keys, unknown scores last, ties by edge", () => {
  for (let seed = 1; seed <= 12; seed++) {
    const circuit = randomCircuit(toy, seed, 0.3);
    const plain = [...circuit.edges].map((edge) => ({ edge, ...endsOf(toy, edge) })).sort(
      (a, b) => {
        const [p, q] = [toy.readers[a.reader].layer, toy.readers[b.reader].layer];
        const layer = (p === 4 ? 99 : p) - (q === 4 ? 99 : q);
        if (layer) return layer;
        const [x, y] = [circuit.scores![a.edge], circuit.scores![b.edge]];
        if (Number.isNaN(x) || Number.isNaN(y)) {
          return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a.edge - b.edge;
        }
        return y - x || a.edge - b.edge;
      },
    ).map(({ edge }) => edge);
    const query = edgesOf(circuit).orderBy("to.layer").orderBy("weight", "desc");
    assertEquals([...query.edges()], plain);
    assertEquals([...query.limit(10).edges()], plain.slice(0, 10));
    assertEquals([...query.limit(0).edges()], []);
  }
});

Deno.test("the first of many agree with a full sort, ties in place", () => {
  const random = randomNumbers(4);
  for (let round = 0; round < 200; round++) {
    const count = Math.floor(random() * 60);
    const values = Float64Array.from(
      { length: count },
      () => random() < 0.1 ? NaN : Math.floor(random() * 8),
    );
    for (const direction of ["asc", "desc"] as const) {
      const keys = [{ values, direction }];
      const all = [...firstInOrder(count, keys)];
      for (const limit of [1, 3, 10]) {
        assertEquals([...firstInOrder(count, keys, limit)], all.slice(0, limit));
      }
    }
  }
});

Deno.test("edges of, as a table", () => {
  const edges = ["tok -> a0.h1.v", "a0.h1 -> a3.h2.q", "m1 -> a3.h2.k", "a3.h2 -> logits"];
  const scores = new Float32Array(toy.edgeCount).fill(NaN);
  edges.forEach((name, i) => scores[parseEdge(toy, name)] = [0.83, 0.5, NaN, 0.9][i]);
  const circuit = makeCircuit(toy, edges.map((name) => parseEdge(toy, name)), scores, {
    name: "ep",
    expression: "edge_pruning",
  });
  const query = edgesOf(circuit).where("to", "=", "a3.*").orderBy("weight", "desc").limit(1);
  assertStrictEquals(
    String(query),
    "edges of ep where to = a3.* order by weight desc limit 1",
  );
  assertEquals(query.run(), {
    columns: ["from", "to", "weight"],
    rows: [["a0.h1", "a3.h2.q", 0.5]],
    total: 2,
  });
  assertEquals(edgesOf(circuit).where("weight", ">=", 0.83).run().rows.length, 2);
  assertEquals(edgesOf({ ...circuit, scores: null }).run().columns, ["from", "to"]);
  assertEquals(why(circuit, "a3.h2").run(), {
    columns: ["flow", "by", "component", "weight"],
    rows: [
      ["in", "q", "a0.h1", 0.5],
      ["in", "k", "m1", null],
      ["out", "", "logits", 0.9],
    ],
    notes: [],
  });
  assertEquals(why(circuit, "m1").run().notes, ["the input does not reach m1"]);
  assertEquals(why(circuit, "a2.h2").run().notes, ["a2.h2 has no edges in ep"]);
  assertEquals(why(circuit, "a3.h2.q").run().rows, [["in", "q", "a0.h1", 0.5]]);
  assertEquals(why(circuit, "logits").run().rows, [["in", "logits", "a3.h2", 0.9]]);
});

Deno.test("the text of a builder is the query", () => {
  const ep = randomCircuit(toy, 1);
  const texts = [
    edgesOf(ep).where("to", "=", "a3.*").where("weight", ">", 0.5),
    edgesOf(union(ep, ep)).where(
      any(
        is("kind", "=", "q"),
        all(is("from", "=", "m*"), not(any(is("to", "=", "m3"), is("weight", "<", 0)))),
      ),
    ),
    nodesOf(ep).where("kind", "=", "head").orderBy("out_degree", "desc"),
    edgesOf(ep).where("from.layer", ">=", 2).count("to.layer", "kind"),
    why(ep, "a3.h1"),
  ].map(String);
  assertEquals(texts, [
    "edges of c1 where to = a3.* and weight > 0.5",
    "edges of (c1 | c1) where kind = q or from = m* and not (to = m3 or weight < 0)",
    "nodes of c1 where kind = head order by out_degree desc",
    "count edges of c1 where from.layer >= 2 group by to.layer, kind",
    "why a3.h1 in c1",
  ]);
});

Deno.test("counts by group add up and agree with counting one by one", () => {
  universes.forEach((universe, u) => {
    const circuit = randomCircuit(universe, u + 1, 0.5);
    const { columns, rows } = edgesOf(circuit).count("from.kind", "to.layer").run();
    assertEquals(columns, ["from.kind", "to.layer", "count"]);
    const expected = new Map<string, number>();
    for (const edge of circuit.edges) {
      const { writer, reader } = endsOf(universe, edge);
      const to = universe.readers[reader];
      const key = `${universe.writers[writer].kind} ${to.kind === "logits" ? null : to.layer}`;
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
    assertEquals(
      Object.fromEntries(rows.map(([kind, layer, count]) => [`${kind} ${layer}`, count])),
      Object.fromEntries(expected),
    );
    assertEquals(edgesOf(circuit).count().run().rows, [[circuit.edges.length]]);
  });
  const query: Query = {
    kind: "count",
    what: "edges",
    of: "full",
    groupBy: ["kind"],
    orderBy: [{ field: "count", direction: "desc" }],
    limit: 2,
  };
  assertEquals(runQuery(query, fullCircuit(toy)), {
    columns: ["kind", "count"],
    rows: [["q", 496], ["k", 496]],
    total: 5,
  });
});

Deno.test("nodes have degrees and the best score that leaves them", () => {
  const grouped = universes[4]; // 4 query heads over 2 key/value heads
  const edges = ["tok -> a0.kv1.k", "tok -> a0.h3.q", "a0.h3 -> logits"].map((name) =>
    parseEdge(grouped, name)
  );
  const scores = new Float32Array(grouped.edgeCount);
  edges.forEach((edge, i) => scores[edge] = [0.5, 0.25, 2][i]);
  const circuit = makeCircuit(grouped, edges, scores, { expression: "hand" });
  assertEquals(nodesOf(circuit).run(), {
    columns: ["name", "kind", "layer", "head", "in_degree", "out_degree", "score"],
    rows: [
      ["tok", "tok", null, null, 0, 2, 0.5],
      ["a0.h3", "head", 0, 3, 2, 1, 2],
      ["logits", "logits", null, null, 1, 0, 2],
    ],
  });
  const names = (query: { run(): { rows: readonly (readonly unknown[])[] } }) =>
    query.run().rows.map((row) => row[0]);
  assertEquals(names(nodesOf(circuit).where("kind", "=", "head").orderBy("in_degree", "desc")), [
    "a0.h3",
  ]);
  assertEquals(names(nodesOf(circuit).where("name", "=", "a0.*").limit(1)), ["a0.h3"]);
  assertEquals(names(nodesOf(circuit).where("name", "=", "logits")), ["logits"]);
  assertEquals(nodesOf(circuit).count("kind").run().rows, [["tok", 1], ["head", 1], ["logits", 1]]);
});

Deno.test("what does not fit is refused, with what would", () => {
  const problem = (query: Query, universe = toy) => queryProblems(query, universe)[0];
  const edges = (where: Condition): Query => ({ kind: "edges", of: "ep", where });
  const compare = (field: string, operator: string, value: string | number): Condition =>
    ({ kind: "compare", field, operator, value }) as Condition;
  const said = (where: Condition) => {
    const { message, help, at } = problem(edges(where));
    assert(at === where);
    return [message, help];
  };
  assertEquals(said(compare("wieght", ">", 1)), [
    "edges have no field `wieght`",
    "did you mean `weight`?",
  ]);
  assertEquals(said(compare("kind", "=", "key"))[0], "`kind` is never `key`");
  assertEquals(said(compare("kind", ">", "q"))[0], "`kind` is compared with = or !=, not >");
  assertEquals(
    said(compare("weight", ">", "a"))[0],
    "`weight` is compared with a number: this is `a`",
  );
  assertEquals(said(compare("to", "=", "a12.h3"))[0], "`a12.h3`: the model has layers 0..3");
  assertEquals(
    said(compare("to", "=", "tok"))[0],
    "`tok` writes to the residual stream and does not read it",
  );
  assertStrictEquals(
    problem({ kind: "count", what: "edges", of: "ep", groupBy: ["weight"] }).at,
    "weight",
  );
  assert(problem({ kind: "edges", of: "ep", orderBy: [{ field: "x", direction: "asc" }] }));
  assert(problem({ kind: "edges", of: "ep", limit: 1.5 }));
  assert(problem({ kind: "nodes", of: "ep", where: compare("name", "=", "a0.h1.q") }));
  assert(problem({ kind: "paths", of: "ep", via: ["a9.h0"] }));
  assert(problem({ kind: "why", of: "ep", node: "a0.h9" }));
  assertEquals(queryProblems(edges(compare("to", "=", "a12.h3"))), []);
  assertThrows(() => restrict(fullCircuit(toy), compare("to", "=", "a9.*")), CircuitError, "0..3");
});

Deno.test("a where makes a circuit, which knows the expression", () => {
  const circuit = restrict(randomCircuit(toy, 3), is("weight", ">", 0.5));
  assertStrictEquals(circuit.provenance.expression, "c3 where weight > 0.5");
  assert(circuit.edges.every((edge) => circuit.scores![edge] > 0.5));
  assertEquals(
    edgesOf(randomCircuit(toy, 3)).where("weight", ">", 0.5).circuit().edges,
    circuit.edges,
  );
});

Deno.test("a caller may bound the rows; the total still counts them all", () => {
  const full = fullCircuit(toy);
  const table = edgesOf(full).run({ maxRows: 3 });
  assertEquals([table.rows.length, table.total], [3, 1620]);
  assertEquals(edgesOf(full).limit(2).run({ maxRows: 3 }).rows.length, 2);
  assertEquals(nodesOf(full).run({ maxRows: 5 }).total, 39);
});

Deno.test("why names a shared key/value head with its query heads", () => {
  const grouped = universes[4]; // 4 query heads over 2 key/value heads
  const edges = ["tok -> a0.kv1.k", "tok -> a0.h3.q", "a0.h3 -> logits"].map((name) =>
    parseEdge(grouped, name)
  );
  const circuit = makeCircuit(grouped, edges, null, { expression: "hand" });
  assertEquals(why(circuit, "a0.h3").run().rows, [
    ["in", "q", "tok"],
    ["in", "kv1.k of h2, h3", "tok"],
    ["out", "", "logits"],
  ]);
  assertEquals(why(circuit, "a0.kv1").run().rows, [["in", "kv1.k of h2, h3", "tok"]]);
  assertEquals(why(circuit, "tok").run().rows.map(([, , component]) => component), [
    "a0.h3.q",
    "a0.kv1.k of h2, h3",
  ]);
  assertEquals(edgesOf(circuit).count("to.head").run().rows, [[3, 1], ["kv1", 1], [null, 1]]);
});
