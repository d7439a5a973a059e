/**
 * What a circuit may be found again over, to see how stable it is.
 *
 * @module
 */
import { METHODS } from "./methods.ts";

export const REPEATS = ["seeds", "resamples"] as const;

export type Repeat = (typeof REPEATS)[number];

/** The field of a circuit that differs from run to run. */
export const repeatFields = { seeds: "seed", resamples: "resample" } as const satisfies Record<
  Repeat,
  string
>;

const nothing: Readonly<Record<Repeat, string>> = {
  seeds: "draws nothing at random",
  resamples: "looks at no examples",
};

/** Why runs of a method would not differ, and what it can be found again over instead; undefined where they do. */
export function repeatProblem(
  method: string,
  over: Repeat,
): { readonly message: string; readonly help?: string } | undefined {
  const fields = METHODS.find(({ word }) => word === method)?.fields ?? [];
  if (fields.includes(repeatFields[over])) return undefined;
  const other = REPEATS.find((each) => fields.includes(repeatFields[each]));
  return {
    message: `\`${method}\` ${nothing[over]}: every run would find the same`,
    ...(other && { help: `for instance \`over 10 ${other}\`` }),
  };
}
