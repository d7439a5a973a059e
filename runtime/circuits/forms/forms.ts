/**
 * The forms in which a circuit can lie in a file, chosen by how the file's name ends, and told apart by
 * what the file holds.
 *
 * @module
 */
import type { Circuit } from "../circuit.ts";
import { circuitToSvg } from "../drawing/svg.ts";
import { CircuitError } from "../../universe/errors.ts";
import { circuitFromDot, circuitToDot } from "./dot.ts";
import { circuitFromEapIg, circuitToEapIg } from "./eap_ig.ts";
import { circuitFromEdgeList, circuitToEdgeList } from "./edge_list.ts";
import { circuitToMibImportances, mibImportances } from "./mib.ts";
import type { Exported, Imported } from "./exchanged.ts";
import { circuitFromJson, circuitToJson } from "./json.ts";
import { circuitFromText, circuitToText } from "./text.ts";
import type { Universe } from "../../universe/universe.ts";

/** What some forms ask for and a circuit does not know. */
export interface WriteOptions {
  /** The model's width, d_model. */
  readonly width?: number;
}

/** One form: how its files' names end, and how it is written and read. */
export interface CircuitForm {
  readonly endings: readonly string[];
  readonly about: string;
  readonly write: (circuit: Circuit, options?: WriteOptions) => Exported | Promise<Exported>;
  /** Absent for forms that cannot be read back. */
  readonly read?: (text: string, expected?: Universe) => Imported | Promise<Imported>;
  /** Whether a text looks like this form. */
  readonly fits?: (start: string) => boolean;
}

const whole = (circuit: Circuit): Imported => ({ circuit, losses: [] });

/** Every form, the most specific endings first. */
export const circuitForms: Readonly<Record<string, CircuitForm>> = {
  json: {
    endings: [".circuit.json"],
    about: "everything, for this package",
    write: (circuit) => ({ text: circuitToJson(circuit), losses: [] }),
    read: (text, expected) => whole(circuitFromJson(text, expected)),
    fits: (start) => /^\s*\{\s*"format"/.test(start),
  },
  mib: {
    endings: [mibImportances],
    about: "importances for the MIB benchmark",
    // Read as the EAP-IG graph that it is.
    write: circuitToMibImportances,
  },
  "eap-ig": {
    endings: [".eap.json", ".graph.json"],
    about: "EAP-IG graph JSON",
    write: circuitToEapIg,
    read: circuitFromEapIg,
    fits: (start) => /^\s*\{\s*"cfg"/.test(start),
  },
  "edge-list": {
    endings: [".edges.json"],
    about: "Edge Pruning edge list",
    write: circuitToEdgeList,
    read: (text, expected) => {
      if (expected) return circuitFromEdgeList(text, expected);
      throw new CircuitError("an edge list does not say its universe", "open it for a model");
    },
    fits: (start) => /^\s*(\[|\{\s*"(task|edges)")/.test(start),
  },
  text: {
    endings: [".circuit", ".circuit.txt"],
    about: "one edge a line",
    write: (circuit) => ({ text: circuitToText(circuit, { leftOut: true }), losses: [] }),
    read: (text, expected) => whole(circuitFromText(text, expected)),
    fits: (start) => /^\s*(#.*\s+)*format circuit/.test(start),
  },
  dot: {
    endings: [".dot", ".gv"],
    about: "a graph for Graphviz",
    write: circuitToDot,
    read: circuitFromDot,
    fits: (start) => /^\s*((\/\/|#).*\s+)*(strict\s+)?digraph\b/.test(start),
  },
  svg: {
    endings: [".svg"],
    about: "a drawing",
    write: async (circuit) => ({
      text: await circuitToSvg(circuit),
      losses: ["a drawing cannot be read back"],
    }),
  },
};

/** The form that a file's name asks for; `json` where it asks for none. */
export function formOf(path: string): string {
  const lower = path.toLowerCase();
  const fits = ([, form]: [string, CircuitForm]) =>
    form.endings.some((ending) => lower.endsWith(ending));
  return Object.entries(circuitForms).find(fits)?.[0] ?? "json";
}

/** Reads a circuit in whichever form the text has. Throws a `CircuitError` for none of them. */
export async function circuitFrom(
  text: string,
  expected?: Universe,
): Promise<Imported & { readonly form: string }> {
  const start = text.slice(0, 4096);
  const found = Object.entries(circuitForms).find(([, form]) => form.fits?.(start));
  // Other JSON is most likely a damaged circuit file, so that form says what is wrong with it.
  const [name, form] = found ?? ["json", circuitForms.json];
  if (!found && !/^\s*[{[]/.test(start)) {
    const known = Object.values(circuitForms).filter((each) => each.read).map((each) => each.about);
    throw new CircuitError("the text has no form of a circuit", `forms are ${known.join("; ")}`);
  }
  return { ...await form.read!(text, expected), form: name };
}
