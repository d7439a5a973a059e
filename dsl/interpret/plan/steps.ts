/** The steps of a dry run, and their table. @module */
import type { Table } from "../../../runtime/circuits/mod.ts";
import type { Device } from "../../../runtime/engine/mod.ts";

/** A discovery or a measurement that a script would compute. */
export interface PlanStep {
  /** The circuit's name, or the statement's word, such as `evaluate`; with the point of a sweep. */
  readonly what: string;
  /** The method, or the circuits that are measured. */
  readonly by: string;
  /** Name of the model. */
  readonly model: string;
  /** Number of edges of the universe. */
  readonly edges: number;
  /** The way the edges are counted, in words. */
  readonly convention: string;
  /** Name of the task. */
  readonly task: string;
  /** Number of examples. */
  readonly examples: number;
  /** Tokens of the longest prompt. */
  readonly tokens: number;
  /** Number of examples through a forward pass alone; the runs that prepare the examples, which a search's cost leaves out, are among them. */
  readonly forward: number;
  /** Number of examples through a forward and a backward pass. */
  readonly backward: number;
  /** Meaning of both numbers: `at most` and `between` where passes depend on the edges that are found. */
  readonly bound: "exactly" | "at most" | "between";
  /** With `between`: the most examples through a forward pass alone, and through both passes. */
  readonly most?: { readonly forward: number; readonly backward: number };
  /** Bytes of memory on the CPU. */
  readonly memory: number;
  /** The device that would compute. */
  readonly device: Device["provider"];
  /** True if an earlier run left the result, which the next one takes up. */
  readonly there: boolean;
}

const columns = [
  "what",
  "by",
  "model",
  "edges",
  "task",
  "examples",
  "tokens",
  "forward",
  "backward",
  "passes",
  "memory",
  "device",
  "there",
] as const;

export function planTable(steps: readonly PlanStep[]): Table {
  const notes = [
    "forward: with the clean and corrupted runs that prepare the examples, which the cost of a search leaves out",
  ];
  return {
    columns,
    notes: steps.some(({ there }) => !there) ? notes : [],
    rows: steps.map((step) => {
      const range = (least: number, most: number | undefined) =>
        most === undefined || most === least
          ? least
          : `${least.toLocaleString("en")} to ${most.toLocaleString("en")}`;
      const cells = {
        ...step,
        forward: range(step.forward, step.most?.forward),
        backward: range(step.backward, step.most?.backward),
        passes: step.bound,
        memory: megabytes(step.memory),
        there: step.there ? "yes" : "no",
      };
      return columns.map((column) => cells[column]);
    }),
  };
}

function megabytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
