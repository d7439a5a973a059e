/**
 * Runs a discovery method for a circuit's declaration.
 *
 * @module
 */
import { discover, type Discovery, type DiscoveryStep } from "../../runtime/discovery/mod.ts";
import type { Provenance } from "../../runtime/circuits/mod.ts";
import { someOf } from "../../runtime/masked.ts";
import type { CircuitDeclaration } from "../syntax/tree.ts";
import { checkpointIn } from "./checkpoints.ts";
import type { Context } from "./context.ts";
import { at } from "./error.ts";
import type { Progress } from "./host.ts";
import { keyOf, searchOf } from "./search.ts";
import { circuitSummary } from "./show.ts";
import type { CircuitValue } from "./values.ts";

/** A computation that the user stopped; what it had found is kept. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";
}

/**
 * Finds the circuit that a declaration asks for.
 *
 * @param state what a run of the same declaration left when it was stopped, to go on from there
 */
export async function find(
  declaration: CircuitDeclaration,
  context: Context,
  state?: unknown,
): Promise<CircuitValue> {
  const { session } = context;
  if (session.planner) return await session.planner.find(declaration, context);
  const { host } = session;
  const search = await searchOf(declaration, context);
  const { label, place, method, options, model, task, ablation, about, resample } = search;
  // First the device, whose absence should leave no folder behind.
  await session.engine();
  const run = await session.run();
  // It is made of every token of every example, and a prompt keeps no results to know by it.
  const key = run ? await keyOf(search) : "";
  const earlier = await run?.earlier(label, key, model.universe);
  if (earlier) {
    host.note(`${label}: ${circuitSummary(earlier)}, found by an earlier run`);
    return { ...about, circuit: earlier };
  }

  const masked = await session.masked(model, place);
  const train = search.places.length === 0
    ? { examples: [], handle: -1 }
    : someOf(await session.prepared(model, task, "train", ablation, place), search.places);
  const signal = host.signal();
  const checkpoint = run && checkpointIn(run.path, label, key);
  const begin = state ?? checkpoint?.earlier();
  if (state === undefined && begin !== undefined) {
    host.note(`${label}: goes on from where an earlier run was stopped`);
  }
  const hooks = {
    signal,
    onState: checkpoint?.offer,
    onStep: (step: DiscoveryStep) => {
      host.progress(progressOf(label, step));
      run?.record({ circuit: label, ...step });
    },
  };
  const { name, corruption, metric } = task;
  const input = { masked, train, task: name, corruption, metric };
  const found = await at(place, () => discover(method, input, options, hooks, begin))
    .finally(() => host.progressDone());
  const provenance: Provenance = {
    ...found.circuit.provenance,
    ...(about.task === undefined && { task: undefined, corruption: undefined }),
    name: declaration.name.text,
    options: {
      ...found.circuit.provenance.options,
      ...(ablation !== "interchange" && { ablation }),
      ...(resample !== undefined && { resample }),
    },
    ...(session.script && { script: session.script }),
  };
  const circuit = { ...found.circuit, provenance };
  await run?.keep(label, circuit, found.stopped ? null : key);
  if (!found.stopped) checkpoint?.remove();
  else if (found.state !== undefined) checkpoint?.write(found.state);
  const dropped = found.raw - found.reachable;
  host.note(
    `${label}: ${circuitSummary(circuit)}, ${
      costText(found)
    }; of ${found.raw} edges taken, ${found.reachable} lie on a path ` +
      `from the input to the logits` +
      (dropped === 0 ? "" : ` and ${dropped} ${dropped === 1 ? "was" : "were"} dropped`),
  );
  const value: CircuitValue = { ...about, circuit };
  if (found.stopped) {
    context.define(declaration.name.text, value);
    session.stopped = async () =>
      context.define(declaration.name.text, await find(declaration, context, found.state));
    throw new StoppedError(`stopped: \`${label}\` is what was found so far`);
  }
  return value;
}

/** Steps, seconds, and examples through the model: what compares methods whatever the machine. */
function costText({ steps, cost }: Discovery): string {
  const count = (number: number, what: string) => `${number.toLocaleString("en")} ${what}`;
  return `${count(steps.length, steps.length === 1 ? "step" : "steps")} in ${
    cost.seconds.toFixed(1)
  } s (${count(cost.forward, "forward passes")}, ${count(cost.gradient, "with gradients")})`;
}

function progressOf(label: string, step: DiscoveryStep): Progress {
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  return {
    label,
    step: step.step,
    steps: step.steps,
    values: [
      step.objective === undefined
        ? ["KL", Math.max(0, step.kl).toPrecision(3)]
        : [step.objective.name, step.objective.value.toPrecision(3)],
      ["sparsity", `${percent(step.expectedSparsity)} of ${percent(step.targetSparsity)}`],
    ],
  };
}
