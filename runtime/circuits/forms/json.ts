/**
 * The file form of a circuit, `NAME.circuit.json`, version 1.
 *
 * One line per reader, so that the file can be read, searched and compared by line; edges by name, so that
 * it means something without this package; runs of neighbouring writers as `tok..a3.h7`, so that circuits
 * of millions of edges stay small.
 *
 * ```json
 * {"format":"circ.circuit","version":1,
 * "universe":{"layers":4,...,"embeddings":"split","qkv":"split","edges":1620},
 * "provenance":{"expression":"edge_pruning","seed":42},
 * "kept":94,
 * "scores":"kept",
 * "readers":[
 * {"to":"a0.h0.q","from":["tok"],"scores":[0.98]},
 * {"to":"logits","from":["a1.h2..m1","a3.h6"],"scores":[...]}
 * ]}
 * ```
 *
 * `scores` is `none`; `kept`, one number per kept edge; or `all`, one number per edge of the universe, in
 * writer order; `null` where a score is not known.
 *
 * @module
 */
import type { Circuit } from "../circuit.ts";
import type { CircuitForm } from "./form.ts";
import { CircuitError } from "../../universe/errors.ts";
import { namesOf, readerNumber, todaysNames, writerNumber } from "../../universe/names.ts";
import { shortFloat32 } from "../../../base/float_text.ts";
import {
  object,
  parsedJson,
  provenanceFrom,
  universeFromRecord,
  universeRecord,
  wrong,
} from "./records.ts";
import { inOrder } from "../provenance.ts";
import { requireSameUniverse } from "../../universe/same.ts";
import type { Universe } from "../../universe/universe.ts";

/** Every field of a circuit. */
export const json: CircuitForm = {
  name: "json",
  of: "circuit",
  endings: [".circuit.json", ".json"],
  about: "everything, for this package",
  write: (circuit) => ({ text: circuitToJson(circuit), losses: [] }),
  read: (text, expected) => ({ circuit: circuitFromJson(text, expected), losses: [] }),
  fits: (start) => /^\s*\{\s*"format"/.test(start),
};

/** The version that `circuitToJson` writes and `circuitFromJson` reads. */
export const CIRCUIT_JSON_VERSION = 1;

/** A circuit as JSON text; the module's page shows the form. */
export function circuitToJson(circuit: Circuit): string {
  const { universe, edges, scores, provenance } = circuit;
  const { writers, readers, offset, firstWriter } = universe;
  const scored = scoredPart(circuit);
  const lines: string[] = [];
  for (let r = 0, i = 0; r < readers.length; r++) {
    const start = i;
    while (i < edges.length && edges[i] < offset[r + 1]) i++;
    if (i === start && scored !== "all") continue;
    const from: string[] = [];
    for (let run = start; run < i;) {
      let last = run;
      while (last + 1 < i && edges[last + 1] === edges[last] + 1) last++;
      const name = (at: number) => writers[edges[at] - offset[r] + firstWriter].name;
      if (last - run < 2) { for (; run <= last; run++) from.push(name(run)); }
      else from.push(`${name(run)}..${name(last)}`);
      run = last + 1;
    }
    let line = `{"to":"${readers[r].name}","from":${JSON.stringify(from)}`;
    if (scores && scored !== "none") {
      const texts: string[] = [];
      const add = (x: number) => texts.push(Number.isNaN(x) ? "null" : shortFloat32(x));
      if (scored === "all") { for (let e = offset[r]; e < offset[r + 1]; e++) add(scores[e]); }
      else for (let k = start; k < i; k++) add(scores[edges[k]]);
      line += `,"scores":[${texts.join(",")}]`;
    }
    lines.push(line + "}");
  }
  return [
    `{"format":"circ.circuit","version":${CIRCUIT_JSON_VERSION},`,
    `"universe":${JSON.stringify(universeRecord(universe))},`,
    `"provenance":${JSON.stringify(inOrder(provenance))},`,
    `"kept":${edges.length},`,
    `"scores":"${scored}",`,
    `"readers":[`,
    lines.join(",\n"),
    `]}`,
    "",
  ].join("\n");
}

function scoredPart({ edges, scores }: Circuit): "none" | "kept" | "all" {
  if (!scores) return "none";
  let known = 0;
  for (const score of scores) if (!Number.isNaN(score)) known++;
  for (const edge of edges) if (!Number.isNaN(scores[edge])) known--;
  return known > 0 ? "all" : "kept";
}

/**
 * Reads the JSON form. With `expected`, the circuit must belong to that universe and takes its record.
 *
 * @throws {CircuitError} for text that is not JSON, another format or universe, an unknown version, and names of components
 *   or edges that the universe lacks
 */
export function circuitFromJson(text: string, expected?: Universe): Circuit {
  const file = object(parsedJson(text), "a circuit");
  if (file.format !== "circ.circuit") throw wrong("format", '"circ.circuit"', file.format);
  if (file.version !== CIRCUIT_JSON_VERSION) {
    throw new CircuitError(
      `version ${JSON.stringify(file.version)} of the circuit form is not known`,
      `this package reads version ${CIRCUIT_JSON_VERSION}`,
    );
  }
  const stored = universeFromRecord(file.universe);
  if (expected) requireSameUniverse(stored, expected, "the circuit and the model");
  const universe = expected ?? stored;
  const which = file.scores;
  if (which !== "none" && which !== "kept" && which !== "all") {
    throw wrong("scores", '"none", "kept" or "all"', which);
  }
  const scores = which === "none" ? null : new Float32Array(universe.edgeCount).fill(NaN);
  const kept = new Uint8Array(universe.edgeCount);
  const seen = new Uint8Array(universe.readers.length);
  if (!Array.isArray(file.readers)) throw wrong("readers", "a list", file.readers);
  for (const item of file.readers) {
    const line = object(item, "an entry of readers");
    const r = readerNumber(universe, todaysNames(universe, String(line.to)));
    if (seen[r]++) throw new CircuitError(`\`${line.to}\` is listed twice`);
    const listed = keepRuns(universe, r, line.from, kept);
    if (scores) {
      const [start, end] = [universe.offset[r], universe.offset[r + 1]];
      const count = which === "all" ? end - start : listed.length;
      const values = scoresIn(`scores of ${line.to}`, line.scores, count);
      for (let i = 0; i < count; i++) scores[which === "all" ? start + i : listed[i]] = values[i];
    }
  }
  let count = 0;
  for (const flag of kept) count += flag;
  if (file.kept !== undefined && file.kept !== count) {
    throw new CircuitError(`the file says that it keeps ${file.kept} edges, and lists ${count}`);
  }
  const edges = new Uint32Array(count);
  for (let edge = 0, n = 0; n < count; edge++) if (kept[edge]) edges[n++] = edge;
  return { universe, edges, scores, provenance: provenanceFrom(file.provenance) };
}

/** Marks a reader's edges as kept and returns them in the order listed. */
function keepRuns(universe: Universe, r: number, from: unknown, kept: Uint8Array): number[] {
  const reader = universe.readers[r];
  if (!Array.isArray(from)) throw wrong(`from of ${reader.name}`, "a list of writers", from);
  const { writers } = namesOf(universe);
  const listed: number[] = [];
  for (const item of from) {
    const text = String(item);
    const known = writers.get(text);
    const [first, last] = known === undefined ? runOf(universe, text) : [known, known];
    if (first < universe.firstWriter || last >= reader.prefix) {
      throw new CircuitError(`\`${text} -> ${reader.name}\` is not an edge of this model`);
    }
    const base = universe.offset[r] - universe.firstWriter;
    for (let w = first; w <= last; w++) {
      if (kept[base + w]) {
        throw new CircuitError(
          `\`${universe.writers[w].name} -> ${reader.name}\` is listed twice`,
        );
      }
      kept[base + w] = 1;
      listed.push(base + w);
    }
  }
  return listed;
}

function runOf(universe: Universe, text: string): [number, number] {
  const ends = text.split("..");
  if (ends.length !== 2) {
    writerNumber(universe, text); // throws: says what exists
  }
  const [first, last] = ends.map((name) => writerNumber(universe, name));
  if (first > last) throw new CircuitError(`\`${text}\` runs backwards`);
  return [first, last];
}

/** The scores of so many edges, NaN where one is not known; `what` names them in messages. */
function scoresIn(what: string, values: unknown, count: number): Float32Array {
  if (!Array.isArray(values) || values.length !== count) {
    const found = Array.isArray(values) ? `a list of ${values.length}` : values;
    throw wrong(what, `a list of ${count} numbers`, found);
  }
  const scores = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const score: unknown = values[i] ?? NaN;
    if (typeof score !== "number") throw wrong(what, "numbers or null", score);
    scores[i] = score;
  }
  return scores;
}
