/**
 * Records that are part of every stored circuit: its universe and its provenance. Each field that is read is
 * checked.
 *
 * @module
 */
import { pythonJson } from "../../../base/python_json.ts";
import { ablationNamed, ablations } from "../../universe/ablations.ts";
import type { Provenance } from "../circuit.ts";
import { inOrder } from "../provenance.ts";
import { CircuitError } from "../../universe/errors.ts";
import { type Convention, type Shape, type Universe, universeOf } from "../../universe/universe.ts";

/** A universe as stored with every circuit. */
export interface UniverseRecord extends Shape, Convention {
  readonly edges: number;
}

/** The record of a universe that circuits are stored with; `edges` lets a reader check its own count. */
export function universeRecord({ shape, convention, edgeCount }: Universe): UniverseRecord {
  const { layers, heads, keyValueHeads, residual, learnedPositions } = shape;
  const { embeddings, qkv } = convention;
  return {
    layers,
    heads,
    keyValueHeads,
    residual,
    learnedPositions,
    embeddings,
    qkv,
    edges: edgeCount,
  };
}

/**
 * The universe of a stored record.
 *
 * @throws {CircuitError} if a field is missing or wrong; the message names it
 */
export function universeFromRecord(value: unknown): Universe {
  const record = object(value, "universe");
  const whole = (field: string) => {
    const number = record[field];
    if (typeof number === "number" && Number.isInteger(number) && number > 0 && number < 1e5) {
      return number;
    }
    throw wrong(`universe.${field}`, "a whole number above 0", number);
  };
  const oneOf = <T extends string>(field: string, allowed: readonly T[]): T => {
    if (allowed.includes(record[field] as T)) return record[field] as T;
    throw wrong(`universe.${field}`, `one of ${allowed.join(", ")}`, record[field]);
  };
  if (typeof record.learnedPositions !== "boolean") {
    throw wrong("universe.learnedPositions", "true or false", record.learnedPositions);
  }
  const shape: Shape = {
    layers: whole("layers"),
    heads: whole("heads"),
    keyValueHeads: whole("keyValueHeads"),
    residual: oneOf("residual", ["sequential", "parallel"]),
    learnedPositions: record.learnedPositions,
  };
  if (shape.heads % shape.keyValueHeads !== 0) {
    throw wrong("universe.keyValueHeads", `a divisor of ${shape.heads}`, shape.keyValueHeads);
  }
  const universe = universeOf(shape, {
    embeddings: oneOf("embeddings", ["split", "joint", "kept"]),
    qkv: oneOf("qkv", ["split", "joint"]),
  });
  if (record.edges !== undefined && record.edges !== universe.edgeCount) {
    throw new CircuitError(
      `the file counts ${record.edges} edges in all, and a model of this shape has ${universe.edgeCount}`,
    );
  }
  return universe;
}

/** Checks the one field that every provenance has; the others are taken as they are where their types fit. */
export function provenanceFrom(value: unknown): Provenance {
  const record = object(value ?? {}, "provenance");
  if (typeof record.expression !== "string") {
    throw wrong("provenance.expression", "text", record.expression);
  }
  const types = { name: "string", task: "string", corruption: "string", seed: "number" };
  const more = { provider: "string", script: "string", version: "string" };
  for (const [field, type] of Object.entries({ ...types, ...more })) {
    if (record[field] !== undefined && typeof record[field] !== type) {
      throw wrong(`provenance.${field}`, type === "string" ? "text" : "a number", record[field]);
    }
  }
  if (record.model !== undefined) {
    const model = object(record.model, "provenance.model");
    if (typeof model.name !== "string" || typeof model.hash !== "string") {
      throw wrong("provenance.model", "a name and a hash", record.model);
    }
  }
  if (record.options !== undefined) {
    for (const [name, option] of Object.entries(object(record.options, "provenance.options"))) {
      if (!["string", "number", "boolean"].includes(typeof option)) {
        throw wrong(`provenance.options.${name}`, "text, a number, true or false", option);
      }
      if (name === "ablation" && ablationNamed(option) === undefined) {
        throw wrong(
          "provenance.options.ablation",
          `one of ${Object.keys(ablations).join(", ")}`,
          option,
        );
      }
    }
  }
  return inOrder(record as unknown as Provenance);
}

/** The value as an object, or the error that says what must be one. */
export function object(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw wrong(what, "an object", value);
}

/** The error for a field that is missing or has another value than it may. */
export function wrong(what: string, allowed: string, value: unknown): CircuitError {
  const shown = value === undefined ? "missing" : JSON.stringify(value).slice(0, 60);
  return new CircuitError(`\`${what}\` must be ${allowed}: this is ${shown}`);
}

/** The value of a JSON text. */
export function parsedJson(text: string): unknown {
  try {
    return pythonJson(text);
  } catch (error) {
    throw new CircuitError(`the text is not JSON: ${(error as Error).message}`);
  }
}
