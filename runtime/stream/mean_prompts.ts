/** Prompts that the values of the mean ablations are over, as facts of a circuit that was found with them. @module */
import { hashOfText } from "../../base/hash.ts";
import type { PreparedExamples } from "./masked.ts";
import type { Example } from "../tasks/mod.ts";

type MeanOptions = NonNullable<PreparedExamples["means"]>;
type Prompts = readonly Pick<Example, "corruptedTokens">[];

const known = new WeakMap<Prompts, Promise<MeanOptions>>();

/**
 * Options of a circuit's provenance: how many prompts its means are over, and the SHA-256 of their corrupted tokens. The same
 * list is hashed once.
 */
export function meanOptions(prompts: Prompts): Promise<MeanOptions> {
  const found = known.get(prompts) ?? optionsOf(prompts);
  known.set(prompts, found);
  return found;
}

async function optionsOf(prompts: Prompts): Promise<MeanOptions> {
  const tokens = prompts.map(({ corruptedTokens }) => Array.from(corruptedTokens));
  return { mean_prompts: prompts.length, mean_hash: await hashOfText(JSON.stringify(tokens)) };
}
