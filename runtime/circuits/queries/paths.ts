/**
 * Paths through a circuit: how many there are, exactly, and the best of them, one after the other.
 *
 * A path goes writer -> reader, on through a writer that the reader drives, -> reader, and so on. It is
 * known by its edges: reading a head by q and by k makes two paths. Its score is that of its weakest edge;
 * edges without a score do not limit it. Embeddings that are always kept (convention `kept`) have an edge to
 * every reader here too, though it is not counted as one.
 *
 * @module
 */
import type { Circuit } from "../circuit.ts";
import { CircuitError } from "../../universe/errors.ts";
import { flowOf } from "../../universe/flow.ts";
import { matchReaders, matchWriters, parsePattern } from "../../universe/patterns.ts";
import { eachEdge, type Universe } from "../../universe/universe.ts";
import type { PathEnds } from "./query.ts";

/** One path; `pathText` prints it. */
export interface Path {
  /** Writer and reader of every edge, by number. */
  readonly steps: readonly { readonly writer: number; readonly reader: number }[];
  /** Score of the weakest edge; NaN when none of the edges has one. */
  readonly score: number;
}

/** A path question made ready: who starts, who ends, and who has been passed where. */
export interface Route {
  readonly universe: Universe;
  /** Kept edges by writer: edges of writer w are `to[start[w] .. start[w + 1])`, readers ascending. */
  readonly start: Uint32Array;
  readonly to: Uint32Array;
  /** Score of each of them; Infinity where there is none, so that it never is the weakest. */
  readonly weight: Float32Array;
  readonly starts: Uint8Array;
  readonly ends: Uint8Array;
  /** Bit i is set where the writer (reader) is the i-th component to pass. */
  readonly writerBits: Uint8Array;
  readonly readerBits: Uint8Array;
  /** Number of sets of passed components: 2 to the number of components. */
  readonly states: number;
}

/** The most components that `via` takes. */
const mostVia = 8;

/**
 * Resolves the ends of paths against a circuit. `via a2.h3` asks for the head's output on the way,
 * `via a2.h3.q` for that input, and `to a2.h3` for any reader that drives the head.
 */
export function routeOf(circuit: Circuit, { from, to, via = [] }: PathEnds): Route {
  const { universe } = circuit;
  const { writers, readers } = universe;
  if (via.length > mostVia) {
    throw new CircuitError(
      `a path can be asked to pass up to ${mostVia} components, not ${via.length}`,
    );
  }
  const writerBits = new Uint8Array(writers.length);
  const readerBits = new Uint8Array(readers.length);
  via.forEach((text, i) => {
    const pattern = parsePattern(universe, text);
    const throughWriters = pattern.parts < 3 && pattern.writers.includes(1);
    const [bits, hits] = throughWriters
      ? [writerBits, pattern.writers]
      : [readerBits, pattern.readers];
    hits.forEach((hit, at) => bits[at] |= hit << i);
  });
  return {
    universe,
    ...edgesByWriter(circuit),
    starts: from === undefined
      ? Uint8Array.from(writers, (writer) => writer.layer < 0 ? 1 : 0)
      : matchWriters(universe, from),
    ends: endsAt(universe, to ?? "logits"),
    writerBits,
    readerBits,
    states: 1 << via.length,
  };
}

function endsAt(universe: Universe, to: string): Uint8Array {
  const readers = matchReaders(universe, to).slice();
  const pattern = parsePattern(universe, to);
  if (pattern.parts === 3) return readers;
  const { readersOf } = flowOf(universe);
  universe.readers.forEach(({ kind }, r) => kind === "logits" || (readers[r] = 0));
  pattern.writers.forEach((hit, w) => hit && readersOf[w].forEach((r) => readers[r] = 1));
  return readers;
}

function edgesByWriter(
  { universe, edges, scores }: Circuit,
): { start: Uint32Array; to: Uint32Array; weight: Float32Array } {
  const { writers, readers } = universe;
  const kept = universe.firstWriter > 0 ? readers.length : 0;
  const start = new Uint32Array(writers.length + 1);
  if (kept) start[1] = kept;
  eachEdge(universe, edges, (writer) => start[writer + 1]++);
  for (let w = 0; w < writers.length; w++) start[w + 1] += start[w];
  const to = new Uint32Array(edges.length + kept);
  const weight = new Float32Array(edges.length + kept).fill(Infinity);
  const next = start.slice();
  for (let r = 0; r < kept; r++) to[next[0]++] = r;
  eachEdge(universe, edges, (writer, reader, edge) => {
    const at = next[writer]++;
    to[at] = reader;
    if (scores && !Number.isNaN(scores[edge])) weight[at] = scores[edge];
  });
  return { start, to, weight };
}

/**
 * Number of paths. Writers are taken in the order of the stream, in which every edge leads forwards, so all paths
 * to a writer are counted before those that continue from it.
 */
export function countPaths(circuit: Circuit, ends: PathEnds): bigint {
  const route = routeOf(circuit, ends);
  const { universe, states, start, to, readerBits, writerBits } = route;
  const flow = flowOf(universe);
  const width = universe.writers.length;
  // Ways to each writer, and to each reader, in each state of what has been passed.
  const ways: bigint[] = new Array(width * states).fill(0n);
  const arrived: bigint[] = new Array(universe.readers.length * states).fill(0n);
  for (let w = 0; w < width; w++) {
    if (route.starts[w]) ways[w * states + writerBits[w]] += 1n;
    // Everything that drives w has been read by now: its readers' ways are complete.
    for (const r of flow.readersOf[w]) {
      for (let state = 0; state < states; state++) {
        const more = arrived[r * states + state];
        if (more) ways[w * states + (state | writerBits[w])] += more;
      }
    }
    for (let state = 0; state < states; state++) {
      const here = ways[w * states + state];
      if (!here) continue;
      for (let at = start[w]; at < start[w + 1]; at++) {
        arrived[to[at] * states + (state | readerBits[to[at]])] += here;
      }
    }
  }
  let total = 0n;
  route.ends.forEach((end, r) => end && (total += arrived[r * states + states - 1]));
  return total;
}

/**
 * A path as text, `tok -> a0.h1.v -> a2.h3.q -> logits`: the writer that it starts from, then its readers.
 * Where several query heads share a key or value input, the head of the path is named: `tok -> a0.kv1.v (a0.h3) ->
 * logits`.
 */
export function pathText(universe: Universe, { steps }: Path): string {
  const { writers, readers } = universe;
  return steps.reduce((text, { writer, reader }, i) => {
    const before = i === 0 ? undefined : readers[steps[i - 1].reader];
    const plain = before && before.name.replace(/\.[qkv]$/, "") === writers[writer].name;
    const through = i === 0 ? writers[writer].name : plain ? "" : ` (${writers[writer].name})`;
    return `${text}${through} -> ${readers[reader].name}`;
  }, "");
}
