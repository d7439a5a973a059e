/**
 * The steps of a plan, and how they are shown.
 *
 * @module
 */
import type { Table } from "../../../runtime/circuits/mod.ts";
import type { Passes } from "../../../runtime/discovery/passes.ts";
import type { Provider } from "../../../runtime/engine/mod.ts";

/** One thing that would be computed. */
export interface PlanStep {
  /** The circuit's name, or the statement's word, such as `evaluate`; with the point of a sweep. */
  readonly what: string;
  /** The method, or the circuits that are measured. */
  readonly by: string;
  readonly model: string;
  /** Edges of the universe, and how they are counted. */
  readonly edges: number;
  readonly convention: string;
  readonly task: string;
  readonly examples: number;
  /** Tokens of the longest prompt. */
  readonly tokens: number;
  /** Examples that go through the model forward, and forward and backward. */
  readonly forward: number;
  readonly backward: number;
  /** Whether passes are just so many, or may be fewer or more: what is measured depends on what was found. */
  readonly bound: Passes["bound"];
  /** Bytes that the machine must have, on the CPU. */
  readonly memory: number;
  /** Where it would be computed. */
  readonly device: Provider;
  /** Whether the run's folder already has the result, which `--resume` takes from there. */
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

/** The plan as a table. */
export function planTable(steps: readonly PlanStep[]): Table {
  return {
    columns,
    rows: steps.map((step) => {
      const cells = {
        ...step,
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
