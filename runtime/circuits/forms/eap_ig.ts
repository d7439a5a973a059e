/**
 * The graph JSON of EAP-IG: `{"cfg": {...}, "nodes": {...}, "edges": {"input->a0.h0<q>": {"score": 0.1,
 * "in_graph": true}, ...}}`, with one embedding writer `input` and q, k and v of every query head apart.
 *
 * Conventions that differ are mapped, and each mapping that is not one to one is among the losses:
 * `tok` and `pos` make one `input` edge, which is in the graph when either is and has the higher score; an edge
 * into a shared q/k/v reader makes three edges; an edge into a key/value head's reader makes one edge per query
 * head of its group; embeddings that are always kept are `input` edges without a score.
 *
 * @module
 */
import type { Circuit } from "../circuit.ts";
import { CircuitError } from "../../universe/errors.ts";
import { flowOf } from "../../universe/flow.ts";
import { shortFloat32 } from "../../../base/float_text.ts";
import { defaultConvention } from "../../universe/conventions.ts";
import { lostAblation } from "../provenance.ts";
import { liveNodes } from "../../universe/reachability.ts";
import { eachEdge, edgeNumber, type Universe, universeOf } from "../../universe/universe.ts";
import type { CircuitForm, Exported, Imported } from "./form.ts";
import { parsedJson, wrong } from "./records.ts";

/** The graph of EAP-IG. */
export const eapIg: CircuitForm = {
  name: "eap-ig",
  of: "circuit",
  endings: [".eap.json", ".graph.json"],
  about: "EAP-IG's graph",
  write: circuitToEapIg,
  read: circuitFromEapIg,
  fits: (start) => /^\s*\{\s*"cfg"/.test(start),
};

/**
 * Writes a circuit. Every edge of the universe appears; `width` is d_model, which the form asks for and a
 * circuit does not know (1 when left out).
 */
export function circuitToEapIg(circuit: Circuit, { width = 1 } = {}): Exported {
  const { universe, scores } = circuit;
  const { shape, convention } = universe;
  const kept = new Set(circuit.edges);
  const edges: string[] = [];
  let merged = 0;
  let unscored = 0;
  for (const { name, mine, always } of edgesOf(universe)) {
    const inGraph = always || mine.some((edge) => kept.has(edge));
    if (mine.length > 1 && mine.some((edge) => kept.has(edge) !== inGraph)) merged++;
    const known = mine.map((edge) => scores ? scores[edge] : NaN).filter((x) => !Number.isNaN(x));
    if (known.length === 0 && scores && !always) unscored++;
    const score = known.length
      ? shortFloat32(Math.max(...known))
      : scores && !always
      ? "NaN"
      : inGraph
      ? "1.0"
      : "0.0";
    edges.push(`${JSON.stringify(name)}: {"score": ${score}, "in_graph": ${inGraph}}`);
  }
  const { reached, matters } = liveNodes(universe, circuit.edges);
  const used = new Set(universe.firstWriter > 0 ? [0] : []);
  eachEdge(universe, circuit.edges, (w, reader) => matters[reader] && used.add(w));
  const components = universe.writers.map((writer, w) => ({
    ...writer,
    inGraph: reached[w] === 1 && used.has(w),
  })).filter(({ layer }) => layer >= 0);
  const nodes = [
    { name: "input", inGraph: true },
    ...components,
    { name: "logits", inGraph: true },
  ].map(({ name, inGraph }) => `${JSON.stringify(name)}: {"in_graph": ${inGraph}}`);
  const cfg = {
    n_layers: shape.layers,
    n_heads: shape.heads,
    parallel_attn_mlp: shape.residual === "parallel",
    d_model: width,
  };
  return {
    text: `{"cfg": ${JSON.stringify(cfg)},\n"nodes": {${nodes.join(", ")}},\n"edges": {\n${
      edges.join(",\n")
    }\n}}\n`,
    losses: [
      "the provenance is not written",
      ...lostAblation(circuit),
      ...(width === 1 ? ["d_model is not known and written as 1"] : []),
      ...(scores ? [] : ["the circuit has no scores: 1 for kept edges, 0 for the others"]),
      ...(unscored ? [`${unscored} edges have no score: \`NaN\`, as Python writes it`] : []),
      ...(convention.embeddings === "split" && shape.learnedPositions
        ? [`\`tok\` and \`pos\` become one \`input\`${merged ? `: ${merged} edges differ` : ""}`]
        : []),
      ...(convention.embeddings === "kept"
        ? ["`input` edges are all in the graph, with score 1"]
        : []),
      ...(convention.qkv === "joint" ? ["each shared input of a head becomes q, k and v"] : []),
      ...(convention.qkv === "split" && shape.keyValueHeads < shape.heads
        ? ["each key/value input becomes one per query head of its group"]
        : []),
    ],
  };
}

/**
 * One edge of the EAP-IG form, and the edges of the universe that it is made of; `always` where the embedding
 * is always kept.
 */
interface TheirEdge {
  readonly name: string;
  readonly mine: readonly number[];
  readonly always: boolean;
}

/** Every edge of their form for a universe. */
function* edgesOf(universe: Universe): Generator<TheirEdge> {
  const { writers, readers, firstWriter } = universe;
  const { readersOf } = flowOf(universe);
  const inputs = writers.flatMap((writer, w) => writer.layer < 0 ? [w] : []);
  const sources: { name: string; from: number[] }[] = [
    { name: "input", from: inputs },
    ...writers.flatMap((writer, w) => writer.layer < 0 ? [] : [{ name: writer.name, from: [w] }]),
  ];
  const targets: { name: string; reader: number }[] = writers.flatMap((writer, w) =>
    Array.from(readersOf[w]).flatMap((reader) => {
      const { kind } = readers[reader];
      if (kind === "mlp") return [{ name: writer.name, reader }];
      const letters = kind === "qkv" ? ["q", "k", "v"] : [kind];
      return letters.map((letter) => ({ name: `${writer.name}<${letter}>`, reader }));
    })
  );
  targets.push({ name: "logits", reader: readers.length - 1 });
  for (const source of sources) {
    for (const target of targets) {
      if (source.from[0] >= readers[target.reader].prefix) continue;
      const mine = source.from.flatMap((w) => edgeNumber(universe, w, target.reader) ?? []);
      const always = source.from[0] < firstWriter;
      yield { name: `${source.name}->${target.name}`, mine, always };
    }
  }
}

/**
 * Reads a graph. Without `expected` the universe is the form's own: one `embed`, q, k and v apart.
 * An edge of several edges of the form is kept when one of them is in the graph, and has the highest of their
 * scores.
 *
 * @throws {CircuitError} for other JSON, another model, or an edge that does not exist
 */
export function circuitFromEapIg(text: string, expected?: Universe): Imported {
  const graph = parse(text);
  const universe = expected ?? theirUniverse(graph.cfg);
  requireShape(graph.cfg, universe);
  const left = new Map(Object.entries(graph.edges));
  const kept = new Set<number>();
  const dropped = new Set<number>();
  const scores = new Float32Array(universe.edgeCount).fill(NaN);
  const all = Object.values(graph.edges);
  const members = all.some(({ in_graph }) => in_graph === true);
  const unscored = all.filter(({ score }) => typeof score !== "number" || Number.isNaN(score));
  let absent = 0;
  for (const { name, mine, always } of edgesOf(universe)) {
    const edge = left.get(name);
    left.delete(name);
    if (edge === undefined) {
      absent++;
      continue;
    }
    if (always && !edge.in_graph) dropped.add(-1 - dropped.size);
    for (const number of mine) {
      (edge.in_graph ? kept : dropped).add(number);
      const score = edge.score;
      if (typeof score === "number" && !(score <= scores[number])) scores[number] = score;
    }
  }
  const [dangling] = left.keys();
  if (dangling !== undefined) {
    throw new CircuitError(`\`${dangling}\` is not an edge of this model`);
  }
  const split = [...kept].filter((edge) => dropped.has(edge)).length;
  const alwaysKept = [...dropped].filter((edge) => edge < 0).length;
  const neurons = Object.values(graph.nodes).some((node) =>
    typeof node === "object" && node !== null && "neurons" in node
  );
  const several = universe.convention.embeddings === "split" && universe.shape.learnedPositions;
  return {
    circuit: {
      universe,
      edges: Uint32Array.from(kept).sort(),
      scores,
      provenance: { expression: "eap_ig_graph" },
    },
    losses: [
      "the model's hash, the task and the seed are not in the form",
      ...(absent ? [`${absent} edges are absent from the file and taken as left out`] : []),
      ...(several ? ["each `input` edge becomes one from `tok` and one from `pos`"] : []),
      ...(split ? [`${split} edges stand for several of which only some are in the graph`] : []),
      ...(alwaysKept
        ? [`${alwaysKept} \`input\` edges are left out there, and embeddings are always kept here`]
        : []),
      ...(neurons ? ["neurons of nodes are not kept"] : []),
      ...(unscored.length
        ? [
          `${unscored.length} of ${all.length} edges have no score there (null or NaN), and none here`,
        ]
        : []),
      ...(members ? [] : [
        "no edge is `in_graph`, so that the circuit is empty: the file holds importances alone, and " +
        "`top 5% of (NAME | complement of NAME)` takes edges by score",
      ]),
    ],
  };
}

interface Graph {
  readonly cfg: Readonly<Record<string, unknown>>;
  readonly nodes: Readonly<Record<string, unknown>>;
  readonly edges: Readonly<Record<string, { score?: unknown; in_graph?: unknown }>>;
}

function parse(text: string): Graph {
  const value = parsedJson(text);
  const isRecord = (part: unknown) => typeof part === "object" && part !== null;
  const graph = value as Graph;
  if (!isRecord(value) || !isRecord(graph.cfg) || !isRecord(graph.edges)) {
    throw new CircuitError("an EAP-IG graph has the fields cfg, nodes and edges");
  }
  for (const [name, edge] of Object.entries(graph.edges)) {
    if (!isRecord(edge)) throw new CircuitError(`\`${name}\` must have a score and in_graph`);
    const { score, in_graph } = edge;
    if (score !== undefined && score !== null && typeof score !== "number") {
      throw wrong(`score of ${name}`, "a number", score);
    }
    if (in_graph !== undefined && typeof in_graph !== "boolean") {
      throw wrong(`in_graph of ${name}`, "true or false", in_graph);
    }
  }
  return isRecord(graph.nodes) ? graph : { ...graph, nodes: {} };
}

function theirUniverse(cfg: Graph["cfg"]): Universe {
  const [layers, heads] = [cfg.n_layers, cfg.n_heads];
  if (![layers, heads].every((n) => Number.isInteger(n) && Number(n) > 0 && Number(n) < 1e4)) {
    throw new CircuitError("cfg must have whole numbers n_layers and n_heads");
  }
  return universeOf({
    layers: Number(layers),
    heads: Number(heads),
    keyValueHeads: Number(heads),
    residual: cfg.parallel_attn_mlp ? "parallel" : "sequential",
    learnedPositions: true,
  }, defaultConvention);
}

function requireShape(cfg: Graph["cfg"], { shape }: Universe): void {
  const [theirs, ours] = [
    [cfg.n_layers, cfg.n_heads, Boolean(cfg.parallel_attn_mlp)],
    [shape.layers, shape.heads, shape.residual === "parallel"],
  ];
  ["layers", "heads", "parallel attention and MLP"].forEach((what, i) => {
    if (theirs[i] === ours[i]) return;
    throw new CircuitError(
      `the graph is of another model: ${what} ${theirs[i]} there and ${ours[i]} here`,
    );
  });
}
