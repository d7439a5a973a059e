/**
 * Submissions to the circuit track of the MIB benchmark (Mueller et al. 2025). A submission is a folder with one folder
 * per task and model, called `TASK_MODEL` as in `ioi_gpt2`, which holds either
 *
 * - one graph whose edges have importances: `importances.json`, or
 * - nine graphs whose edges are members or not, of at most 0.1, 0.2, 0.5, 1, 2, 5, 10, 20 and 50 % of all edges.
 *
 * Graphs are EAP-IG's JSON (eap_ig.ts), and sizes are shares of that graph's edges: one `input`, and q, k and v of every
 * query head, also where the circuit's own universe counts other edges.
 *
 * The benchmark ranks edges by their scores for CPR, and by their magnitude for CMD. Here a higher score is
 * more important, also below zero, so scores of which some are negative are raised by the lowest: then both orders are the
 * circuit's. An edge without a score comes after all others.
 *
 * @module
 */
import type { Circuit } from "../circuit.ts";
import { CircuitError } from "../../universe/errors.ts";
import { requireScores } from "../ranking.ts";
import { reachableEdges } from "../../universe/reachability.ts";
import { expressionOf } from "../provenance.ts";
import { circuitFromEapIg, circuitToEapIg } from "./eap_ig.ts";
import type { CircuitForm, Exported, ExportedFolder, WriteOptions } from "./form.ts";

/** The nine sizes of a submission of several circuits, as shares of all edges, the smallest first. */
export const mibSizes: readonly number[] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/** The name of a file of importances; circuits are named by their share, such as `0.1.json` for 0.1 %. */
export const mibImportances = "importances.json";

/** A submission of importances; read as the EAP-IG graph that it is. */
export const mib: CircuitForm = {
  name: "mib",
  of: "circuit",
  endings: [mibImportances],
  about: "importances for the MIB benchmark",
  write: circuitToMibImportances,
};

/** A submission of nine circuits. */
export const mibFolder: CircuitForm = {
  name: "mib-folder",
  of: "circuit",
  endings: ["/"],
  about: "nine circuits for the MIB benchmark",
  write: circuitToMibCircuits,
};

/** One file of importances. */
export function circuitToMibImportances(circuit: Circuit, { width }: WriteOptions = {}): Exported {
  const raised = withRaisedScores(circuit);
  const { text, losses } = circuitToEapIg(raised.circuit, { width });
  return { text, losses: [...losses, ...raised.losses] };
}

/** The nine circuits, by the names of their files. */
export function circuitToMibCircuits(
  circuit: Circuit,
  { width }: WriteOptions = {},
): ExportedFolder {
  const raised = withRaisedScores(circuit);
  const written = circuitToEapIg(raised.circuit, { width });
  // Read back, it is a circuit over their edges, which sizes are shares of.
  const theirs = circuitFromEapIg(written.text).circuit;
  const { universe } = theirs;
  const scores = theirs.scores!;
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b);
  const files = new Map(mibSizes.map((share) => {
    const count = Math.floor(share * universe.edgeCount);
    const edges = reachableEdges(universe, order.slice(0, count).sort());
    // A member's score is 1 and another's 0: the graph's reader wants a number.
    const members = new Float32Array(universe.edgeCount);
    for (const edge of edges) members[edge] = 1;
    const { text } = circuitToEapIg({ ...theirs, edges, scores: members }, { width });
    return [nameOfSize(share), text];
  }));
  return {
    files,
    losses: [
      ...written.losses.filter((loss) => !loss.includes("no scores")),
      "edges of each size that reach nothing are left out, as the benchmark does itself",
    ],
  };
}

/** The share of a file's name, or null where it is none of the nine. */
export function sizeOfMibFile(name: string): number | null {
  return mibSizes.find((share) => nameOfSize(share) === name) ?? null;
}

const nameOfSize = (share: number): string => `${Number((100 * share).toPrecision(6))}.json`;

/** Scores none of which is below zero, in the same order; edges without one last. */
function withRaisedScores(circuit: Circuit): { circuit: Circuit; losses: readonly string[] } {
  const scores = requireScores(circuit);
  const known = scores.filter((score) => !Number.isNaN(score));
  if (known.some((score) => !Number.isFinite(score))) {
    throw new CircuitError(
      `\`${expressionOf(circuit)}\` has infinite scores, which no submission has`,
    );
  }
  const unknown = scores.length - known.length;
  const least = known.reduce((least, score) => Math.min(least, score), Infinity);
  const spread = known.reduce((most, score) => Math.max(most, score), -Infinity) - least;
  // Where some have no score, the lowest score must be above them.
  const lowest = unknown > 0 ? spread / scores.length || 1 : 0;
  const raise = Math.max(0, lowest - least);
  const by = Number(raise.toPrecision(6));
  return {
    circuit: { ...circuit, scores: scores.map((x) => Number.isNaN(x) ? 0 : x + raise) },
    losses: [
      ...(raise > 0
        ? [`scores are raised by ${by}, so that their magnitudes have the same order`]
        : []),
      ...(unknown > 0
        ? [`${unknown} edges without a score are written as 0, below all others`]
        : []),
    ],
  };
}
