/** Costs of searches by the methods of the table, before they are made. @module */
import { defaultStreamOptions, masksPerPass } from "../stream/mod.ts";
import type { Example } from "../tasks/mod.ts";
import type { Drawing, Passes, SearchSize } from "./cost.ts";
import { type MethodName, methodNamed, type OptionsOf } from "./mod.ts";
import { batchesOf } from "./training/batches.ts";

type Prompts = readonly Pick<Example, "cleanTokens">[];

/**
 * The cost of a search, before it is made, as {@linkcode Cost} has it afterwards; preparing the examples not included.
 *
 * @throws {DiscoveryError} if an option is out of range
 */
export function passesOf<Name extends MethodName>(
  name: Name,
  options: OptionsOf<Name>,
  { batch = defaultStreamOptions.batch, examples, universe, prompts, exactLengths = false }:
    & Pick<SearchSize, "examples" | "universe">
    & {
      readonly batch?: number;
      /** The examples, which batches are drawn from; left out, their prompts are of one length. */
      readonly prompts?: Prompts;
      /** True for a model without padding, whose batches have prompts of one length. */
      readonly exactLengths?: boolean;
    },
): Passes {
  const method = methodNamed(name);
  const drawn = (training: Drawing) =>
    prompts === undefined
      ? training.steps * Math.min(training.batch, examples)
      : drawnOf(prompts, training, exactLengths);
  const size = { examples, universe, drawn, masksPerPass: masksPerPass({ batch }, examples) };
  return method.passes(method.complete(options, universe), size);
}

function drawnOf(prompts: Prompts, training: Drawing, exactLengths: boolean): number {
  if (prompts.length === 0) return 0;
  const batches = batchesOf(prompts, training, exactLengths);
  let drawn = 0;
  for (let step = 0; step < training.steps; step++) drawn += batches.next().value.length;
  return drawn;
}
