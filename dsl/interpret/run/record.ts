/** Record of a run, gathered for its report while the script runs. @module */
import type { Circuit, Table } from "../../../runtime/circuits/mod.ts";
import type { DiscoveryStep } from "../../../runtime/discovery/mod.ts";
import type { Host } from "../host.ts";
import type { RunFolder } from "./folder.ts";

/** Output of the run: a result with the text that asked for it, or a note. */
export type RunOutput =
  | { readonly kind: "table"; readonly table: Table; readonly of?: string }
  | { readonly kind: "text"; readonly text: string; readonly of?: string }
  | { readonly kind: "note"; readonly text: string };

export interface RunRecord {
  readonly outputs: RunOutput[];
  /** Circuits that were found, by the names they have in the run's folder. */
  readonly circuits: Map<string, Circuit>;
  /** Steps of the methods that work in steps, by circuit. */
  readonly steps: Map<string, DiscoveryStep[]>;
}

/** Least milliseconds between two writings of the results. */
const PAUSE = 2000;

/**
 * A host that also records its output.
 *
 * @param write writes the results so far, which are lost to a kill otherwise
 */
export function recordingHost(
  host: Host,
  { outputs }: RunRecord,
  write: () => Promise<void>,
): Host {
  let last = -Infinity;
  const result = (each: RunOutput) => {
    outputs.push(each);
    if (performance.now() - last < PAUSE) return;
    last = performance.now();
    // The end of the run says what cannot be written.
    write().catch(() => {});
  };
  return {
    ...host,
    table: (table, of) => {
      result({ kind: "table", table, of });
      host.table(table, of);
    },
    text: (text, of) => {
      result({ kind: "text", text, of });
      host.text(text, of);
    },
    note: (text) => {
      outputs.push({ kind: "note", text });
      host.note(text);
    },
  };
}

/** A run's folder that also writes down what it keeps. */
export function recordingFolder(
  folder: RunFolder,
  { circuits, steps }: Pick<RunRecord, "circuits" | "steps">,
): RunFolder {
  return {
    ...folder,
    record: (circuit, step) => {
      const known = steps.get(circuit) ?? [];
      steps.set(circuit, known);
      known.push(step);
      folder.record(circuit, step);
    },
    keep: async (name, circuit, key) => {
      circuits.set(name, circuit);
      await folder.keep(name, circuit, key);
    },
  };
}
