/** Searches: declarations of circuits with `find`, as records. @module */
import {
  type MethodName,
  methods,
  twoSizes,
  unknownTruth,
} from "../../../runtime/discovery/mod.ts";
import { nameOfMetric, resampled } from "../../../runtime/evaluation/mod.ts";
import type { Ablation } from "../../../runtime/stream/mod.ts";
import type { Task } from "../../../runtime/tasks/mod.ts";
import { type Context, labelled } from "../context.ts";
import { at, located, type Place } from "../error.ts";
import { type Given, givenOf, type Options, optionsOf, saidOptions } from "./options.ts";
import { isMean } from "../../../runtime/circuits/mod.ts";
import { hashOfText } from "../../../base/hash.ts";
import type { CheckedSearch, StatementOf } from "../../check/program.ts";
import { usedIn, valueOf } from "../operands.ts";
import { RESULTS_VERSION } from "../run/version.ts";
import { settle } from "../settle.ts";
import type { CircuitValue, ModelValue } from "../values.ts";

/** A declaration with `find` whose values are all known. Finding again with another seed is finding `{ ...asked, seed }`. */
export interface Asked {
  readonly name: string;
  readonly place: Place;
  readonly model: ModelValue;
  /** Model, task and corruption that the found circuit belongs to. */
  readonly about: Omit<CircuitValue, "circuit">;
  readonly method: MethodName;
  readonly ablation: Ablation;
  readonly seed: number;
  /** Number of training examples, and the bootstrap sample of them. */
  readonly examples: number | undefined;
  readonly resample: number | undefined;
  /** The options that fields name, in order. */
  readonly given: readonly Given[];
}

export function aboutOf(
  { model, task, corruption }: StatementOf<"circuit">,
  context: Context,
): Omit<CircuitValue, "circuit"> {
  const [forTask, by] = [usedIn("task", task, context), usedIn("corruption", corruption, context)];
  return {
    kind: "circuit",
    model: valueOf("model", model.symbol, context),
    ...(forTask && { task: forTask }),
    ...(by && { corruption: by }),
  };
}

export async function askedOf(
  checked: StatementOf<"circuit">,
  search: CheckedSearch,
  context: Context,
): Promise<Asked> {
  const { method, ablation } = search;
  const about = aboutOf(checked, context);
  const { model } = about;
  return {
    name: checked.symbol.name,
    place: context.source.place(checked.symbol),
    model,
    about,
    method,
    ablation,
    seed: await settle<number>(search.seed ?? 0, context),
    examples: await settle<number | undefined>(search.examples, context),
    resample: await settle<number | undefined>(search.resample, context),
    given: await givenOf(search.options, model, context),
  };
}

/** A search that is asked for, with its examples, and the options of its method. */
export interface Search extends Asked {
  /** The name in a run's folder: the circuit's, with the point of a sweep. */
  readonly label: string;
  readonly options: Options;
  readonly task: Task;
  /**
   * Places of the training examples that the method looks at, which may hold one several times; none for a method that
   * needs no prompts.
   */
  readonly places: readonly number[];
}

/** Stands for the task of a method that needs none. */
const noTask: Task = {
  name: "none",
  corruption: "none",
  examples: { train: [], validation: [], test: [] },
  metric: "logit_difference",
};

export async function searchOf(asked: Asked, context: Context): Promise<Search> {
  const { name, place, model, about: { task, corruption }, method, resample } = asked;
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
  const sizes = twoSizes(saidOptions(asked), model.universe);
  if (sizes) {
    effects.note(
      `${label}: \`keep\` says ${sizes.keep} edges and \`edge_sparsity\` ${sizes.schedule}: masks are trained towards ${sizes.keep}`,
      context,
    );
  }
  const first = Array.from(all.slice(0, count).keys());
  return {
    ...asked,
    label,
    options,
    task: examples,
    places: resample === undefined ? first : resampled(first, resample),
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
  const means = isMean(ablation) ? train.map(({ corruptedTokens }) => corruptedTokens) : undefined;
  const text = JSON.stringify(
    {
      version: RESULTS_VERSION,
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
