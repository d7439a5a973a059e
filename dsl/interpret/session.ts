/** Sessions of a script or a prompt: names, the engine, and values that are computed once. @module */
import { join } from "node:path";
import { Memo } from "../../base/memo.ts";
import { Recent } from "../../base/recent.ts";
import { chooseDevice, type DeviceChoice } from "../../runtime/engine/mod.ts";
import {
  type Ablation,
  type Engine,
  type MaskedModel,
  openEngine,
  openMasked,
  type PreparedExamples,
} from "../../runtime/stream/mod.ts";
import { type Model, openModel } from "../../runtime/models/mod.ts";
import {
  type CompiledProgram,
  compileProgram,
  type RaspProgram,
  writeProgram,
} from "../../runtime/programs/mod.ts";
import type { Split, Task } from "../../runtime/tasks/mod.ts";
import type { CheckedProgram } from "../check/check.ts";
import type { Symbol } from "../check/symbols.ts";
import type { Measured } from "./effects.ts";
import { at, type Place } from "./error.ts";
import { type Env, openEnv } from "./env.ts";
import { makeExamples } from "./examples.ts";
import type { Host } from "./host.ts";
import type { RunFolder } from "./run/folder.ts";
import type { Store } from "./run/store.ts";
import type { CorruptionValue, ModelValue, TaskValue, Value } from "./values.ts";

export interface Session {
  readonly host: Host;
  /** Values of names, by declaration. */
  readonly env: Env;
  /** Hash of the script as it runs; undefined at a prompt. */
  readonly script?: string;
  /** The value that was last shown. */
  last: Value | undefined;
  /** The circuit whose discovery was stopped last, and the function that resumes it; null when there is none. */
  stopped: { readonly symbol: Symbol; resume(): Promise<void> } | null;
  /** Places of expectations that did not hold: `ioi.circ:42`. */
  readonly failed: string[];
  /** Scripts that were imported, each by the effects that it was executed with. */
  readonly imported: Memo<CheckedProgram>;
  /** Training examples that doubts were looked for on: by model, task, ablation and number. */
  readonly looked: Memo<{ readonly label: string }>;
  /** Metrics that were measured before: by circuit, model, examples, split, ablation, its means and metric. */
  readonly measured: Memo<Measured>;
  /** Results of this run and of earlier ones; undefined where none are kept. */
  readonly store?: Store;
  /** Folder of the run, made at its first use; null at a prompt. */
  run(): Promise<RunFolder | null>;
  /** The device asked for, and the one that computes, where one does. */
  readonly device: DeviceChoice;
  readonly provider?: Engine["provider"];
  /** Fails where the device asked for cannot be used, without opening it. */
  deviceThere(): Promise<void>;
  /** Computes on another device from now on. */
  use(device: DeviceChoice): Promise<void>;
  /** The engine, opened on first use, when the host is given the choice of device. */
  engine(): Promise<Engine>;
  masked(model: ModelValue, place: Place): Promise<MaskedModel>;
  /** A task's examples as a model's tokens. */
  task(
    model: ModelValue,
    task: TaskValue,
    corruption: CorruptionValue | null,
    place: Place,
  ): Promise<Task>;
  /**
   * A split's examples with everything that no mask changes, which is another thing for every ablation.
   *
   * @param means the task whose training examples a mean ablation's values are over
   */
  prepared(
    model: ModelValue,
    task: Task,
    split: Split,
    ablation: Ablation,
    means: Task | null,
    place: Place,
  ): Promise<PreparedExamples>;
  /** The model of a folder, or of the hub, whose files come down first. `from` is as the script has it. */
  openModel(from: string, path: string, name: string): Promise<Model>;
  compile(program: RaspProgram): CompiledProgram;
  openProgram(program: CompiledProgram, name: string): Promise<Model>;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** The script is rehearsed before it runs: files that both read are read once. */
  readonly rehearses?: boolean;
  readonly host: Host;
  readonly device: DeviceChoice;
  readonly store?: Store;
  readonly run?: () => Promise<RunFolder>;
  readonly script?: string;
}

/** Everything that is tied to an engine, and goes with it. */
interface Computing {
  readonly engine: Promise<Engine>;
  readonly masked: Memo<Promise<MaskedModel>>;
  /** A sweep may declare a task for each point, whose examples nothing asks for after it. */
  readonly prepared: Recent<{
    readonly masked: MaskedModel;
    readonly prepared: PreparedExamples;
  }>;
}

/** Sets of prepared examples that an engine holds at a time. */
const MOST_PREPARED = 12;

/** Opens a session. Nothing is loaded until a statement needs it. */
export function openSession(
  { host, device, store, run, script, rehearses = false }: SessionOptions,
): Session {
  let asked = device;
  let provider: Engine["provider"] | undefined;
  let tried: Promise<unknown> | undefined;
  let computing: Computing | undefined;
  let folder: Promise<RunFolder> | undefined;
  let temporary: Promise<string> | undefined;
  const tasks = new Memo<Promise<Task>>();
  const models = new Memo<Promise<Model>>();
  const programs = new Memo<CompiledProgram>();
  const contents = new Memo<readonly unknown[]>();

  const compute = (): Computing => {
    if (computing !== undefined) return computing;
    const started: Computing = {
      engine: openAndTell(asked, host),
      masked: new Memo(),
      prepared: new Recent(MOST_PREPARED, ({ masked, prepared }) => masked.forget(prepared)),
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

  /** Keys of a task's examples: all that decides them, or the declaration where that is files, which may change. */
  const contentOf = (task: TaskValue, corruption: CorruptionValue | null): readonly unknown[] =>
    contents.get([task, corruption], () => {
      const { source } = task;
      if (source.kind === "data" && !rehearses) return [task];
      const text = JSON.stringify([source.definition, corruption?.definition]);
      return [source.kind, text, ...(source.kind === "program" ? [source.plan] : [])];
    });

  const session: Session = {
    host,
    env: openEnv(),
    ...(script === undefined ? {} : { script }),
    ...(store === undefined ? {} : { store }),
    last: undefined,
    stopped: null,
    failed: [],
    imported: new Memo(),
    looked: new Memo(),
    measured: new Memo(),
    get device() {
      return asked;
    },
    get provider() {
      return provider;
    },
    deviceThere: async () => {
      // `auto` finds one everywhere.
      if (asked !== "auto") await (tried ??= chooseDevice(asked));
    },
    use: async (device) => {
      await stop();
      asked = device;
    },
    run: async () => run === undefined ? null : await (folder ??= run()),
    engine: async () => {
      const engine = await compute().engine;
      provider = engine.provider;
      return engine;
    },
    masked: (model, place) =>
      compute().masked.get([model], async () => {
        const engine = await session.engine();
        const { convention } = model.universe;
        return await at(place, () => openMasked(engine, model.model, { convention }));
      }),
    task: (model, task, corruption, place) =>
      tasks.get([model.model, model.plan, ...contentOf(task, corruption)], async () => {
        const made = await makeExamples(model, task, corruption, place, host);
        for (const note of made.notes ?? []) host.note(`note: ${task.name}: ${note}`);
        return made;
      }),
    prepared: async (model, task, split, ablation, means, place) => {
      const masked = await session.masked(model, place);
      const found = await compute().prepared.get(
        [model, task, split, ablation, means],
        async () => {
          const examples = task.examples[split];
          const label = `${task.name}.${split}`;
          const show = (step: number) =>
            host.progress({ label, step, steps: examples.length, unit: "examples", values: [] });
          const over = means?.examples.train;
          const prepared = await masked.prepare(examples, show, ablation, over)
            .finally(() => host.progressDone());
          return { masked, prepared };
        },
      );
      return found.prepared;
    },
    openModel: (from, path, name) => {
      const open = () => openSource(from, path, name, host);
      // At a prompt a folder may have changed since it was opened.
      return rehearses ? models.get([from, path, name], open) : open();
    },
    compile: (program) => programs.get([JSON.stringify(program)], () => compileProgram(program)),
    openProgram: (program, name) =>
      models.get([program, name], async () => {
        temporary ??= Deno.makeTempDir({ prefix: "circ-" });
        const folder = join(await temporary, `${name}-${crypto.randomUUID()}`);
        await writeProgram(program, folder);
        return await openModel(folder, { name });
      }),
    close: async () => {
      await stop();
      if (temporary !== undefined) {
        await Deno.remove(await temporary, { recursive: true }).catch(() => {});
      }
    },
  };
  return session;
}

/** Opens a folder, or a model of the hub, whose files come down first. */
async function openSource(from: string, path: string, name: string, host: Host): Promise<Model> {
  if (!from.startsWith("hub:")) return await openModel(path, { name });
  try {
    return await openModel(from, {
      onNote: (note) => host.note(`note: ${note}`),
      onProgress: ({ file, received, size }) =>
        host.progress({
          label: from,
          unit: "MB",
          step: Math.round(received / 1e6),
          steps: Math.round(size / 1e6),
          values: [["file", file]],
        }),
    });
  } finally {
    host.progressDone();
  }
}

async function openAndTell(device: DeviceChoice, host: Host): Promise<Engine> {
  const engine = await openEngine({ device });
  host.note(`device: ${engine.provider} (${engine.reason})`);
  return engine;
}
