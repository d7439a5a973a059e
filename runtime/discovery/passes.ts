/** Costs of searches by the methods of the table, before they are made. @module */
import { defaultStreamOptions, masksPerPass } from "../stream/mod.ts";
import type { Passes, SearchSize } from "./cost.ts";
import { type MethodName, methodNamed, type OptionsOf } from "./mod.ts";

/**
 * The cost of a search, before it is made, as {@linkcode Cost} has it afterwards; preparing the examples not included.
 *
 * @throws {DiscoveryError} if an option is out of range
 */
export function passesOf<Name extends MethodName>(
  name: Name,
  options: OptionsOf<Name>,
  { batch = defaultStreamOptions.batch, examples, universe }:
    & Omit<SearchSize, "masksPerPass">
    & { readonly batch?: number },
): Passes {
  const method = methodNamed(name);
  const size = { examples, universe, masksPerPass: masksPerPass({ batch }, examples) };
  return method.passes(method.complete(options, universe), size);
}
