/** The result of a method, with the circuit's provenance. @module */
import { shownShare } from "../../base/number_text.ts";
import { packageVersion } from "../../base/version.ts";
import type { Discovery, DiscoveryInput, SearchInput } from "./method.ts";
import { tieText, underAblation } from "../circuits/mod.ts";
import type { Selection } from "./selection/select.ts";
import type { Keep } from "./size.ts";

/** The outcome of a method. */
export interface Found<State>
  extends Omit<Discovery<State>, "circuit" | "raw" | "reachable" | "beforeCleanUp"> {
  readonly method: string;
  /** Options of the search, by the names that the library knows them by. */
  readonly options: object;
  readonly selection: Selection;
  /** [edges]; null where edges have none. */
  readonly scores: Float32Array | null;
}

/** A discovery with its provenance. */
export async function discoveryOf<State>(
  { masked: { universe, model, engine }, task, corruption, train }:
    & SearchInput
    & Partial<Pick<DiscoveryInput, "train">>,
  { method, options, selection: { edges, raw, reachable, beforeCleanUp, tie }, scores, ...outcome }:
    Found<State>,
): Promise<Discovery<State>> {
  const { seed } = options as { readonly seed?: unknown };
  const said = {
    expression: method,
    model: { name: model.name, hash: await model.hash() },
    task,
    corruption,
    ...(typeof seed === "number" ? { seed } : {}),
    ...(engine && { provider: engine.provider }),
    version: packageVersion,
    options: recorded(options),
  };
  // The examples decide the ablation, whatever an option says.
  const provenance = train
    ? underAblation(said, train.ablation ?? "interchange", train.means)
    : said;
  return {
    circuit: { universe, edges, scores, provenance },
    raw,
    reachable,
    ...(beforeCleanUp !== undefined && { beforeCleanUp }),
    ...(tie && scores && { undecided: tieText(tie, scores) }),
    ...outcome,
  };
}

/** Options as provenance keeps them: plain values, by the names that scripts use. */
function recorded(
  options: object,
): Record<string, string | number | boolean> {
  const plain: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(options)) {
    if (name === "seed") continue;
    const word = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      plain[word] = value;
    } else if (name === "keep") {
      const keep = value as Exclude<Keep, number>;
      plain[word] = "above" in keep ? `above ${keep.above}` : shownShare(keep.share);
    } else if (ArrayBuffer.isView(value)) {
      plain[word] = (value as Uint32Array).length;
    }
  }
  return plain;
}
