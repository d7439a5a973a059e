/** Paths in the order of their scores, found lazily by best-first search. @module */
import type { Circuit } from "../circuit.ts";
import { flowOf } from "../../universe/flow.ts";
import { type Path, type Route, routeOf } from "./paths.ts";
import type { PathEnds } from "./query.ts";

/**
 * Lists paths lazily: the highest score first (the score of a path's weakest edge), among equals the
 * fewest edges first. The search goes forwards from the start, always from the partial path that can still
 * become the best; how good it can become is known exactly from one pass backwards over the edges, so that
 * no partial path is followed in vain.
 */
export function* bestPaths(circuit: Circuit, ends: PathEnds = {}): Generator<Path> {
  const route = routeOf(circuit, ends);
  const flow = flowOf(route.universe);
  const { states, start, to, weight, writerBits, readerBits } = route;
  const reach = completions(route);
  const queue = new Heap();
  let serial = 0;
  // Fewest edges to an end over edges of at least the score that is being listed.
  let level = NaN;
  let lengths: Float64Array | undefined;

  const offer = (partial: Omit<Partial, "serial" | "length">, rest: number) =>
    queue.push({ ...partial, length: partial.depth + rest, serial: serial++ });
  const lengthFrom = (bound: number, at: number) => bound === level ? lengths![at] : NaN;

  for (let w = 0; w < start.length - 1; w++) {
    if (!route.starts[w]) continue;
    const at = w * states + writerBits[w];
    if (leadsOn(at)) {
      offer({ bound: reach[at], weakest: Infinity, writer: w, at, depth: 0, last: null }, NaN);
    }
  }

  for (let top = queue.pop(); top; top = queue.pop()) {
    if (top.writer < 0) {
      yield { steps: stepsOf(top.last), score: top.weakest === Infinity ? NaN : top.weakest };
      continue;
    }
    if (top.bound !== level) {
      level = top.bound;
      lengths = shortest(route, level);
    }
    if (Number.isNaN(top.length)) {
      offer(top, lengths![top.at]);
      continue;
    }
    const state = top.at % states;
    for (let edge = start[top.writer]; edge < start[top.writer + 1]; edge++) {
      const r = to[edge];
      const passed = state | readerBits[r];
      const weakest = Math.min(top.weakest, weight[edge]);
      const depth = top.depth + 1;
      const last = { writer: top.writer, reader: r, before: top.last };
      if (route.ends[r] && passed === states - 1) {
        offer({ bound: weakest, weakest, writer: -1, at: -1, depth, last }, 0);
      }
      for (let w = flow.first[r]; w < flow.end[r]; w++) {
        const at = w * states + (passed | writerBits[w]);
        if (!leadsOn(at)) continue;
        const bound = Math.min(weakest, reach[at]);
        offer({ bound, weakest, writer: w, at, depth, last }, lengthFrom(bound, at));
      }
    }
  }

  function leadsOn(at: number): boolean {
    return !Number.isNaN(reach[at]);
  }
}

/** A path on its way: it has come to a writer, or with writer -1 it is complete. */
interface Partial {
  /** The score of the best path that this can become. */
  readonly bound: number;
  /** The weakest edge so far. */
  readonly weakest: number;
  readonly writer: number;
  /** Writer and what has been passed, as one index. */
  readonly at: number;
  readonly depth: number;
  /** Edges of the shortest path with score `bound` that this can become; NaN until it is looked up. */
  readonly length: number;
  readonly last: Step | null;
  /** Order of arrival: makes the listing the same every time. */
  readonly serial: number;
}

interface Step {
  readonly writer: number;
  readonly reader: number;
  readonly before: Step | null;
}

function stepsOf(last: Step | null): Path["steps"] {
  const steps = [];
  for (let step = last; step; step = step.before) {
    steps.push({ writer: step.writer, reader: step.reader });
  }
  return steps.reverse();
}

/** Per writer and state: the best score of a way on to an end; NaN where there is none. */
function completions(route: Route): Float64Array {
  return backwards(route, NaN, (edge, rest, best) => {
    const score = Math.min(route.weight[edge], rest ?? Infinity);
    return Number.isNaN(best) || score > best ? score : best;
  });
}

/** Per writer and state: the fewest edges on to an end over edges of at least the given score. */
function shortest(route: Route, level: number): Float64Array {
  return backwards(
    route,
    Infinity,
    (edge, rest, best) => route.weight[edge] < level ? best : Math.min(best, 1 + (rest ?? 0)),
  );
}

/** Fills a value per writer and state from the last writer back; `rest` is undefined where an edge ends the path. */
function backwards(
  { universe, states, start, to, ends, readerBits, writerBits }: Route,
  none: number,
  better: (edge: number, rest: number | undefined, best: number) => number,
): Float64Array {
  const flow = flowOf(universe);
  const values = new Float64Array(universe.writers.length * states).fill(none);
  for (let w = universe.writers.length - 1; w >= 0; w--) {
    for (let state = 0; state < states; state++) {
      let best = none;
      for (let edge = start[w]; edge < start[w + 1]; edge++) {
        const r = to[edge];
        const passed = state | readerBits[r];
        if (ends[r] && passed === states - 1) best = better(edge, undefined, best);
        for (let next = flow.first[r]; next < flow.end[r]; next++) {
          const rest = values[next * states + (passed | writerBits[next])];
          if (!Object.is(rest, none)) best = better(edge, rest, best);
        }
      }
      values[w * states + state] = best;
    }
  }
  return values;
}

/**
 * True if a comes before b: the higher bound, then the fewer edges (not yet looked up first). Among equals
 * the one that has come further, so that one path is finished before its countless equals are begun.
 */
function before(a: Partial, b: Partial): boolean {
  if (a.bound !== b.bound) return a.bound > b.bound;
  const [x, y] = [Number.isNaN(a.length) ? -1 : a.length, Number.isNaN(b.length) ? -1 : b.length];
  if (x !== y) return x < y;
  return a.depth !== b.depth ? a.depth > b.depth : a.serial < b.serial;
}

/** A binary heap with the first of `before` on top. */
class Heap {
  readonly #items: Partial[] = [];

  push(item: Partial): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(item, items[parent])) break;
      items[at] = items[parent];
      at = parent;
    }
    items[at] = item;
  }

  pop(): Partial | undefined {
    const items = this.#items;
    const top = items[0];
    const item = items.pop();
    if (item === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(items[child + 1], items[child])) child++;
      if (!before(items[child], item)) break;
      items[at] = items[child];
      at = child;
    }
    items[at] = item;
    return top;
  }
}
