/**
 * Searches: declarations of circuits with `find`, as records.
 *
 * @module
 */
import { unknownTruth } from "../../../runtime/discovery/error.ts";
import { type MethodName, methods } from "../../../runtime/discovery/mod.ts";
import { nameOfMetric } from "../../../runtime/evaluation/mod.ts";
import type { Ablation } from "../../../runtime/stream/mod.ts";
import type { Task } from "../../../runtime/tasks/mod.ts";
import { type Context, labelled } from "../context.ts";
import { resampled } from "../../../runtime/evaluation/intervals.ts";
import { at, located, type Place } from "../error.ts";
import type { Asked } from "./asked.ts";
import { type Options, optionsOf } from "./options.ts";
import { hashOfText } from "../../../base/hash.ts";
import type { CircuitValue, ModelValue } from "../values.ts";

export interface Search {
  readonly name: string;
  /** The name in a run's folder: the circuit's, with the point of a sweep. */
  readonly label: string;
  readonly place: Place;
  readonly method: MethodName;
  readonly options: Options;
  readonly model: ModelValue;
  readonly task: Task;
  /**
   * Places of the training examples that the method looks at, which may hold one several times; none for a method that
   * needs no prompts.
   */
  readonly places: readonly number[];
  /** Number of the bootstrap sample that they are, where they are one. */
  readonly resample?: number;
  readonly ablation: Ablation;
  /** Model, task and corruption that the found circuit belongs to. */
  readonly about: Omit<CircuitValue, "circuit">;
}

/** Stands for the task of a method that needs none. */
const noTask: Task = {
  name: "none",
  corruption: "none",
  examples: { train: [], validation: [], test: [] },
  metric: "logit_difference",
};

export async function searchOf(asked: Asked, context: Context): Promise<Search> {
  const { name, place, model, task, corruption, method, ablation, resample } = asked;
  const { session, effects } = context;
  const { needs } = methods[method];
  if (needs === "program" && model.plan === undefined) {
    throw located(place, unknownTruth(model.name));
  }
  const options = await at(place, () => optionsOf(asked));
  const examples = task && needs !== "program"
    ? await session.task(model, task, corruption ?? null, place)
    : noTask;
  const { examples: count } = asked;
  const all = examples.examples.train;
  const label = labelled(name, context);
  if (count !== undefined && count > all.length) {
    effects.note(`${label}: \`examples ${count}\`, and there are ${all.length}`, context);
  }
  const first = Array.from(all.slice(0, count).keys());
  return {
    name,
    label,
    place,
    method,
    options,
    model,
    task: examples,
    places: resample === undefined ? first : resampled(first, resample),
    ...(resample !== undefined && { resample }),
    ablation,
    about: {
      kind: "circuit",
      model,
      ...(task && { task }),
      ...(corruption && { corruption }),
      ablation,
    },
  };
}

/**
 * Stands for everything that decides what is found: the method and its options, the model's weights, how edges are counted,
 * and the examples, token by token. The same key, the same circuit.
 */
export async function keyOf(search: Search): Promise<string> {
  const { method, options, ablation, model, task, places, place } = search;
  const { train } = task.examples;
  const tokens = places.map((i) => {
    const { cleanTokens, corruptedTokens, answers, wrong } = train[i];
    return [cleanTokens, corruptedTokens, answers, wrong];
  });
  // Means are over all training examples, whichever of them the method looks at.
  const means = ablation.startsWith("mean")
    ? train.map(({ corruptedTokens }) => corruptedTokens)
    : undefined;
  const text = JSON.stringify(
    {
      method,
      options,
      ablation,
      model: await at(place, () => model.model.hash()),
      convention: model.universe.convention,
      metric: nameOfMetric(task.metric),
      tokens,
      means,
    },
    (_, value) => ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value,
  );
  return await hashOfText(text);
}
