/** Runs a discovery method for a circuit's declaration. @module */
import { Memo } from "../../../base/memo.ts";
import {
  discover,
  type Discovery,
  type DiscoveryStep,
  isStateOf,
  methods,
} from "../../../runtime/discovery/mod.ts";
import { type Circuit, underAblation } from "../../../runtime/circuits/mod.ts";
import { someOf } from "../../../runtime/stream/mod.ts";
import type { Symbol } from "../../check/symbols.ts";
import type { Context } from "../context.ts";
import type { Found } from "../effects.ts";
import { at } from "../error.ts";
import type { Progress } from "../host.ts";
import { checkpointIn } from "../run/checkpoints.ts";
import type { Session } from "../session.ts";
import { circuitSummary } from "../show.ts";
import type { Again, CircuitValue } from "../values.ts";
import { type Asked, keyOf, type Search, searchOf } from "./search.ts";

/** A computation that the user stopped; what it had found is kept. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";
}

/**
 * Finds the circuit that a declaration asks for. When the user stops that, the name has what was found so far.
 *
 * @param state state that a stopped run of the same declaration left, from which the search continues
 * @throws {StoppedError} when the user stopped it
 */
export async function findDeclared(
  asked: Asked,
  symbol: Symbol,
  context: Context,
  state?: unknown,
): Promise<CircuitValue> {
  const again = againOf(asked, context);
  const search = await searchOf(asked, context);
  const { value, stopped } = await context.effects.find(search, context, state);
  const found = { ...value, again };
  if (stopped === undefined) return found;
  const { env, session } = context;
  env.set(symbol, found);
  session.stopped = async () =>
    env.set(symbol, await findDeclared(asked, symbol, context, stopped.state));
  throw new StoppedError(`stopped: \`${search.label}\` is what was found so far`);
}

/** Searches for the same circuit with one thing changed. Each is made once. */
function againOf(asked: Asked, context: Context): Again {
  const { method, seed, resample } = asked;
  const found = new Memo<Promise<CircuitValue>>();
  return {
    method,
    seed,
    ...(resample !== undefined && { resample }),
    find: (word, value) =>
      found.get([word, value], () =>
        findUnnamed({ ...asked, [word]: value }, {
          ...context,
          point: [context.point ?? [], `${word}=${value}`].flat().join(", "),
        })),
  };
}

/** Finds one of many circuits, which has no name: when the user stops that, it is gone. */
async function findUnnamed(asked: Asked, context: Context): Promise<CircuitValue> {
  const search = await searchOf(asked, context);
  const { value, stopped } = await context.effects.find(search, context);
  if (stopped === undefined) return value;
  throw new StoppedError(
    `stopped at \`${search.label}\`: what was found before it is kept, and asking again goes on from there`,
  );
}

/** Searches on an engine, or takes what an earlier run found. */
export async function searchNow(
  asked: Search,
  session: Session,
  state?: unknown,
): Promise<Found> {
  const { host } = session;
  const { place, method, options, model, task, places, ablation, about, resample } = asked;
  const runsModel = methods[method].needs === "examples";
  // First the device, whose absence should leave no folder behind.
  if (runsModel) await session.engine();
  const run = await session.run();
  // It is made of every token of every example, and a prompt keeps no results to know by it.
  const key = run ? await keyOf(asked) : "";
  const label = run?.nameFor(asked.label, key) ?? asked.label;
  const { name, corruption, metric } = task;
  /** The circuit with the names that this declaration has for it, which decide nothing. */
  const named = (circuit: Circuit): Circuit => ({
    ...circuit,
    provenance: {
      ...underAblation(circuit.provenance, ablation),
      ...(about.task === undefined
        ? { task: undefined, corruption: undefined }
        : { task: about.task.name, corruption: runsModel ? corruption : about.corruption?.name }),
      name: asked.name,
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

  const input = runsModel
    ? {
      masked: await session.masked(model, place),
      train: someOf(await session.prepared(model, task, "train", ablation, place), places),
      task: name,
      corruption,
      metric,
    }
    : { masked: { model: model.model, universe: model.universe }, plan: model.plan };
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
  host.note(`${label}: ${circuitSummary(circuit)}, ${found.note ?? takenText(found)}`);
  return {
    value: { ...about, circuit },
    ...(found.stopped && { stopped: { state: found.state } }),
  };
}

/** Cost, and the edges that were taken. */
function takenText(found: Discovery): string {
  const { raw, reachable } = found;
  const dropped = raw - reachable;
  return `${costText(found)}; of ${raw} edges taken, ${reachable} lie on a path ` +
    `from the input to the logits` +
    (dropped === 0 ? "" : ` and ${dropped} ${dropped === 1 ? "was" : "were"} dropped`);
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
