/**
 * Verification: numbers that circ computes, against values of other people's code or of another computation.
 *
 * `docs/verification.md` has a row for each call of {@link verified}. `deno task verification` writes it.
 *
 * @module
 */
import { assert } from "@std/assert";
import { ablations } from "../../runtime/universe/ablations.ts";
import { measureNames } from "../../runtime/evaluation/measures/mod.ts";
import { type LossForm, metricNames } from "../../runtime/metrics/mod.ts";
import { methods } from "../../runtime/discovery/mod.ts";

/** Losses by kind; an expression is one kind. */
const losses = {
  kl: true,
  logits: true,
  probabilities: true,
  expression: true,
} as const satisfies Record<Extract<LossForm, string> | "expression", true>;

/** Names of everything that computes a number, by what it is. */
export const verifiable = {
  method: Object.keys(methods) as (keyof typeof methods)[],
  metric: metricNames,
  measure: measureNames,
  ablation: Object.keys(ablations) as (keyof typeof ablations)[],
  loss: Object.keys(losses) as (keyof typeof losses)[],
} as const;

type Verifiable = typeof verifiable;

/** One comparison: a row of `docs/verification.md`. */
export type Verification =
  & {
    [Of in keyof Verifiable]: { readonly of: Of; readonly name: Verifiable[Of][number] };
  }[keyof Verifiable]
  & {
    /** The other computation, and on how much: `the EAP-IG library, 1,519 edges of the toy`. */
    readonly against: string;
    /** Largest difference that this run found. */
    readonly difference: number;
    /** Largest difference that is allowed, in the same unit. */
    readonly tolerance: number;
    /** Unit of both, where the difference is not of the values themselves: `of the largest`, `edges`. */
    readonly unit?: string;
  };

/** A comparison, and the path of its test. */
export type Row = Verification & { readonly test: string };

/** URL of the repository. */
export const root = new URL("../../", import.meta.url).href;

/** The page that lists comparisons. */
export const page = new URL("../../docs/verification.md", import.meta.url);

/** The first three cells of a comparison's row: all that does not change from run to run. */
export const rowStart = ({ name, against, test }: Pick<Row, "name" | "against" | "test">) =>
  `| \`${name}\` | ${against} | [${test.replace(/^tests\/|_test\.ts$/g, "")}](../${test}) |`;

/**
 * Asserts that a difference is within its tolerance and that the page has the row. With `CIRC_TEST_VERIFICATION=FILE` it
 * appends the comparison to that file instead of looking for the row.
 */
export function verified(verification: Verification): void {
  const { of, name, against, difference, tolerance } = verification;
  const row = { ...verification, test: Deno.mainModule.replace(root, "") };
  assert(
    difference <= tolerance,
    `${of} ${name} against ${against}: differs by ${difference}, ${tolerance} is allowed`,
  );
  const file = Deno.env.get("CIRC_TEST_VERIFICATION");
  if (file !== undefined) {
    Deno.writeTextFileSync(file, `${JSON.stringify(row)}\n`, { append: true });
  } else {
    const start = rowStart(row);
    assert(
      Deno.readTextFileSync(page).includes(start),
      `docs/verification.md lacks the row "${start}": run \`deno task verification\``,
    );
  }
}
