/**
 * What lasts while a script or a prompt runs: names, the engine, and everything worth computing once.
 *
 * @module
 */
import type { DeviceChoice } from "../../runtime/engine/mod.ts";
import {
  type Ablation,
  type Engine,
  type MaskedModel,
  openEngine,
  openMasked,
  type PreparedExamples,
} from "../../runtime/stream/mod.ts";
import type { Interval } from "../../runtime/evaluation/mod.ts";
import type { Split, Task } from "../../runtime/tasks/mod.ts";
import type { Source } from "../text/source.ts";
import { Memo } from "../../base/memo.ts";
import { at, type Place } from "./error.ts";
import { makeExamples } from "./examples.ts";
import type { Host } from "./host.ts";
import type { Planner } from "./planner.ts";
import type { RunFolder } from "./run/folder.ts";
import type { CorruptionValue, ModelValue, TaskValue, Value } from "./values.ts";

export interface Session {
  readonly host: Host;
  /** Stands in for what takes long, when the script is planned and not run. */
  readonly planner?: Planner;
  readonly names: Map<string, Value>;
  /** Hash of the script as it runs; undefined at a prompt. */
  readonly script?: string;
  /** The value that was last shown. */
  last: Value | undefined;
  /** Goes on with the discovery that was stopped last; null when there is none. */
  stopped: (() => Promise<void>) | null;
  /** Where expectations were that did not hold: `ioi.circ:42`. */
  readonly failed: string[];
  /** Scripts that were imported, by path. */
  readonly imported: Set<string>;
  /** Their texts, for diagnostics. */
  readonly sources: Source[];
  /** Metrics that were measured before: by circuit, model, examples, split, ablation and metric. */
  readonly measured: Memo<Partial<Interval> & { readonly value: number }>;
  /** Where results are kept, made on first use; null at a prompt. */
  run(): Promise<RunFolder | null>;
  /** The device asked for. */
  readonly device: DeviceChoice;
  /** Computes on another device from now on. */
  use(device: DeviceChoice): Promise<void>;
  /** The engine, opened on first use; the choice of device is told then. */
  engine(): Promise<Engine>;
  masked(model: ModelValue, place: Place): Promise<MaskedModel>;
  /** A task's examples as a model's tokens. */
  task(
    model: ModelValue,
    task: TaskValue,
    corruption: CorruptionValue | null,
    place: Place,
  ): Promise<Task>;
  /** A split's examples with everything that no mask changes, which is another thing for every ablation. */
  prepared(
    model: ModelValue,
    task: Task,
    split: Split,
    ablation: Ablation,
    place: Place,
  ): Promise<PreparedExamples>;
  /** A folder for models that are made from programs; it goes with the session. */
  temporary(): Promise<string>;
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly host: Host;
  readonly device: DeviceChoice;
  readonly run?: () => Promise<RunFolder>;
  readonly script?: string;
  readonly planner?: Planner;
}

/** Everything that is tied to an engine, and goes with it. */
interface Computing {
  readonly engine: Promise<Engine>;
  readonly masked: Memo<Promise<MaskedModel>>;
  readonly prepared: Memo<Promise<PreparedExamples>>;
}

/** Opens a session. Nothing is loaded until a statement needs it. */
export function openSession({ host, device, run, script, planner }: SessionOptions): Session {
  let asked = device;
  let computing: Computing | undefined;
  let folder: Promise<RunFolder> | undefined;
  let temporary: Promise<string> | undefined;
  const tasks = new Memo<Promise<Task>>();

  const compute = (): Computing => {
    if (planner) throw new Error("Cannot compute anything while a script is planned");
    if (computing !== undefined) return computing;
    const started: Computing = {
      engine: openAndTell(asked, host),
      masked: new Memo(),
      prepared: new Memo(),
    };
    // An engine that could not be opened is asked for again, perhaps on another device.
    started.engine.catch(() => computing = undefined);
    return computing = started;
  };
  const stop = async () => {
    const stopped = computing;
    computing = undefined;
    await (await stopped?.engine.catch(() => null))?.close();
  };

  const session: Session = {
    host,
    ...(planner && { planner }),
    names: new Map(),
    ...(script === undefined ? {} : { script }),
    last: undefined,
    stopped: null,
    failed: [],
    imported: new Set(),
    sources: [],
    measured: new Memo(),
    get device() {
      return asked;
    },
    use: async (device) => {
      await stop();
      asked = device;
    },
    run: async () => run === undefined ? null : await (folder ??= run()),
    engine: () => compute().engine,
    masked: (model, place) =>
      compute().masked.get([model], async () => {
        const engine = await session.engine();
        const { convention } = model.universe;
        return await at(place, () => openMasked(engine, model.model, { convention }));
      }),
    task: (model, task, corruption, place) =>
      tasks.get([model, task, corruption], async () => {
        const made = await makeExamples(model, task, corruption, place, host);
        for (const note of made.notes ?? []) host.note(`note: ${task.name}: ${note}`);
        return made;
      }),
    prepared: (model, task, split, ablation, place) =>
      compute().prepared.get([model, task, split, ablation], async () => {
        const masked = await session.masked(model, place);
        const examples = task.examples[split];
        const label = `${task.name}.${split}`;
        const show = (step: number) =>
          host.progress({ label, step, steps: examples.length, unit: "examples", values: [] });
        return await masked.prepare(examples, show, ablation).finally(() => host.progressDone());
      }),
    temporary: () => temporary ??= Deno.makeTempDir({ prefix: "circ-" }),
    close: async () => {
      await stop();
      if (temporary !== undefined) {
        await Deno.remove(await temporary, { recursive: true }).catch(() => {});
      }
      (await folder?.catch(() => null))?.close();
    },
  };
  return session;
}

async function openAndTell(device: DeviceChoice, host: Host): Promise<Engine> {
  const engine = await openEngine({ device });
  host.note(`device: ${engine.provider} (${engine.reason})`);
  return engine;
}
