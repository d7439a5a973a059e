/**
 * Runs a discovery method for a circuit's declaration.
 *
 * @module
 */
import {
  discover,
  type Discovery,
  type DiscoveryStep,
  isStateOf,
} from "../../../runtime/discovery/mod.ts";
import type { Circuit } from "../../../runtime/circuits/mod.ts";
import { someOf } from "../../../runtime/stream/mod.ts";
import type { CircuitDeclaration } from "../../syntax/tree.ts";
import { againOf } from "./again.ts";
import { checkpointIn } from "../run/checkpoints.ts";
import type { Context } from "../context.ts";
import { at } from "../error.ts";
import type { Progress } from "../host.ts";
import { keyOf, labelled, searchOf } from "./search.ts";
import { circuitSummary } from "../show.ts";
import type { CircuitValue } from "../values.ts";

/** A computation that the user stopped; what it had found is kept. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";
}

/**
 * Finds the circuit that a declaration asks for. When the user stops that, the name has what was found so far.
 *
 * @param state what a run of the same declaration left when it was stopped, to go on from there
 * @throws {StoppedError} when the user stopped it
 */
export async function find(
  declaration: CircuitDeclaration,
  context: Context,
  state?: unknown,
): Promise<CircuitValue> {
  const again = againOf(declaration, context, findUnnamed);
  const { value, stopped } = await search(declaration, context, state);
  const found = { ...value, again };
  if (stopped === undefined) return found;
  const { text } = declaration.name;
  context.define(text, found);
  context.session.stopped = async () =>
    context.define(text, await find(declaration, context, stopped.state));
  throw new StoppedError(`stopped: \`${labelled(text, context)}\` is what was found so far`);
}

/** Finds one of many circuits, which has no name: when the user stops that, it is gone. */
async function findUnnamed(
  declaration: CircuitDeclaration,
  context: Context,
): Promise<CircuitValue> {
  const { value, stopped } = await search(declaration, context);
  if (stopped === undefined) return value;
  throw new StoppedError(
    `stopped at \`${
      labelled(declaration.name.text, context)
    }\`: what was found before it is kept, and asking again goes on from there`,
  );
}

interface Outcome {
  readonly value: CircuitValue;
  /** Of a search that the user stopped: what it takes to go on. */
  readonly stopped?: { readonly state: unknown };
}

async function search(
  declaration: CircuitDeclaration,
  context: Context,
  state?: unknown,
): Promise<Outcome> {
  const { session } = context;
  if (session.planner) return { value: await session.planner.find(declaration, context) };
  const { host } = session;
  const asked = await searchOf(declaration, context);
  const { place, method, options, model, task, places, ablation, about, resample } = asked;
  // First the device, whose absence should leave no folder behind.
  await session.engine();
  const run = await session.run();
  // It is made of every token of every example, and a prompt keeps no results to know by it.
  const key = run ? await keyOf(asked) : "";
  const label = run?.nameFor(asked.label, key) ?? asked.label;
  const { name, corruption, metric } = task;
  /** The circuit with the names that this declaration has for it, which decide nothing. */
  const named = (circuit: Circuit): Circuit => ({
    ...circuit,
    provenance: {
      ...circuit.provenance,
      ...(about.task === undefined
        ? { task: undefined, corruption: undefined }
        : { task: name, corruption }),
      name: declaration.name.text,
      ...(circuit.provenance.model && { model: { ...circuit.provenance.model, name: model.name } }),
      ...(session.script && { script: session.script }),
    },
  });
  const earlier = await run?.earlier(key, model.universe);
  if (earlier) {
    const circuit = named(earlier);
    await run?.keep(label, circuit, key);
    host.note(`${label}: ${circuitSummary(circuit)}, found by an earlier run`);
    return { value: { ...about, circuit } };
  }

  const masked = await session.masked(model, place);
  const train = places.length === 0
    ? { examples: [], handle: -1 }
    : someOf(await session.prepared(model, task, "train", ablation, place), places);
  const signal = host.signal();
  const checkpoint = run && checkpointIn(run.path, label, key);
  const earlierState = checkpoint?.earlier();
  const begin = state ?? (isStateOf(method, earlierState) ? earlierState : undefined);
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
  const input = { masked, train, task: name, corruption, metric };
  const found = await at(place, () => discover(method, input, options, hooks, begin))
    .finally(() => host.progressDone());
  const { provenance } = found.circuit;
  const circuit = named(
    resample === undefined ? found.circuit : {
      ...found.circuit,
      provenance: { ...provenance, options: { ...provenance.options, resample } },
    },
  );
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
  return {
    value: { ...about, circuit },
    ...(found.stopped && { stopped: { state: found.state } }),
  };
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
      step.objective.name === "kl"
        ? ["KL", Math.max(0, step.loss).toPrecision(3)]
        : [step.objective.name, step.objective.value.toPrecision(3)],
      ["sparsity", `${percent(step.expectedSparsity)} of ${percent(step.targetSparsity)}`],
    ],
  };
}
