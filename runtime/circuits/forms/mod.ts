/**
 * Forms of circuits in files. The ending of a file's name chooses the form to write; the contents tell the form to read.
 *
 * @module
 */
import { showEndings } from "../../../base/file_forms.ts";
import { CircuitError } from "../../universe/errors.ts";
import type { Universe } from "../../universe/universe.ts";
import { dot } from "./dot.ts";
import { eapIg } from "./eap_ig.ts";
import { edgeList } from "./edge_list.ts";
import type { CircuitForm, Imported } from "./form.ts";
import { json } from "./json.ts";
import { mermaid } from "./mermaid.ts";
import { mib, mibFolder } from "./mib.ts";
import { svg } from "./svg.ts";
import { text } from "./text.ts";

export { circuitFromDot, circuitToDot } from "./dot.ts";
export { circuitFromEapIg, circuitToEapIg } from "./eap_ig.ts";
export { circuitFromEdgeList, circuitToEdgeList } from "./edge_list.ts";
export type { Exported, Imported, WriteOptions } from "./form.ts";
export { circuitFromJson, circuitToJson } from "./json.ts";
export {
  circuitToMibCircuits,
  circuitToMibImportances,
  mibImportances,
  mibSizes,
  sizeOfMibFile,
} from "./mib.ts";
export { circuitFromText, circuitToText } from "./text.ts";

/** Forms of circuits, in the order of the documentation. */
export const circuitForms: readonly CircuitForm[] = [
  json,
  text,
  dot,
  svg,
  mermaid,
  eapIg,
  edgeList,
  mib,
  mibFolder,
];

/**
 * Reads a circuit in whichever form the contents of a file have, with or without a byte-order mark.
 *
 * @throws {CircuitError} for text in none of the forms, or damaged in one
 */
export async function circuitFrom(
  contents: string,
  expected?: Universe,
): Promise<Imported & { readonly form: string }> {
  const text = contents.replace(/^\ufeff/, "");
  const start = text.slice(0, 4096);
  const found = circuitForms.find((form) => form.fits?.(start));
  if (!found && !/^\s*[{[]/.test(start)) {
    const known = circuitForms.filter(({ read }) => read);
    throw new CircuitError(
      "the text has no form of a circuit",
      `circuits are read from files that end in ${showEndings(known)}`,
    );
  }
  // Other JSON is most likely a damaged circuit file, so that form says what is wrong with it.
  const form = found ?? json;
  return { ...await form.read!(text, expected), form: form.name };
}
