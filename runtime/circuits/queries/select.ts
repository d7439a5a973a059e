/**
 * Which edges of a circuit a condition holds for.
 *
 * The circuit's edges come reader by reader, so a condition is first settled for each reader: often it is
 * then true or false for all of the reader's edges, and at most it asks for the writer and the score, which
 * are compared a run of edges at a time.
 *
 * @module
 */
import type { Circuit } from "../circuit.ts";
import { matchReaders, matchWriters } from "../../universe/patterns.ts";
import { headsOf, isShared } from "../../universe/names.ts";
import type { Reader, Universe } from "../../universe/universe.ts";
import { edgeFields, endColumn, type Field } from "./fields.ts";
import type { Comparison, Condition, Operator } from "./query.ts";

/** A condition with its values looked up. */
type Test =
  | { readonly kind: "reader" | "writer"; readonly holds: Uint8Array }
  | { readonly kind: "score"; readonly operator: Operator; readonly value: number }
  | { readonly kind: "and" | "or"; readonly terms: readonly Test[] }
  | { readonly kind: "not"; readonly term: Test };

/** The edges for which the condition holds, [found], ascending. The condition must have been checked. */
export function selectEdges(circuit: Circuit, where?: Condition): Uint32Array {
  const { universe, edges } = circuit;
  if (!where) return edges;
  const test = compile(universe, where);
  const chosen = new Uint32Array(edges.length);
  const longest = universe.readers.at(-1)!.prefix;
  const mark = new Uint8Array(longest);
  const spare: Uint8Array[] = [];
  let count = 0;
  for (let r = 0, i = 0; r < universe.readers.length; r++) {
    const start = i;
    i = runEnd(edges, start, universe.offset[r + 1]);
    if (i === start) continue;
    const rest = settle(test, r);
    if (rest === false) continue;
    if (rest === true) {
      chosen.set(edges.subarray(start, i), count);
      count += i - start;
      continue;
    }
    const run: Run = {
      edges,
      start,
      length: i - start,
      base: universe.offset[r] - universe.firstWriter,
      scores: circuit.scores,
    };
    evaluate(rest, run, mark, spare);
    for (let k = 0; k < run.length; k++) {
      chosen[count] = edges[start + k];
      count += mark[k];
    }
  }
  return chosen.slice(0, count);
}

/** Index in edges [edges] of the first one from `start` on that is at least `limit`. */
export function runEnd(edges: Uint32Array, start: number, limit: number): number {
  let end = start;
  for (let step = 1; end < edges.length && edges[end] < limit; step *= 2) {
    start = end;
    end += step;
  }
  end = Math.min(end, edges.length);
  while (start < end) {
    const middle = (start + end) >> 1;
    if (edges[middle] < limit) start = middle + 1;
    else end = middle;
  }
  return end;
}

function compile(universe: Universe, condition: Condition): Test {
  switch (condition.kind) {
    case "compare":
      return compileComparison(universe, condition);
    case "not":
      return { kind: "not", term: compile(universe, condition.term) };
    default:
      return { ...condition, terms: condition.terms.map((term) => compile(universe, term)) };
  }
}

function compileComparison(universe: Universe, comparison: Comparison): Test {
  const { field: name, operator, value } = comparison;
  const field: Field = edgeFields[name as keyof typeof edgeFields];
  if (field.of === "score") return { kind: "score", operator, value: Number(value) };
  const kind = field.of as "writer" | "reader";
  if (field.type === "component") {
    const match = kind === "writer" ? matchWriters : matchReaders;
    const holds = match(universe, String(value));
    return { kind, holds: operator === "=" ? holds : holds.map((hit) => 1 - hit) };
  }
  const holds = compareColumn(endColumn(universe, name), field, comparison);
  if (name === "to.head") {
    universe.readers.forEach((reader, r) => {
      if (isShared(universe, reader)) holds[r] = anyHead(universe, reader, comparison);
    });
  }
  return { kind, holds };
}

/** 1 where the comparison holds for a query head that shares the input; `!=` where `=` holds for none. */
function anyHead(universe: Universe, reader: Reader, { operator, value }: Comparison): number {
  const { first, last } = headsOf(universe, reader);
  const heads = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const holds = (head: number) => comparisons[operator](head, Number(value));
  return (operator === "!=" ? heads.every(holds) : heads.some(holds)) ? 1 : 0;
}

/** One byte per entry of a column, [entries]: whether the comparison holds. Missing values never compare. */
export function compareColumn(
  column: Float64Array,
  field: Field,
  { operator, value }: Comparison,
): Uint8Array {
  const sought = field.type === "word" ? field.words!.indexOf(String(value)) : Number(value);
  const holds = comparisons[operator];
  return Uint8Array.from(column, (entry) => holds(entry, sought) ? 1 : 0);
}

/** The operators on numbers; a missing value, NaN, compares with nothing. */
const comparisons: Readonly<Record<Operator, (x: number, y: number) => boolean>> = {
  "=": (x, y) => x === y,
  "!=": (x, y) => x < y || x > y,
  "<": (x, y) => x < y,
  "<=": (x, y) => x <= y,
  ">": (x, y) => x > y,
  ">=": (x, y) => x >= y,
};

/** A test as far as the reader decides it. */
function settle(test: Test, r: number): Test | boolean {
  switch (test.kind) {
    case "reader":
      return test.holds[r] === 1;
    case "not": {
      const term = settle(test.term, r);
      return typeof term === "boolean" ? !term : { kind: "not", term };
    }
    case "and":
    case "or": {
      const decisive = test.kind === "or";
      const terms: Test[] = [];
      for (const each of test.terms) {
        const term = settle(each, r);
        if (term === decisive) return decisive;
        if (typeof term !== "boolean") terms.push(term);
      }
      if (terms.length === 0) return !decisive;
      return terms.length === 1 ? terms[0] : { kind: test.kind, terms };
    }
    default:
      return test;
  }
}

/** A reader's edges: `edges[start .. start + length)`, whose writers are `edge - base`. */
interface Run {
  readonly edges: Uint32Array;
  readonly start: number;
  readonly length: number;
  readonly base: number;
  readonly scores: Float32Array | null;
}

/**
 * Fills `out` with 1 where a settled test holds for the edges of a run. `spare` holds one buffer per depth
 * of the condition, made when first needed.
 */
function evaluate(test: Test, run: Run, out: Uint8Array, spare: Uint8Array[], depth = 0): void {
  const { edges, start, length, base } = run;
  switch (test.kind) {
    case "writer":
      for (let k = 0; k < length; k++) out[k] = test.holds[edges[start + k] - base];
      return;
    case "score":
      return compareScores(test.operator, test.value, run, out);
    case "not":
      evaluate(test.term, run, out, spare, depth);
      for (let k = 0; k < length; k++) out[k] = 1 - out[k];
      return;
    case "and":
    case "or": {
      evaluate(test.terms[0], run, out, spare, depth);
      const other = spare[depth] ??= new Uint8Array(out.length);
      for (const term of test.terms.slice(1)) {
        evaluate(term, run, other, spare, depth + 1);
        if (test.kind === "and") { for (let k = 0; k < length; k++) out[k] &= other[k]; }
        else for (let k = 0; k < length; k++) out[k] |= other[k];
      }
    }
  }
}

function compareScores(operator: Operator, value: number, run: Run, out: Uint8Array): void {
  const { edges, start, length, scores } = run;
  if (!scores) {
    out.fill(0, 0, length);
    return;
  }
  // One loop for each operator is a few machine instructions an edge. A score is a float32, and 0.83 means the one shown so.
  const y = Math.fround(value);
  switch (operator) {
    case "=":
      for (let k = 0; k < length; k++) out[k] = scores[edges[start + k]] === y ? 1 : 0;
      return;
    case "!=":
      for (let k = 0; k < length; k++) {
        const x = scores[edges[start + k]];
        out[k] = x < y || x > y ? 1 : 0;
      }
      return;
    case "<":
      for (let k = 0; k < length; k++) out[k] = scores[edges[start + k]] < y ? 1 : 0;
      return;
    case "<=":
      for (let k = 0; k < length; k++) out[k] = scores[edges[start + k]] <= y ? 1 : 0;
      return;
    case ">":
      for (let k = 0; k < length; k++) out[k] = scores[edges[start + k]] > y ? 1 : 0;
      return;
    case ">=":
      for (let k = 0; k < length; k++) out[k] = scores[edges[start + k]] >= y ? 1 : 0;
  }
}
