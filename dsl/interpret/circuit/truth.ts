/**
 * `find ground_truth`: the circuit that a compiled program is known to have. `find computed_truth`: the one that its runs
 * on all inputs say it has.
 *
 * @module
 */
import { type Circuit, makeCircuit, type Provenance } from "../../../runtime/circuits/mod.ts";
import { edgesOfNames } from "../../../runtime/discovery/mod.ts";
import { knownEdges, type Truth, truthOf } from "../../../runtime/programs/mod.ts";
import { unknownTruth } from "../../check/messages.ts";
import type { Context } from "../context.ts";
import { at, fail } from "../error.ts";
import { circuitSummary } from "../show.ts";
import type { CircuitValue } from "../values.ts";
import type { Asked } from "./asked.ts";

/** True if a method gives a program's own circuit. */
export const isTruth = (method: string): method is "ground_truth" | "computed_truth" =>
  method === "ground_truth" || method === "computed_truth";

/** The program's circuit under the declaration's ablation: looked up, or computed on every input. */
export async function groundTruth(
  { name, place, model, task, corruption, ablation, seed, method }: Omit<Asked, "method"> & {
    readonly method: "ground_truth" | "computed_truth";
  },
  context: Context,
): Promise<CircuitValue> {
  const { session, effects } = context;
  const { plan, universe } = model;
  if (plan === undefined) fail(place, ...unknownTruth(model.name));
  if (ablation !== "zero" && ablation !== "interchange") {
    fail(
      place,
      `the true circuit is not known under ablation \`${ablation}\``,
      "it is under interchange and zero",
    );
  }
  // Which other input each input is paired with is drawn.
  const truth = method === "ground_truth"
    ? undefined
    : await at(place, () => effects.compute(() => truthOf(plan, ablation, seed)));
  const provenance: Provenance = {
    expression: method,
    name,
    model: { name: model.name, hash: await at(place, () => model.model.hash()) },
    ...(session.script && { script: session.script }),
    ...(truth && { seed }),
    options: { ablation },
  };
  // Where it is not computed, the known circuit stands in for it.
  const names = truth?.computed ?? knownEdges(plan, ablation);
  const circuit: Circuit = await at(
    place,
    () => makeCircuit(universe, edgesOfNames(names, universe), null, provenance),
  );
  effects.note(
    `${name}: ${circuitSummary(circuit)}, ${
      truth
        ? `computed on all ${plan.domain.inputs.length} inputs; ${agreement(truth)}`
        : "known from compiling"
    }`,
    context,
  );
  return {
    kind: "circuit",
    circuit,
    model,
    ...(task && { task }),
    ...(corruption && { corruption }),
    ablation,
    ...(effects.tolerant && method === "computed_truth" && { pending: true }),
  };
}

function agreement({ known, onlyKnown, onlyComputed, agree }: Truth): string {
  if (agree) return `the known circuit has the same ${counted(known.length)}`;
  const differences = [
    ...(onlyKnown.length > 0
      ? [`has ${counted(onlyKnown.length)} more (${onlyKnown.join(", ")})`]
      : []),
    ...(onlyComputed.length > 0 ? [`lacks ${onlyComputed.join(", ")}`] : []),
  ];
  return `the known circuit ${differences.join(" and ")}, and gives the same output`;
}

const counted = (edges: number) => edges === 1 ? "1 edge" : `${edges} edges`;
