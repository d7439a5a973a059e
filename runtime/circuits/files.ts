/** Circuits on disk. @module */
import { fileProblem } from "../../base/file_problem.ts";
import { formFor, showEndings } from "../../base/file_forms.ts";
import { readText, writeWhole } from "../../base/whole_file.ts";
import type { Circuit } from "./circuit.ts";
import { CircuitError } from "../universe/errors.ts";
import {
  circuitForms,
  circuitFrom,
  type Imported,
  mibImportances,
  sizeOfMibFile,
  type WriteOptions,
} from "./forms/mod.ts";
import type { Universe } from "../universe/universe.ts";

/**
 * Writes a circuit in the form that the ending of the file's name asks for: one of {@linkcode circuitForms}. A file appears
 * whole or not at all; a form whose ending is `/` writes a folder.
 *
 * @returns one sentence for each fact about the circuit that the form lacks
 * @throws {CircuitError} if no form has the ending, the form cannot hold the circuit, or the file cannot be written
 *
 * @example
 * ```ts
 * const architecture = await readArchitecture("examples/models/sorting-gpt");
 * const circuit = fullCircuit(universeOf(shapeOf(architecture), defaultConvention));
 * const file = `${await Deno.makeTempDir()}/all.circuit.json`;
 * await saveCircuit(file, circuit);
 * (await openCircuit(file)).edges.length; // 172
 * ```
 */
export async function saveCircuit(
  path: string,
  circuit: Circuit,
  options: WriteOptions = {},
): Promise<readonly string[]> {
  const form = formFor(circuitForms, path);
  if (form === undefined) {
    throw new CircuitError(
      `no form of a circuit has the ending of \`${path}\``,
      `the endings are ${showEndings(circuitForms)}`,
    );
  }
  const written = await form.write(circuit, options);
  // Submissions have a folder for each task and model.
  if ("files" in written || form.name === "mib") {
    const folder = path.slice(0, path.lastIndexOf("/") + 1) || ".";
    await onFiles(
      `cannot make the folder \`${folder}\``,
      () => Deno.mkdir(folder, { recursive: true }),
    );
  }
  const files = "files" in written ? written.files : new Map([["", written.text]]);
  for (const [name, text] of files) {
    await onFiles(`cannot write \`${path + name}\``, () => writeWhole(path + name, text));
  }
  return written.losses;
}

/** A folder of a submission to the MIB benchmark: importances, or circuits by their share of all edges. */
export interface MibFolder {
  /** The circuit of all scores; null where there is none. */
  readonly importances: Circuit | null;
  /** Circuits by their share of all edges in percent, the smallest first. */
  readonly circuits: ReadonlyMap<number, Circuit>;
}

/**
 * Opens a folder of a submission to the MIB benchmark (Mueller et al. 2025).
 *
 * @param expected the universe of the circuits; files of another one are refused
 * @throws {CircuitError} if the folder cannot be read or holds no submission
 */
export async function openMibFolder(folder: string, expected?: Universe): Promise<MibFolder> {
  const names = await onFiles(
    `cannot open \`${folder}\``,
    () => Array.fromAsync(Deno.readDir(folder), ({ name }) => name),
  );
  const open = (name: string) => openCircuit(`${folder.replace(/\/$/, "")}/${name}`, expected);
  const circuits = new Map<number, Circuit>();
  const sizes = names.map((name) => [name, sizeOfMibFile(name)] as const)
    .filter((entry): entry is readonly [string, number] => entry[1] !== null)
    .sort(([, a], [, b]) => a - b);
  for (const [name, share] of sizes) circuits.set(share, await open(name));
  const importances = names.includes(mibImportances) ? await open(mibImportances) : null;
  if (importances === null && circuits.size === 0) {
    throw new CircuitError(
      `\`${folder}\` is no submission: it holds neither ${mibImportances} nor circuits`,
      "circuits are named by their share of all edges in percent, such as 0.1.json",
    );
  }
  return { importances, circuits };
}

/**
 * Opens a circuit's file, of any form.
 *
 * @param expected the universe of the circuit; a circuit of another one is refused
 * @throws {CircuitError} if the file cannot be read or holds no circuit; the message names the file and the reason
 */
export async function openCircuit(path: string, expected?: Universe): Promise<Circuit> {
  return (await importCircuit(path, expected)).circuit;
}

/**
 * Opens a circuit's file as {@linkcode openCircuit} does, and names its form and the facts that were lost.
 *
 * @throws {CircuitError} if the file cannot be read or holds no circuit
 */
export async function importCircuit(
  path: string,
  expected?: Universe,
): Promise<Imported & { readonly form: string }> {
  const text = await onFiles(`cannot open \`${path}\``, () => readText(path));
  try {
    return await circuitFrom(text, expected);
  } catch (error) {
    if (!(error instanceof CircuitError)) throw error;
    throw new CircuitError(
      `\`${path}\` holds no circuit that can be read: ${error.message}`,
      error.help,
    );
  }
}

/** The result of a step on files; where it fails, a `CircuitError` that begins with `problem`. */
async function onFiles<T>(problem: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw new CircuitError(`${problem}: ${fileProblem(error)}`);
  }
}
