/** Plots as SVG text: what they say, that they are well formed, and that nothing outside is needed to show them. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { makeCircuit } from "../../../runtime/circuits/sets.ts";
import { universeOf } from "../../../runtime/universe/universe.ts";
import {
  compareCircuits,
  EvaluationError,
  layerCounts,
  layersToSvg,
  offAxis,
  overlapToSvg,
  sizesToSvg,
} from "../../../runtime/evaluation/mod.ts";
import { linearModel, universe as small } from "./linear.ts";

const universe = universeOf(
  { layers: 2, heads: 2, keyValueHeads: 2, residual: "sequential", learnedPositions: true },
  { embeddings: "split", qkv: "split" },
);
const circuit = (edges: number[]) => makeCircuit(universe, edges, null, { expression: "hand" });
const texts = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);

function assertStandalone(svg: string): void {
  assert(svg.startsWith("<svg") && svg.endsWith("</svg>\n"));
  const links = [...svg.matchAll(/(?:href|src|url)\s*[=(]\s*"?([^")\s]+)/g)].map(([, link]) =>
    link
  );
  assertEquals(links.filter((link) => !link.startsWith("#")), []);
  // Every tag that opens closes, in order.
  const open: string[] = [];
  for (
    const [, slash, name, , self] of svg.matchAll(/<(\/?)([\w:]+)((?:"[^"]*"|[^>"])*?)(\/?)>/g)
  ) {
    if (slash) assertEquals(open.pop(), name);
    else if (!self) open.push(name);
  }
  assertEquals(open, []);
}

Deno.test("sizes: axis, names and reference are there, and text is escaped", async () => {
  const plot = {
    series: [
      {
        name: "a & <b>",
        points: [{ edges: 10, value: 2, low: 1, high: 3 }, { edges: 100, value: 1 }],
      },
      { name: "random", points: [{ edges: 0, value: 9 }, { edges: 50, value: 4 }] },
    ],
    metric: "KL (nats)",
    title: "Title",
    reference: { name: "full model", value: 0.5 },
  };
  const svg = await sizesToSvg(plot);
  assertStandalone(svg);
  const words = texts(svg);
  for (
    const word of [
      "a &amp; &lt;b&gt;",
      "random",
      "KL (nats)",
      "edges",
      "Title",
      "full model",
      "10",
      "50",
    ]
  ) {
    assert(words.includes(word), `${word} is missing among ${words}`);
  }
  assertEquals(svg, await sizesToSvg(plot));
  await assertRejects(
    async () => await sizesToSvg({ series: [], metric: "kl" }),
    EvaluationError,
    "no circuit with edges has a kl",
  );
  await assertRejects(
    async () => await sizesToSvg({ ...plot, scale: "log", reference: { name: "none", value: 0 } }),
    RangeError,
    "the least is 0",
  );
});

Deno.test("sizes: every point is drawn, at an edge where an axis does not reach it, and said", async () => {
  const points = [0, 10, 100, 400, 900];
  const values = [4, 2, 0.03, 0, 3e-8];
  const plot = {
    series: [
      { name: "ep", points: points.map((edges, i) => ({ edges, value: values[i], low: 0 })) },
      { name: "none", points: [{ edges: 0, value: 6 }] },
    ],
    metric: "KL",
  } as const;
  const marks = (svg: string) =>
    [...svg.matchAll(
      /<path aria-label="edges: ([^;]*); KL: ([^;"]*)[^"]*"[^>]*role="graphics-symbol" aria-roledescription="point"/g,
    )]
      .map(([, edges, value]) => `${edges} ${value}`);
  const log = await sizesToSvg({ ...plot, scale: "log", least: 1e-6 });
  assertStandalone(log);
  // A point each, and two of them by the horizontal axis alone on a linear one.
  assertEquals(marks(log).length, 6);
  const words = texts(log);
  assert(
    words.includes("at the lower edge, below 1e-6: ep at 400 edges, ep at 900 edges"),
    `${words}`,
  );
  assert(words.includes("at the left edge, without edges: ep at 0 edges, none at 0 edges"));
  const linear = await sizesToSvg(plot);
  assertEquals(marks(linear).length, 6);
  assert(!linear.includes("lower edge") && linear.includes("left edge"));
  assertEquals(offAxis({ ...plot, series: [{ name: "a", points: [{ edges: 3, value: 0 }] }] }), []);
  const series = [{ name: "a", points: [{ edges: 3, value: NaN }] }];
  await assertRejects(
    async () => await sizesToSvg({ ...plot, series }),
    EvaluationError,
    "the KL of `a` at 3 edges is NaN",
  );
});

Deno.test("overlap: similarity and shared edges of every pair", async () => {
  const svg = await overlapToSvg([
    { name: "a", circuit: circuit([1, 2, 3]) },
    { name: "b", circuit: circuit([2, 3, 4]) },
  ]);
  assertStandalone(svg);
  const words = texts(svg);
  assertEquals(words.filter((word) => word === "0.50").length, 2);
  assertEquals(words.filter((word) => word === "1.00").length, 2);
  assert(words.includes("a (3)"));
  await assertRejects(
    async () => await overlapToSvg([{ name: "a", circuit: circuit([]) }]),
    RangeError,
    "current value is 1",
  );
});

Deno.test("layers: counts by input add up to the circuit and to the universe", async () => {
  const some = circuit([0, 5, universe.edgeCount - 1]);
  const counts = layerCounts(some);
  assertEquals(counts.reduce((sum, { kept }) => sum + kept, 0), 3);
  assertEquals(counts.reduce((sum, { possible }) => sum + possible, 0), universe.edgeCount);
  assertEquals(counts[0], { layer: "0", kind: "q", kept: 1, possible: 4 });
  assertEquals(counts.at(-1), { layer: "logits", kind: "logits", kept: 1, possible: 8 });
  const svg = await layersToSvg([{ name: "some", circuit: some }]);
  assertStandalone(svg);
  assert(texts(svg).includes("some (3 edges)"));
});

Deno.test("comparison: a row for each circuit and both ends, with intervals and cost", async () => {
  const { masked, prepared } = linearModel([0, 0, 0, 0, 0, 4, 0, 0]);
  const half = makeCircuit(small, [1, 5], null, { expression: "hand" });
  const table = await compareCircuits(
    masked,
    prepared,
    [{ name: "half", circuit: half, cost: { forward: 2, gradient: 3, seconds: 1 } }],
    ["accuracy"],
  );
  assertEquals(table.columns, [
    "circuit",
    "edges",
    "on a path",
    "sparsity",
    "accuracy",
    "accuracy low",
    "accuracy high",
    "forward",
    "gradient",
    "seconds",
  ]);
  // Both of two are right: Clopper and Pearson's lower end is the root of 2.5 %.
  const lower = table.rows[0][5] as number;
  assertAlmostEquals(lower, Math.sqrt(0.025), 1e-12);
  assertEquals(table.rows[0], ["half", 2, 1, 0.75, 1, lower, 1, 2, 3, 1]);
  assertEquals(table.rows.map(([name]) => name), ["half", "full model", "corrupted run"]);
});
