/**
 * The folder that a run leaves behind, `runs/NAME`: the script as it ran, a line of measurements per step, the circuits, the
 * results and the page of its last start, and the history of all starts.
 *
 * @module
 */
import { join, relative, resolve } from "node:path";
import { fileProblem } from "../../../base/file_problem.ts";
import { hashOfText } from "../../../base/hash.ts";
import { isLease, type Lease, takeLease } from "../../../base/lease.ts";
import { UserError } from "../../../base/user_error.ts";
import { packageVersion } from "../../../base/version.ts";
import { writeWhole } from "../../../base/whole_file.ts";
import { type Circuit, saveCircuit } from "../../../runtime/circuits/mod.ts";
import type { DiscoveryStep } from "../../../runtime/discovery/mod.ts";
import { fileName } from "./file_name.ts";
import { historyIn, LOCK, readStart, type Start, startsIn } from "./history.ts";

export interface RunFolder {
  readonly path: string;
  /** Adds a line to `metrics.jsonl`, in which the objective's value goes by the objective's name. */
  record(circuit: string, step: DiscoveryStep): void;
  /**
   * The name of a circuit's files: its label, with a number behind it where this run has another circuit of that label.
   *
   * @param key hash of everything that decides the circuit
   */
  nameFor(label: string, key: string): string;
  /** Keeps a circuit under the name that it was given. */
  keep(name: string, circuit: Circuit, key: string): Promise<void>;
  /** Keeps the results so far, as `resultsToJson` writes them. */
  results(text: string): Promise<void>;
  /** Writes a page about the run, `report.html`. */
  report(make: () => Promise<string>): Promise<void>;
  /** Ends the run, and lets others have the folder. */
  end(outcome: Start["outcome"], device: string): Promise<void>;
}

/** Facts of a start. */
export interface StartOptions {
  /** The folder of all runs. */
  readonly runs: string;
  /** Name of the script's folder, where no other script has it. */
  readonly name: string;
  /** The script's file, or `-`. */
  readonly file: string;
  /** The script as it runs: settings in place. */
  readonly text: string;
  readonly command: readonly string[];
  readonly device: string;
  note(text: string): void;
}

/**
 * Opens `runs/NAME` for a start: a folder of another name where another script has that one, or another run is at work there.
 *
 * @throws {UserError} if the folder cannot be written
 */
export async function openRunFolder(options: StartOptions): Promise<RunFolder> {
  try {
    return await begin(options);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const path = join(options.runs, options.name);
    throw new UserError(`cannot write ${JSON.stringify(path)}: ${fileProblem(error)}`);
  }
}

async function begin(options: StartOptions): Promise<RunFolder> {
  const { text, command, device } = options;
  const script = options.file === "-"
    ? "-"
    : relative(resolve(options.runs), resolve(options.file));
  const { path, lease } = await ownFolder(options, script.replaceAll("\\", "/"));
  const before = await startsIn(path);
  const number = await nextIn(historyIn(path), before.at(-1) ?? 0);
  const own = join(historyIn(path), String(number));
  // Circuits of the last start would be taken for those of this one.
  const last = before.length === 0 ? null : await readStart(path, before.at(-1)!);
  for (const name of Object.keys(last?.circuits ?? {})) {
    await Deno.remove(circuitIn(path, name)).catch(() => {});
  }
  await Deno.mkdir(join(path, "circuits"), { recursive: true });
  for (const folder of [path, own]) await writeWhole(join(folder, "script.circ"), text);
  const metrics = await Deno.open(join(path, "metrics.jsonl"), {
    create: true,
    write: true,
    truncate: true,
  });
  const began = Date.now();
  let start: Start = {
    format: "circ.run",
    script: script.replaceAll("\\", "/"),
    time: new Date(began).toISOString(),
    command,
    version: packageVersion,
    device,
    outcome: "running",
    circuits: {},
  };
  const tell = async (more: Partial<Start>) => {
    start = { ...start, ...more };
    await writeWhole(join(own, "run.json"), JSON.stringify(start, null, 1) + "\n");
  };
  await tell({});
  /** One writing of the results after another: the last one stays. */
  let writing = Promise.resolve();
  const encoder = new TextEncoder();
  /** Keys of this run's circuits, by name. Names that differ in capitals alone are one file on some systems. */
  const taken = new Map<string, string>();
  return {
    path,
    record: (circuit, { objective: { name, value }, ...step }) => {
      const line = JSON.stringify({ circuit, ...step, objective: name, [name]: value });
      const bytes = encoder.encode(line + "\n");
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
      await tell({ circuits: { ...start.circuits, [name]: key } });
    },
    results: (text) =>
      writing = writing.catch(() => {}).then(async () => {
        for (const folder of [path, own]) await writeWhole(join(folder, "results.json"), text);
      }),
    report: async (make) => await writeWhole(join(path, "report.html"), await make()),
    end: async (outcome, device) => {
      metrics.close();
      await tell({ outcome, device, seconds: (Date.now() - began) / 1000 });
      await lease.release();
    },
  };
}

/** A folder that belongs to this script alone or to no script, and the lease on it. */
async function ownFolder(
  { runs, name, note }: StartOptions,
  script: string,
): Promise<{ readonly path: string; readonly lease: Lease }> {
  const own = `${name}-${(await hashOfText(script)).slice(0, 6)}`;
  let reason = "";
  for (let i = 0;; i++) {
    const path = join(runs, i === 0 ? name : i === 1 ? own : `${own}-${i}`);
    if (i === 0) await leaveAside(path, note);
    const last = (await startsIn(path)).at(-1);
    const of = last === undefined ? null : await readStart(path, last);
    if (of !== null && of.script !== script) {
      reason = `${join(runs, name)} belongs to ${of.script}`;
      continue;
    }
    await Deno.mkdir(path, { recursive: true });
    const lease = await takeLease(join(path, LOCK));
    if (!isLease(lease)) {
      reason = `another run is at work in ${path}`;
      continue;
    }
    if (reason !== "") note(`note: ${reason}; this one writes to ${path}`);
    return { path, lease };
  }
}

/** Gives the folder of an earlier version, which had another form, another name. */
async function leaveAside(path: string, note: (text: string) => void): Promise<void> {
  const exists = (file: string) => Deno.stat(file).then(() => true, () => false);
  const index = join(path, "circuits", "finished.json");
  if (!await exists(index) || await exists(historyIn(path))) return;
  let target = `${path}-earlier-version`;
  for (let i = 2; await exists(target); i++) target = `${path}-earlier-version-${i}`;
  await Deno.rename(path, target);
  note(`note: ${path} was left by an earlier version of circ: it is ${target} now`);
}

/** Makes the folder of the next start, whose number no other one takes. */
async function nextIn(history: string, last: number): Promise<number> {
  await Deno.mkdir(history, { recursive: true });
  for (let number = last + 1;; number++) {
    try {
      await Deno.mkdir(join(history, String(number)));
      return number;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

const circuitIn = (path: string, name: string) =>
  join(path, "circuits", `${fileName(name)}.circuit.json`);
