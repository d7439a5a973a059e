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

/** A host that also records its output. */
export function recordingHost(host: Host, { outputs }: RunRecord): Host {
  return {
    ...host,
    table: (table, of) => {
      outputs.push({ kind: "table", table, of });
      host.table(table, of);
    },
    text: (text, of) => {
      outputs.push({ kind: "text", text, of });
      host.text(text, of);
    },
    note: (text) => {
      outputs.push({ kind: "note", text });
      host.note(text);
    },
  };
}

/** A run's folder that also writes down what it keeps. */
export function recordingFolder(folder: RunFolder, { circuits, steps }: RunRecord): RunFolder {
  return {
    ...folder,
    record: (line) => {
      const { circuit, ...step } = line as { readonly circuit?: string };
      if (circuit !== undefined) {
        const known = steps.get(circuit) ?? [];
        steps.set(circuit, known);
        known.push(step as DiscoveryStep);
      }
      folder.record(line);
    },
    keep: async (name, circuit, key) => {
      circuits.set(name, circuit);
      await folder.keep(name, circuit, key);
    },
  };
}
