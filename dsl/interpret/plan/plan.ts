/**
 * What a script would do: models, universes, examples, passes and memory, without computing anything.
 *
 * The script runs as it would, statement by statement, but discoveries and measurements are noted and not made, and
 * nothing is shown or written.
 *
 * @module
 */
import { Memo } from "../../../base/memo.ts";
import { type Circuit, makeCircuit, type Universe } from "../../../runtime/circuits/mod.ts";
import { budgetOf, type Keep } from "../../../runtime/discovery/mod.ts";
import { passesOf } from "../../../runtime/discovery/passes.ts";
import { chooseDevice, type DeviceChoice } from "../../../runtime/engine/mod.ts";
import { boundOfMeasures, passesOfMeasures } from "../../../runtime/evaluation/passes.ts";
import { memoryEstimate } from "../../../runtime/stream/memory.ts";
import { defaultStreamOptions } from "../../../runtime/stream/mod.ts";
import type { Split, Task } from "../../../runtime/tasks/mod.ts";
import type { Expression, Program, Statement } from "../../syntax/tree.ts";
import type { Source } from "../../text/source.ts";
import type { Context } from "../context.ts";
import type { Host } from "../host.ts";
import type { Planner } from "../planner.ts";
import { runProgram } from "../run.ts";
import { finishedCircuit } from "../run/folder.ts";
import { keyOf, labelled, searchOf } from "../circuit/search.ts";
import { openSession } from "../session.ts";
import type { ModelValue } from "../values.ts";
import type { PlanStep } from "./steps.ts";

type Step = Omit<PlanStep, "device">;

export interface PlanOptions {
  readonly device: DeviceChoice;
  /** `runs/NAME`, where results of earlier runs are looked for. */
  readonly runs: string;
  /** Gets the texts of scripts that are imported, for diagnostics. */
  readonly sources?: Source[];
}

/**
 * The steps of a script, in order; those of a sweep once for each point.
 *
 * @throws {ScriptError} for what is wrong with the script and shows only when it runs
 */
export async function planOf(
  program: Program,
  source: Source,
  folder: string,
  { device, runs, sources = [] }: PlanOptions,
): Promise<PlanStep[]> {
  const steps: Step[] = [];
  const session = openSession({ host: silent, device, planner: plannerInto(steps, runs) });
  try {
    await runProgram(program, source, folder, session);
  } finally {
    sources.push(...session.sources);
    await session.close();
  }
  const { provider } = await chooseDevice(device);
  return steps.map((step) => ({ ...step, device: provider }));
}

const silent: Host = {
  table: () => {},
  text: () => {},
  note: () => {},
  progress: () => {},
  progressDone: () => {},
  signal: () => new AbortController().signal,
};

/** A planner that adds what it is told to a list. */
function plannerInto(steps: Step[], runs: string): Planner {
  let doing: { readonly what: string; readonly by: string } | undefined;
  /** Places in the list of what the statement at hand measures, by model, examples and split. */
  let measured = new Memo<{ readonly place: number }>();
  /** Examples whose corrupted runs and targets are computed, which happens once. */
  const prepared = new Memo<Task>();
  const preparing = (model: ModelValue, task: Task, split: Split, ablation: string) => {
    if (prepared.find(model, task, split, ablation)) return 0;
    prepared.set([model, task, split, ablation], task);
    return 2 * task.examples[split].length;
  };
  return {
    begin(statement, context) {
      doing = namesOf(statement, context);
      measured = new Memo();
    },

    async find(declaration, context) {
      const search = await searchOf(declaration, context);
      const { label, method, options, model, task, places, ablation, about } = search;
      const { universe } = model;
      const known = await finishedCircuit(runs, await keyOf(search), universe);
      const passes = passesOf(method, options, { examples: places.length, universe });
      const batch = Math.min(defaultStreamOptions.batch, (options.batch as number) ?? Infinity);
      steps.push({
        ...occasionOf(model, task, "train", batch, true),
        examples: places.length,
        what: label,
        there: known !== null,
        by: method,
        forward: passes.forward + preparing(model, task, "train", ablation),
        backward: passes.gradient,
        bound: passes.bound,
      });
      const circuit = known ?? circuitOfSize(universe, sizeOf(options, universe));
      return { ...about, circuit };
    },

    measure({ value, metrics, examples, split }) {
      const { model, circuit, ablation = "interchange" } = value;
      if (model === undefined || doing === undefined) return;
      const count = examples.examples[split].length;
      const forward = count * passesOfMeasures(circuit, metrics, examples.metric) +
        preparing(model, examples, split, ablation);
      const bound = boundOfMeasures(metrics);
      const where = occasionOf(model, examples, split, defaultStreamOptions.batch, false);
      const same = measured.find(model, examples, split);
      if (same === undefined) {
        measured.set([model, examples, split], { place: steps.length });
        steps.push({ ...where, ...doing, there: false, forward, backward: 0, bound });
      } else {
        const before = steps[same.place];
        steps[same.place] = {
          ...before,
          forward: before.forward + forward,
          bound: before.bound === "exactly" ? bound : before.bound,
        };
      }
    },
  };
}

/** What a statement that measures circuits is called in the plan, and by which circuits. */
function namesOf(
  statement: Statement,
  context: Context,
): { readonly what: string; readonly by: string } | undefined {
  const { scope } = context;
  const listed = (circuits: readonly Expression[]) =>
    circuits.map((circuit) => scope.written(circuit)).join(", ");
  switch (statement.kind) {
    case "PlotStatement":
      return { what: labelled("plot", context), by: listed(statement.circuits) };
    case "ExpectStatement":
      return { what: labelled("expect", context), by: scope.written(statement.condition) };
    case "ShowStatement":
    case "SaveStatement":
    case "LetStatement": {
      const { value } = statement;
      if (value.kind === "EvaluateQuery" || value.kind === "CompareQuery") {
        const what = value.kind === "EvaluateQuery" ? "evaluate" : "compare";
        return { what: labelled(what, context), by: listed(value.circuits) };
      }
      return { what: labelled("measure", context), by: scope.written(value) };
    }
  }
}

/** How many edges a discovery would keep; all of them where only the discovery can tell. */
function sizeOf(options: Readonly<Record<string, unknown>>, universe: Universe): number {
  const { keep, edgeSparsity, threshold } = options as {
    readonly keep?: Keep;
    readonly edgeSparsity?: { readonly to: number };
    readonly threshold?: number | null;
  };
  if (typeof threshold === "number") return universe.edgeCount;
  if (keep !== undefined) {
    return typeof keep === "object" && "above" in keep
      ? universe.edgeCount
      : budgetOf(keep, universe);
  }
  return edgeSparsity === undefined
    ? universe.edgeCount
    : Math.round(universe.edgeCount * (1 - edgeSparsity.to));
}

/** Stands for a circuit that is not found yet. */
function circuitOfSize(universe: Universe, size: number): Circuit {
  const edges = Array.from({ length: size }, (_, edge) => edge);
  const scores = new Float32Array(universe.edgeCount).map((_, edge) => -edge);
  return makeCircuit(universe, edges, scores, { expression: "planned" });
}

/** What a computation is computed on. */
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
