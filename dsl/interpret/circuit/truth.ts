/**
 * `find ground_truth`: the circuit that a compiled program is known to have. `find computed_truth`: the one that its runs
 * on all inputs say it has.
 *
 * @module
 */
import { type Circuit, makeCircuit, type Provenance } from "../../../runtime/circuits/mod.ts";
import { edgesOfNames } from "../../../runtime/discovery/mod.ts";
import { knownEdges, type Truth, truthOf } from "../../../runtime/programs/mod.ts";
import type { CircuitDeclaration } from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { at, fail } from "../error.ts";
import { ablationOf } from "./options.ts";
import { seedOf } from "../lower/constant.ts";
import { fieldsOf } from "../lower/fields.ts";
import { circuitSummary } from "../show.ts";
import { modelOf, taskOf } from "../statements/circuit.ts";
import type { CircuitValue } from "../values.ts";

/** Whether a declaration asks for a program's own circuit. */
export function asksForTruth(declaration: CircuitDeclaration): boolean {
  return asked(declaration) !== undefined;
}

function asked(declaration: CircuitDeclaration): "ground_truth" | "computed_truth" | undefined {
  const method = fieldsOf(declaration.fields).choice("find")?.text;
  return method === "ground_truth" || method === "computed_truth" ? method : undefined;
}

/** The program's circuit under the declaration's ablation: looked up, or computed on every input. */
export async function groundTruth(
  declaration: CircuitDeclaration,
  context: Context,
): Promise<CircuitValue> {
  const { scope, session } = context;
  const place = scope.place(declaration.name);
  const model = modelOf(declaration, context) ?? fail(place, "say in which model: `in NAME`");
  const { plan, universe } = model;
  if (plan === undefined) {
    fail(
      place,
      `nobody knows the true circuit of \`${model.name}\``,
      "only models that come from a program have a known circuit",
    );
  }
  const ablation = ablationOf(declaration, scope);
  if (ablation !== "zero" && ablation !== "interchange") {
    fail(
      place,
      `the true circuit is not known under ablation \`${ablation}\``,
      "it is under interchange and zero",
    );
  }
  const method = asked(declaration)!;
  // Which other input each input is paired with is drawn.
  const seed = seedOf(fieldsOf(declaration.fields).value("seed"), scope, "`seed`");
  const truth = await at(
    place,
    // A plan computes nothing: the known circuit stands in for it there.
    () =>
      method === "computed_truth" && !session.planner ? truthOf(plan, ablation, seed) : undefined,
  );
  const provenance: Provenance = {
    expression: method,
    name: declaration.name.text,
    model: { name: model.name, hash: await at(place, () => model.model.hash()) },
    ...(session.script && { script: session.script }),
    ...(truth && { seed }),
    options: { ablation },
  };
  const names = truth?.computed ?? knownEdges(plan, ablation);
  const circuit: Circuit = await at(
    place,
    () => makeCircuit(universe, edgesOfNames(names, universe), null, provenance),
  );
  const label = declaration.name.text;
  session.host.note(
    `${label}: ${circuitSummary(circuit)}, ${
      truth
        ? `computed on all ${plan.domain.inputs.length} inputs; ${agreement(truth)}`
        : "known from compiling"
    }`,
  );
  return { kind: "circuit", circuit, model, ...taskOf(declaration, context), ablation };
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
