/**
 * A declaration with `find` whose values are all known: what a search is asked for.
 *
 * @module
 */
import type { MethodName } from "../../../runtime/discovery/mod.ts";
import type { Ablation } from "../../../runtime/stream/ablations.ts";
import type { CheckedCircuit, CheckedSearch } from "../../check/program.ts";
import type { Context } from "../context.ts";
import type { Place } from "../error.ts";
import { usedIn, valueOf } from "../operands.ts";
import { settle } from "../settle.ts";
import type { CorruptionValue, ModelValue, TaskValue } from "../values.ts";
import { type Given, givenOf } from "./options.ts";

/** Finding a circuit again with another seed is finding `{ ...asked, seed }`. */
export interface Asked {
  readonly name: string;
  readonly place: Place;
  readonly model: ModelValue;
  readonly task: TaskValue | undefined;
  readonly corruption: CorruptionValue | undefined;
  readonly method: MethodName;
  readonly ablation: Ablation;
  readonly seed: number;
  /** Number of training examples, and the bootstrap sample of them. */
  readonly examples: number | undefined;
  readonly resample: number | undefined;
  /** The options that fields name, in order. */
  readonly given: readonly Given[];
}

export async function askedOf(
  { symbol, model: inModel, task, corruption }: CheckedCircuit,
  search: CheckedSearch,
  context: Context,
): Promise<Asked> {
  const model = valueOf("model", inModel.symbol, context);
  return {
    name: symbol.name,
    place: context.source.place(symbol),
    model,
    task: usedIn("task", task, context),
    corruption: usedIn("corruption", corruption, context),
    method: search.method,
    ablation: search.ablation,
    seed: await settle<number>(search.seed ?? 0, context),
    examples: await settle<number | undefined>(search.examples, context),
    resample: await settle<number | undefined>(search.resample, context),
    given: await givenOf(search.options, model, context),
  };
}
