/**
 * Dry runs: models, universes, examples, passes and memory of a script, without computing anything.
 *
 * The statements are carried out in order, but discoveries and measurements are noted in place of being made, and nothing is
 * shown or written.
 *
 * @module
 */
import { Memo } from "../../../base/memo.ts";
import { methods } from "../../../runtime/discovery/mod.ts";
import { passesOf } from "../../../runtime/discovery/passes.ts";
import { type Ablation, ablationOf, isMean } from "../../../runtime/circuits/mod.ts";
import { chooseDevice, type DeviceChoice } from "../../../runtime/engine/mod.ts";
import { passesOfMeasures } from "../../../runtime/evaluation/mod.ts";
import { memoryEstimate } from "../../../runtime/stream/memory.ts";
import { defaultStreamOptions } from "../../../runtime/stream/mod.ts";
import type { Split, Task } from "../../../runtime/tasks/mod.ts";
import type { CheckedStatement } from "../../check/check.ts";
import type { CheckResult } from "../../check/files.ts";
import type { CheckedExpression } from "../../check/program.ts";
import { plannedCircuit } from "../circuit/planned.ts";
import { keyOf } from "../circuit/search.ts";
import { type Context, labelled } from "../context.ts";
import { type Effects, nothing } from "../effects.ts";
import { deferredIn } from "../deferred.ts";
import { execute } from "../interpreter.ts";
import { keysOf } from "../measure/key.ts";
import { openStore } from "../run/store.ts";
import { silent } from "../host.ts";
import { openSession } from "../session.ts";
import type { ModelValue } from "../values.ts";
import type { PlanStep } from "./steps.ts";

type Step = Omit<PlanStep, "device">;

/** Options of {@linkcode planScript}. */
export interface PlanOptions {
  /** The device that would compute. */
  readonly device: DeviceChoice;
  /** Folder of earlier runs, whose results are taken up. */
  readonly runs: string;
}

/**
 * The steps of a script that was checked without errors, in order; those of a sweep once for each point. Models, tasks and
 * files are opened, and nothing is computed.
 *
 * @throws {ScriptError} if a model, task or file of the script is wrong
 *
 * @example
 * ```ts
 * const file = "examples/demo.circ";
 * const steps = await planScript(checkFile(file), { device: "cpu", runs: "runs" });
 * console.log(steps.map(({ what, forward, backward }) => [what, forward, backward]));
 * ```
 */
export async function planScript(
  { checked: { program } }: Pick<CheckResult, "checked">,
  { device, runs }: PlanOptions,
): Promise<PlanStep[]> {
  const steps: Step[] = [];
  const session = openSession({ host: silent, device });
  const effects = planning(steps, runs);
  const defers = deferredIn(program);
  const { env } = session;
  try {
    for (const statement of program.statements) {
      await execute(statement, program, { session, effects, env, defers });
    }
  } finally {
    await session.close();
  }
  const { provider } = await chooseDevice(device);
  return steps.map((step) => ({ ...step, device: provider }));
}

/** Effects that add a step to a list for what running would compute. */
function planning(steps: Step[], runs: string): Effects {
  const store = openStore({ runs, onlyReads: true, note: () => {} });
  let doing: { readonly what: string; readonly by: string } | undefined;
  /** Places in the list of what the statement at hand measures, by model, examples and split. */
  let measured = new Memo<{ readonly place: number }>();
  /** Examples whose corrupted runs and targets are computed, which happens once. */
  const prepared = new Memo<Task>();
  const preparing = (
    model: ModelValue,
    task: Task,
    split: Split,
    ablation: Ablation,
    means: Task | null,
  ) => {
    if (prepared.find(model, task, split, ablation, means)) return 0;
    prepared.set([model, task, split, ablation, means], task);
    const { length } = task.examples[split];
    const corrupted = ablation === "interchange" ? length : means?.examples.train.length ?? 0;
    return length + corrupted;
  };
  return {
    ...nothing,
    begin(statement, context) {
      doing = namesOf(statement, context);
      measured = new Memo();
    },

    async find(search) {
      const { label, method, options, model, task, places, ablation, about } = search;
      const { universe } = model;
      if (methods[method].needs === "program") {
        return { value: { ...about, circuit: await plannedCircuit(search) } };
      }
      const known = (await store.circuit(await keyOf(search), universe))?.circuit ?? null;
      const passes = passesOf(method, options, {
        examples: places.length,
        universe,
        prompts: places.map((place) => task.examples.train[place]),
        exactLengths: model.model.architecture.attention.mask === "full",
      });
      const batch = Math.min(defaultStreamOptions.batch, (options.batch as number) ?? Infinity);
      const meanOver = isMean(ablation) ? task : null;
      const runsModel = methods[method].needs === "examples";
      const first = runsModel ? preparing(model, task, "train", ablation, meanOver) : 0;
      steps.push({
        ...occasionOf(model, task, "train", batch, true),
        examples: places.length,
        what: label,
        there: known !== null,
        by: method,
        forward: passes.forward + first,
        backward: passes.gradient,
        bound: passes.bound,
        ...(passes.most && {
          most: { forward: passes.most.forward + first, backward: passes.most.gradient },
        }),
      });
      const circuit = known ?? await plannedCircuit(search);
      return { value: { ...about, circuit } };
    },

    async measure(measurement) {
      const { value, model, metrics, examples, split, means } = measurement;
      const { circuit } = value;
      const none = metrics.map(() => ({ value: 0, low: 0, high: 0 }));
      if (doing === undefined) return none;
      const count = examples.examples[split].length;
      const forward = count * passesOfMeasures(circuit, metrics, examples.metric) +
        preparing(model, examples, split, ablationOf(circuit), means);
      const where = occasionOf(model, examples, split, defaultStreamOptions.batch, false);
      const same = measured.find(model, examples, split);
      const keys = await keysOf(measurement);
      const kept = await Promise.all(keys.map((key) => store.measured(key)));
      const there = kept.every((each) => each !== null);
      if (same === undefined) {
        measured.set([model, examples, split], { place: steps.length });
        steps.push({ ...where, ...doing, there, forward, backward: 0, bound: "exactly" });
      } else {
        const before = steps[same.place];
        steps[same.place] = {
          ...before,
          there: before.there && there,
          forward: before.forward + forward,
        };
      }
      return none;
    },
  };
}

/** Name of a measuring statement in the plan, and its circuits. */
function namesOf(
  statement: CheckedStatement,
  context: Context,
): { readonly what: string; readonly by: string } | undefined {
  const { source } = context;
  const listed = (circuits: readonly CheckedExpression[]) =>
    circuits.map(source.written).join(", ");
  switch (statement.kind) {
    case "plot":
      return { what: labelled("plot", context), by: listed(statement.circuits) };
    case "expect":
      return { what: labelled("expect", context), by: source.written(statement.condition) };
    case "show":
    case "save":
    case "let": {
      const { value } = statement;
      if (value.kind === "evaluate" || value.kind === "compare") {
        return { what: labelled(value.kind, context), by: listed(value.circuits) };
      }
      return { what: labelled("measure", context), by: source.written(value) };
    }
  }
}

/** The model, task and examples of a computation. */
function occasionOf(
  model: ModelValue,
  task: Task,
  split: Split,
  batch: number,
  gradients: boolean,
) {
  const { universe } = model;
  const { embeddings, qkv } = universe.convention;
  const examples = task.examples[split];
  const tokens = examples.reduce((most, each) => Math.max(most, each.cleanTokens.length), 0);
  return {
    model: model.name,
    edges: universe.edgeCount,
    convention: `embeddings ${embeddings}, qkv ${qkv}`,
    task: examples.length === 0 ? "" : `${task.name}.${split} corrupted by ${task.corruption}`,
    examples: examples.length,
    tokens,
    memory: tokens === 0 ? 0 : memoryEstimate(model.model, universe, {
      batch,
      length: tokens,
      examples: examples.length,
      gradients,
    }).total,
  };
}
