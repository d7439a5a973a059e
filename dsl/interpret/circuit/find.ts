/** Runs a discovery method for a circuit's declaration. @module */
import { Memo } from "../../../base/memo.ts";
import {
  type CleanUpProgress,
  discover,
  type Discovery,
  type DiscoveryStep,
  isStateOf,
  methods,
} from "../../../runtime/discovery/mod.ts";
import { type Circuit, isMean, meansOf, underAblation } from "../../../runtime/circuits/mod.ts";
import { someOf } from "../../../runtime/stream/mod.ts";
import type { Symbol } from "../../check/symbols.ts";
import type { Context } from "../context.ts";
import type { Found } from "../effects.ts";
import { at, StoppedError } from "../error.ts";
import type { Progress } from "../host.ts";
import { checkpointsOf } from "../run/checkpoints.ts";
import type { RunFolder } from "../run/folder.ts";
import type { Store } from "../run/store.ts";
import type { Session } from "../session.ts";
import { circuitSummary } from "../show.ts";
import type { Again, CircuitValue } from "../values.ts";
import { tellDoubts } from "./doubts.ts";
import { type Asked, keyOf, type Search, searchOf } from "./search.ts";

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
  const resume = async () =>
    void env.set(symbol, await findDeclared(asked, symbol, context, stopped.state));
  session.stopped = { symbol, resume };
  throw new StoppedError(`stopped: \`${search.label}\` is what was found so far`, true);
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
  const { host, store } = session;
  const { about, model } = asked;
  if (store === undefined) return await search(asked, session, asked.label, {}, state);
  const run = await session.run();
  const key = await keyOf(asked);
  const label = run?.nameFor(asked.label, key) ?? asked.label;
  const earlier = async (): Promise<Found | null> => {
    const found = await store.circuit(key, model.universe);
    if (found === null) return null;
    const circuit = named(found.circuit, asked, session);
    for (const step of found.steps) run?.record(label, step);
    await run?.keep(label, circuit, key);
    host.note(`${label}: ${circuitSummary(circuit)}, found by an earlier run`);
    if (found.remark) host.note(`note: ${label}: ${found.remark}`);
    return { value: { ...about, circuit } };
  };
  const found = await earlier();
  if (found !== null) return found;

  const lease = await store.own(
    key,
    host.signal(),
    () => host.note(`${label}: another run finds it, and this one waits`),
  );
  if (lease === null) throw new StoppedError(`stopped: \`${label}\` is being found by another run`);
  try {
    // The other run may have found it meanwhile.
    return await earlier() ?? await search(asked, session, label, { run, store, key }, state);
  } finally {
    await lease.release();
  }
}

/** Places that a search's results go to. */
interface Keeping {
  readonly run?: RunFolder | null;
  readonly store?: Store;
  readonly key?: string;
}

async function search(
  asked: Search,
  session: Session,
  label: string,
  { run, store, key = "" }: Keeping,
  state: unknown,
): Promise<Found> {
  const { host } = session;
  const { place, method, options, model, task, places, ablation, about, resample } = asked;
  const { name, corruption, metric } = task;
  const prepared = async () => {
    const masked = await session.masked(model, place);
    const means = isMean(ablation) ? task : null;
    const all = await session.prepared(model, task, "train", ablation, means, place);
    const train = someOf(all, places);
    await at(place, () => tellDoubts({ ...asked, label }, masked, train, session));
    return { masked, train };
  };
  const input = methods[method].needs === "examples"
    ? { ...await prepared(), task: name, corruption, metric }
    : { masked: { model: model.model, universe: model.universe }, plan: model.plan };
  const signal = host.signal();
  const earlier = await store?.state(key) ?? null;
  const kept = isStateOf(method, earlier?.state) ? earlier : null;
  if (state === undefined && kept !== null) {
    host.note(`${label}: goes on from where an earlier run was stopped`);
  }
  // The steps of the whole search, whichever run made them.
  const steps: DiscoveryStep[] = [...kept?.steps ?? []];
  for (const step of steps) run?.record(label, step);
  const checkpoints = store && checkpointsOf(store, key, steps);
  const hooks = {
    signal,
    onState: checkpoints?.offer,
    onCleanUp: (progress: CleanUpProgress) => host.progress(cleanUpProgress(label, progress)),
    onStep: (step: DiscoveryStep) => {
      host.progress(progressOf(label, step));
      steps.push(step);
      run?.record(label, step);
    },
  };
  const begin = state ?? kept?.state;
  const found = await at(place, () => discover(method, input, options, hooks, begin))
    .finally(() => host.progressDone());
  const { provenance } = found.circuit;
  const circuit = named(
    resample === undefined ? found.circuit : {
      ...found.circuit,
      provenance: { ...provenance, options: { ...provenance.options, resample } },
    },
    asked,
    session,
  );
  await run?.keep(label, circuit, key);
  if (!found.stopped) {
    await store?.keepCircuit(key, {
      circuit,
      steps,
      ...((found.undecided ?? found.note) && { remark: found.undecided ?? found.note }),
    });
    await checkpoints?.remove();
  } else if (found.state !== undefined) await checkpoints?.write(found.state);
  host.note(`${label}: ${circuitSummary(circuit)}, ${found.note ?? takenText(found)}`);
  if (found.undecided) host.note(`note: ${label}: ${found.undecided}`);
  return {
    value: { ...about, circuit },
    ...(found.stopped && { stopped: { state: found.state } }),
  };
}

/** The circuit with the names that this declaration has for it, which decide nothing. */
function named(
  circuit: Circuit,
  { name, method, model, task, about, ablation }: Search,
  session: Session,
): Circuit {
  const runsModel = methods[method].needs === "examples";
  const { provenance } = circuit;
  return {
    ...circuit,
    provenance: {
      ...underAblation(provenance, ablation, {
        ...meansOf(circuit),
        ...(about.task && { mean_over: `${about.task.name}.train` }),
      }),
      ...(about.task === undefined ? { task: undefined, corruption: undefined } : {
        task: about.task.name,
        corruption: runsModel ? task.corruption : about.corruption?.name,
      }),
      name,
      ...(provenance.model && { model: { ...provenance.model, name: model.name } }),
      ...(session.script && { script: session.script }),
    },
  };
}

/** Cost, and the edges that were taken. */
function takenText(found: Discovery): string {
  const { raw, reachable, beforeCleanUp } = found;
  const onPath = beforeCleanUp ?? reachable;
  const dropped = raw - onPath;
  return `${costText(found)}; of ${raw} edges taken, ${onPath} lie on a path ` +
    `from the input to the logits` +
    (dropped === 0 ? "" : ` and ${dropped} ${dropped === 1 ? "was" : "were"} dropped`) +
    (beforeCleanUp === undefined ? "" : `; a clean-up by measurement left ${reachable}`);
}

/** Steps, seconds, and examples through the model: costs by which methods compare on any machine. */
function costText({ steps, cost }: Discovery): string {
  const count = (number: number, what: string) => `${number.toLocaleString("en")} ${what}`;
  return `${count(steps.length, steps.length === 1 ? "step" : "steps")} in ${
    cost.seconds.toFixed(1)
  } s (${count(cost.forward, "forward passes")}, ${count(cost.gradient, "with gradients")})`;
}

const objectiveText = (
  { loss, objective: { name, value } }: Pick<DiscoveryStep, "loss" | "objective">,
): [string, string] =>
  name === "kl" ? ["KL", Math.max(0, loss).toPrecision(3)] : [name, value.toPrecision(3)];

function cleanUpProgress(label: string, progress: CleanUpProgress): Progress {
  const { stage, done, all, edges, measured } = progress;
  return {
    label: `${label} ${stage === "removal" ? "removes edges" : "exchanges edges"}`,
    step: done,
    steps: all,
    unit: stage === "removal" ? "edges" : "exchanges",
    values: [
      objectiveText(progress),
      ["edges", edges.toLocaleString("en")],
      ["measured", measured.toLocaleString("en")],
    ],
  };
}

function progressOf(label: string, step: DiscoveryStep): Progress {
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  return {
    label,
    step: step.step,
    steps: step.steps,
    values: [
      objectiveText(step),
      ["sparsity", `${percent(step.expectedSparsity)} of ${percent(step.targetSparsity)}`],
    ],
  };
}
