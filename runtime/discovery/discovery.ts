/** The result of a method, with the circuit's provenance. @module */
import { shownNumber, shownShare } from "../../base/number_text.ts";
import { packageVersion } from "../../base/version.ts";
import type { Discovery, SearchInput } from "./method.ts";
import type { Selection, Tie } from "./selection/select.ts";
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
  { masked: { universe, model, engine }, task, corruption }: SearchInput,
  { method, options, selection: { edges, raw, reachable, beforeCleanUp, tie }, scores, ...outcome }:
    Found<State>,
): Promise<Discovery<State>> {
  const { seed } = options as { readonly seed?: unknown };
  const provenance = {
    expression: method,
    model: { name: model.name, hash: await model.hash() },
    task,
    corruption,
    ...(typeof seed === "number" ? { seed } : {}),
    ...(engine && { provider: engine.provider }),
    version: packageVersion,
    options: recorded(options),
  };
  return {
    circuit: { universe, edges, scores, provenance },
    raw,
    reachable,
    ...(beforeCleanUp !== undefined && { beforeCleanUp }),
    ...(tie && scores && { undecided: undecidedText(tie, scores) }),
    ...outcome,
  };
}

/** A sentence about edges of one score on both sides of a cut. */
function undecidedText({ score, kept, leftOut }: Tie, scores: Float32Array): string {
  const known = scores.filter((each) => !Number.isNaN(each));
  const text = shownNumber(score);
  const which = known.every((each) => each === score)
    ? `all ${known.length} scores are ${text}`
    : `${kept} of the edges kept and ${leftOut} of those left out have the same score, ${text}`;
  return `${which}: the order of the model's edges decided between them`;
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
