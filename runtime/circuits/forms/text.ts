/**
 * The text form of a circuit: a header, then one edge a line, in the order of the universe, so that it
 * compares well line by line.
 *
 * ```text
 * format circuit 1
 * universe layers 4, heads 8, key_value_heads 8, residual sequential, positions learned, embeddings split, qkv split
 * made_by "ep & hint"
 * model "toy" "9f86d0..."
 * task "ioi"
 * seed 42
 *
 * tok -> a0.h1.v  0.98
 * a0.h1 -> logits  0.83
 * ```
 *
 * `#` starts a comment. An edge without a score has none known. Printing and parsing are inverse for
 * circuits whose scores are known for kept edges only; with `leftOut` the scores of the other edges follow
 * below a line `left_out`, and they are inverse for all.
 *
 * @module
 */
import type { Circuit, Provenance } from "../circuit.ts";
import type { CircuitForm } from "./form.ts";
import { CircuitError } from "../../universe/errors.ts";
import { provenanceFrom, universeFromRecord } from "./records.ts";
import { parseEdge, todaysNames } from "../../universe/names.ts";
import { shortFloat32 } from "../../../base/float_text.ts";
import { requireSameUniverse } from "../../universe/same.ts";
import { edgeName, type Universe } from "../../universe/universe.ts";

/** Every field of a circuit, one edge a line. */
export const text: CircuitForm = {
  name: "text",
  of: "circuit",
  endings: [".circuit.txt", ".circuit", ".txt"],
  about: "everything, one edge a line",
  write: (circuit) => ({ text: circuitToText(circuit, { leftOut: true }), losses: [] }),
  read: (text, expected) => ({ circuit: circuitFromText(text, expected), losses: [] }),
  fits: (start) => /^\s*(#.*\s+)*format circuit/.test(start),
};

/** The version that `circuitToText` writes and `circuitFromText` reads. */
export const CIRCUIT_TEXT_VERSION = 1;

/** Prints a circuit's text form. `leftOut`: with the scores of edges that it does not keep. */
export function circuitToText(circuit: Circuit, { leftOut = false } = {}): string {
  const { universe, edges, scores } = circuit;
  const line = (edge: number) => {
    const score = scores ? scores[edge] : NaN;
    return edgeName(universe, edge) + (Number.isNaN(score) ? "" : `  ${shortFloat32(score)}`);
  };
  const lines = [
    `format circuit ${CIRCUIT_TEXT_VERSION}`,
    `universe ${universeText(universe)}`,
    ...provenanceLines(circuit.provenance),
    "",
    ...Array.from(edges, line),
  ];
  if (leftOut && scores) {
    const kept = new Set(edges);
    const rest = Array.from(scores.keys()).filter((edge) =>
      !kept.has(edge) && !Number.isNaN(scores[edge])
    );
    if (rest.length) lines.push("", "left_out", ...rest.map(line));
  }
  return lines.join("\n") + "\n";
}

/** A universe as the text form's header writes it. */
export function universeText({ shape, convention }: Universe): string {
  return [
    `layers ${shape.layers}`,
    `heads ${shape.heads}`,
    `key_value_heads ${shape.keyValueHeads}`,
    `residual ${shape.residual}`,
    `positions ${shape.learnedPositions ? "learned" : "none"}`,
    `embeddings ${convention.embeddings}`,
    `qkv ${convention.qkv}`,
  ].join(", ");
}

function provenanceLines(provenance: Provenance): string[] {
  const { name, expression, model, seed, options } = provenance;
  const quoted = (word: string, text?: string) =>
    text === undefined ? [] : [`${word} ${JSON.stringify(text)}`];
  return [
    ...quoted("name", name),
    ...quoted("made_by", expression),
    ...(model ? [`model ${JSON.stringify(model.name)} ${JSON.stringify(model.hash)}`] : []),
    ...quoted("task", provenance.task),
    ...quoted("corruption", provenance.corruption),
    ...(seed === undefined ? [] : [`seed ${seed}`]),
    ...quoted("provider", provenance.provider),
    ...quoted("script", provenance.script),
    ...quoted("version", provenance.version),
    ...Object.entries(options ?? {}).map(([option, value]) =>
      `option ${JSON.stringify(option)} ${JSON.stringify(value)}`
    ),
  ];
}

/**
 * Parses the text form. With `expected`, the circuit must belong to that universe and takes its record.
 *
 * @throws {CircuitError} for text in another form; the message names the line
 */
export function circuitFromText(text: string, expected?: Universe): Circuit {
  const header = new Header();
  let universe: Universe | undefined;
  let kept = true;
  const edges = new Set<number>();
  const scores = new Map<number, number>();
  text.split(/\r?\n/).forEach((raw, i) => {
    const line = withoutComment(raw).trim();
    if (line === "") return;
    try {
      if (line === "left_out") kept = false;
      else if (!line.includes("->") || /^(name|made_by|option) /.test(line)) header.read(line);
      else {
        universe ??= header.universe(expected);
        const [, name, score] = /^(.*?)(?:\s+([-+.\de]+))?$/.exec(line)!;
        const edge = parseEdge(universe, todaysNames(universe, name));
        if (edges.has(edge) || scores.has(edge)) {
          throw new CircuitError(`\`${edgeName(universe, edge)}\` is listed twice`);
        }
        if (kept) edges.add(edge);
        if (score !== undefined) scores.set(edge, numberFrom(score));
      }
    } catch (error) {
      if (!(error instanceof CircuitError)) throw error;
      throw new CircuitError(`line ${i + 1}: ${error.message}`, error.help);
    }
  });
  universe ??= header.universe(expected);
  const values = scores.size ? new Float32Array(universe.edgeCount).fill(NaN) : null;
  for (const [edge, score] of scores) values![edge] = score;
  return {
    universe,
    edges: Uint32Array.from(edges).sort(),
    scores: values,
    provenance: provenanceFrom(header.provenance),
  };
}

function withoutComment(line: string): string {
  // A # inside quotes is text.
  const comment = /^(?:[^"#]|"(?:[^"\\]|\\.)*")*#/.exec(line);
  return comment ? comment[0].slice(0, -1) : line;
}

function numberFrom(text: string): number {
  const value = Number(text);
  if (Number.isNaN(value)) throw new CircuitError(`\`${text}\` is not a score`);
  return value;
}

/** Types of the values that follow the first word of the header's other lines. */
const fields: Readonly<Record<string, readonly ("string" | "number" | "any")[]>> = {
  name: ["string"],
  made_by: ["string"],
  model: ["string", "string"],
  task: ["string"],
  corruption: ["string"],
  seed: ["number"],
  provider: ["string"],
  script: ["string"],
  version: ["string"],
  option: ["string", "any"],
};

/** The header's fields as they are read. */
class Header {
  #format = false;
  #universe: Record<string, unknown> | undefined;
  readonly provenance: Record<string, unknown> & { options?: Record<string, unknown> } = {};

  read(line: string): void {
    const [, word, rest] = /^(\S+)\s*(.*)$/.exec(line)!;
    if (word === "format") {
      if (rest !== `circuit ${CIRCUIT_TEXT_VERSION}`) {
        throw new CircuitError(
          `the form \`${rest}\` is not known`,
          `this package reads \`format circuit ${CIRCUIT_TEXT_VERSION}\``,
        );
      }
      this.#format = true;
    } else if (word === "universe") {
      this.#universe = universeFields(rest);
    } else if (Object.hasOwn(fields, word)) {
      const [first, second] = this.#values(rest, fields[word]);
      const options = this.provenance.options;
      Object.assign(
        this.provenance,
        word === "made_by"
          ? { expression: first }
          : word === "model"
          ? { model: { name: first, hash: second } }
          : word === "option"
          ? { options: { ...options, [String(first)]: second } }
          : { [word]: first },
      );
    } else {
      throw new CircuitError(
        `\`${word}\` is neither a field of a circuit nor an edge`,
        "an edge is written `a5.h5 -> a8.h6.v  0.83`",
      );
    }
  }

  universe(expected?: Universe): Universe {
    if (!this.#format) {
      throw new CircuitError(
        "the text does not begin as a circuit does",
        `its first line is \`format circuit ${CIRCUIT_TEXT_VERSION}\``,
      );
    }
    if (!this.#universe) throw new CircuitError("the line `universe` must come before the edges");
    const stored = universeFromRecord(this.#universe);
    if (expected) requireSameUniverse(stored, expected, "the circuit and the model");
    return expected ?? stored;
  }

  #values(rest: string, types: readonly string[]): unknown[] {
    const parts = rest.match(/"(?:[^"\\]|\\.)*"|[^\s"]+/g) ?? [];
    const values = parts.map((part) => {
      try {
        return JSON.parse(part);
      } catch {
        throw new CircuitError(`\`${part}\` is neither quoted text nor a number`);
      }
    });
    if (
      values.length !== types.length ||
      values.some((value, i) => types[i] !== "any" && typeof value !== types[i])
    ) {
      const wanted = types.map((type) => type === "string" ? "quoted text" : "a value");
      throw new CircuitError(
        `${wanted.join(" and ")} must follow the line's first word: this is \`${rest}\``,
      );
    }
    return values;
  }
}

/** The facts of a universe that `universeText` wrote, by the names of its record. */
export function universeFields(text: string): Record<string, unknown> {
  const names: Record<string, string> = {
    key_value_heads: "keyValueHeads",
    positions: "learnedPositions",
  };
  const record: Record<string, unknown> = {};
  for (const part of text.split(",")) {
    const [name, value = "", ...more] = part.trim().split(/\s+/);
    if (more.length || value === "") {
      throw new CircuitError(
        `\`${part.trim()}\` has no meaning in the line \`universe\``,
        "as in `layers 4`",
      );
    }
    record[names[name] ?? name] = name === "positions"
      ? value === "learned"
      : /^\d+$/.test(value)
      ? Number(value)
      : value;
  }
  return record;
}
