/**
 * The folder that a run leaves behind: the script as it ran, a line of measurements per step, and the
 * circuits that were found. A later run of the same script may take circuits from there.
 *
 * @module
 */
import { fileProblem } from "../../../base/file_problem.ts";
import { UserError } from "../../../base/user_error.ts";
import { dirname, join } from "node:path";
import { CHECKPOINTS } from "./checkpoints.ts";
import { fileName } from "./file_name.ts";
import {
  type Circuit,
  openCircuit,
  saveCircuit,
  type Universe,
} from "../../../runtime/circuits/mod.ts";
import { writeWhole } from "../../../base/whole_file.ts";

/** Circuits that are found: by the name of their file, the key of everything that decided them. */
type Finished = Record<string, string>;

export interface RunFolder {
  readonly path: string;
  /** Adds a line to `metrics.jsonl`. */
  record(line: Readonly<Record<string, unknown>>): void;
  /**
   * The name of a circuit's files: its label, with a number behind it where this run has another circuit of that label.
   *
   * @param key hash of everything that decides the circuit
   */
  nameFor(label: string, key: string): string;
  /** Keeps a circuit under the name that it was given. `key` is null when it was stopped early. */
  keep(name: string, circuit: Circuit, key: string | null): Promise<void>;
  /** The circuit that an earlier run found under the same key, whatever it was called, or null. */
  earlier(key: string, universe: Universe): Promise<Circuit | null>;
  /** Writes a page about the run, `report.html`. */
  report(make: () => Promise<string>): Promise<void>;
  close(): void;
}

/** Lays out a run's folder, and opens its metrics. */
async function begin(path: string, script: string, resume: boolean): Promise<Deno.FsFile> {
  const index = indexIn(path);
  await Deno.mkdir(dirname(index), { recursive: true });
  await writeWhole(join(path, "script.circ"), script);
  if (!resume) {
    await writeWhole(index, "{}\n");
    await Deno.remove(join(path, CHECKPOINTS), { recursive: true }).catch(() => {});
  }
  return await Deno.open(join(path, "metrics.jsonl"), {
    create: true,
    write: true,
    ...(resume ? { append: true } : { truncate: true }),
  });
}

/**
 * Opens `runs/NAME` for a run.
 *
 * @param script the script as it runs: imports and settings in place
 * @param resume keep what earlier runs found; otherwise it is forgotten
 * @throws {UserError} if the folder cannot be written
 */
export async function openRunFolder(
  path: string,
  script: string,
  { resume }: { readonly resume: boolean },
): Promise<RunFolder> {
  const index = indexIn(path);
  const before = resume ? await readFinished(index) : {};
  const finished = { ...before };
  const metrics = await begin(path, script, resume).catch((error) => {
    throw new UserError(`cannot write ${JSON.stringify(path)}: ${fileProblem(error)}`);
  });
  const encoder = new TextEncoder();
  /** Keys of this run's circuits, by name. Names that differ in capitals alone are one file on some systems. */
  const taken = new Map<string, string>();
  return {
    path,
    record: (line) => {
      const bytes = encoder.encode(JSON.stringify(line) + "\n");
      for (let done = 0; done < bytes.length;) done += metrics.writeSync(bytes.subarray(done));
    },
    nameFor: (label, key) => {
      const free = (name: string) => (taken.get(name.toLowerCase()) ?? key) === key;
      let name = label;
      for (let i = 2; !free(name); i++) name = `${label} ${i}`;
      taken.set(name.toLowerCase(), key);
      return name;
    },
    keep: async (name, circuit, key) => {
      await saveCircuit(circuitIn(path, name), circuit);
      if (key === null) delete finished[name];
      else finished[name] = key;
      await writeWhole(index, JSON.stringify(finished, null, 1) + "\n");
    },
    earlier: (key, universe) => {
      // A file that this run has overwritten no longer holds the earlier circuit.
      const left = Object.entries(before).filter(([name, key]) => finished[name] === key);
      return circuitThere(path, Object.fromEntries(left), key, universe);
    },
    report: async (make) => await writeWhole(join(path, "report.html"), await make()),
    close: () => metrics.close(),
  };
}

/** The circuit that a run left under this key, or null. Changes nothing. */
export async function finishedCircuit(
  path: string,
  key: string,
  universe: Universe,
): Promise<Circuit | null> {
  return await circuitThere(path, await readFinished(indexIn(path)), key, universe);
}

/** The file of a run that says which of its circuits are finished. */
const indexIn = (path: string) => join(path, "circuits", "finished.json");

const circuitIn = (path: string, name: string) =>
  join(path, "circuits", `${fileName(name)}.circuit.json`);

/** A file that was moved or damaged since it was written only costs the time to find the circuit again. */
async function circuitThere(path: string, finished: Finished, key: string, universe: Universe) {
  const name = Object.keys(finished).find((each) => finished[each] === key);
  if (name === undefined) return null;
  return await openCircuit(circuitIn(path, name), universe).catch(() => null);
}

async function readFinished(path: string): Promise<Finished> {
  try {
    const finished = JSON.parse(await Deno.readTextFile(path));
    return typeof finished === "object" && finished !== null ? finished : {};
  } catch {
    return {};
  }
}
