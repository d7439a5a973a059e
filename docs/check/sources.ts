/** Sources of formulas: papers that `references.md` lists, or the words "no paper". @module */
import { measures } from "../../runtime/evaluation/measures/mod.ts";
import { methods } from "../../runtime/discovery/mod.ts";
import { metrics } from "../../runtime/metrics/mod.ts";
import { root } from "./root.ts";

const citation =
  /(\p{Lu}[\p{L}-]+(?: et al\.| (?:&|and) \p{Lu}[\p{L}-]+)),? \(?((?:19|20)\d\d)\b/gu;

/** A paper of one author, which differs from other words by its place: the beginning of a record's `source`. */
const ofOne = /\bsource: "(?:after )?(\p{Lu}[\p{L}-]+) ((?:19|20)\d\d),/gu;

/** Citations of a text as `Name et al. YEAR`; a comment's line breaks do not matter. */
export function citations(text: string): string[] {
  const flowing = text.replace(/\s*\n\s*(?:\*|\/\/|#)?\s*/g, " ");
  return [citation, ofOne].flatMap((pattern) => [...flowing.matchAll(pattern)])
    .map(([, names, year]) => `${names} ${year}`);
}

/** Rows of `references.md`: cited as, paper, published, used for. */
export const references: readonly (readonly string[])[] = Deno.readTextFileSync(
  `${root}docs/references.md`,
).split("\n").filter((line) => /^\| .* \|$/.test(line)).slice(2)
  .map((line) => line.slice(2, -2).split(" | "));

const listed = references.map(([cited]) => cited);

/** Modules, besides the records, that compute a formula. */
const formulas = [
  "base/random.ts",
  "ops/operators/functions.ts",
  "runtime/circuits/overlap.ts",
  "runtime/discovery/elimination/sweep.ts",
  "runtime/discovery/scoring/integrated_gradients.ts",
  "runtime/discovery/training/adam.ts",
  "runtime/discovery/training/constraint.ts",
  "runtime/discovery/training/edge_masks.ts",
  "runtime/discovery/training/gates.ts",
  "runtime/discovery/training/hard_concrete.ts",
  "runtime/discovery/training/shapes.ts",
  "runtime/discovery/training/soft_top_k.ts",
  "runtime/discovery/training/uniform_gradient_sampling.ts",
  "runtime/evaluation/curve.ts",
  "runtime/evaluation/intervals.ts",
  "runtime/metrics/loss.ts",
  "runtime/models/families/rotary.ts",
  "runtime/stream/attention.ts",
  "runtime/stream/masked.ts",
];

/** True if a text cites a listed paper, or says that there is none. */
export const hasSource = (text: string): boolean =>
  /\bno paper\b/.test(text) || citations(text).some((name) => listed.includes(name));

/** Records and modules of formulas without a source, one line each. */
export function sourceProblems(): string[] {
  const records = [methods, metrics, measures].flatMap((table) =>
    Object.values<{ readonly name: string; readonly source?: string }>(table)
  );
  return [
    ...records.filter(({ source }) => !hasSource(`source: "${source}"`)).map(({ name }) => name),
    ...formulas.filter((path) => !hasSource(Deno.readTextFileSync(`${root}${path}`))),
  ].map((name) => `${name}: the source of the formula is missing`);
}
