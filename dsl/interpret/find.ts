/**
 * Runs a discovery method for a circuit's declaration.
 *
 * @module
 */
import { discover, type DiscoveryStep } from "../../runtime/discovery/mod.ts";
import type { Provenance } from "../../runtime/circuits/mod.ts";
import type { CircuitDeclaration } from "../syntax/tree.ts";
import { checkpointIn } from "./checkpoints.ts";
import type { Context } from "./context.ts";
import { at, fail } from "./error.ts";
import type { Progress } from "./host.ts";
import { wholeNumberOf } from "./lower/constant.ts";
import { fieldsOf } from "./lower/fields.ts";
import { ablationOf, methodOf, optionsOf } from "./methods.ts";
import type { Scope } from "./scope.ts";
import { circuitSummary } from "./show.ts";
import { modelOf, taskOf } from "./statements/circuit.ts";
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
  const { scope, session, point } = context;
  if (session.planner) return await session.planner.find(declaration, context);
  const { host } = session;
  const label = declaration.name.text + (point === undefined ? "" : ` (${point})`);
  const place = scope.place(declaration.name);
  const model = modelOf(declaration, context) ?? fail(place, "say in which model: `in NAME`");
  const { task, corruption } = taskOf(declaration, context);
  if (task === undefined) fail(place, "say for which task: `for TASK corrupted by CORRUPTION`");
  const method = methodOf(declaration, scope);
  const options = optionsOf(declaration, model, scope);
  const examples = await session.task(model, task, corruption ?? null, place);
  const ablation = ablationOf(declaration, scope);
  const about = {
    kind: "circuit",
    model,
    task,
    ...(corruption && { corruption }),
    ablation,
  } as const;
  const count = examplesUsed(declaration, scope);
  const key = await keyOfFind(declaration, context);
  // First the device, whose absence should leave no folder behind.
  await session.engine();
  const run = await session.run();
  const earlier = await run?.earlier(label, key, model.universe);
  if (earlier) {
    host.note(`${label}: ${circuitSummary(earlier)}, found by an earlier run`);
    return { ...about, circuit: earlier };
  }

  const masked = await session.masked(model, place);
  const prepared = await session.prepared(model, examples, "train", ablation, place);
  const train = { ...prepared, examples: prepared.examples.slice(0, count) };
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
  const { corruption: twins, metric } = examples;
  const input = { masked, train, task: task.name, corruption: twins, metric };
  const found = await at(place, () => discover(method, input, options, hooks, begin))
    .finally(() => host.progressDone());
  const provenance: Provenance = {
    ...found.circuit.provenance,
    name: declaration.name.text,
    ...(ablation !== "interchange" && {
      options: { ...found.circuit.provenance.options, ablation },
    }),
    ...(session.script && { script: session.script }),
  };
  const circuit = { ...found.circuit, provenance };
  await run?.keep(label, circuit, found.stopped ? null : key);
  if (!found.stopped) checkpoint?.remove();
  else if (found.state !== undefined) checkpoint?.write(found.state);
  const dropped = found.raw - found.reachable;
  host.note(
    `${label}: ${circuitSummary(circuit)}, ${found.steps.length} steps in ` +
      `${
        found.cost.seconds.toFixed(1)
      } s; of ${found.raw} edges taken, ${found.reachable} lie on a path ` +
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

/**
 * Stands for everything that decides what a declaration with `find` finds: its method, options, model, task
 * and corruption. The same key, the same circuit.
 */
export async function keyOfFind(
  declaration: CircuitDeclaration,
  context: Context,
): Promise<string> {
  const { scope } = context;
  const place = scope.place(declaration.name);
  const model = modelOf(declaration, context) ?? fail(place, "say in which model: `in NAME`");
  const { task, corruption } = taskOf(declaration, context);
  if (task === undefined) fail(place, "say for which task: `for TASK corrupted by CORRUPTION`");
  return await keyOf({
    method: methodOf(declaration, scope),
    options: optionsOf(declaration, model, scope),
    ablation: ablationOf(declaration, scope),
    examples: examplesUsed(declaration, scope) ?? null,
    model: await at(place, () => model.model.hash()),
    convention: model.universe.convention,
    task: task.source.kind === "program"
      ? { program: task.source.plan.program, definition: task.source.definition }
      : task.source,
    corruption: corruption?.definition ?? null,
  });
}

/** How many training examples a declaration asks for, where it says. */
export function examplesUsed(declaration: CircuitDeclaration, scope: Scope): number | undefined {
  const used = fieldsOf(declaration.fields).all("ValueField")
    .findLast(({ word }) => word === "examples")?.value;
  return used && wholeNumberOf(used, scope, 1, "`examples`");
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

/** Stands for everything that decides what is found. */
async function keyOf(decisive: unknown): Promise<string> {
  const text = JSON.stringify(
    decisive,
    (_, value) => ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value,
  );
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
