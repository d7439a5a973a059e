/** Repeats of a search, over seeds or resamples, which show how stable a circuit is. @module */
import { type MethodName, methods } from "../../runtime/discovery/mod.ts";

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
  method: MethodName,
  over: Repeat,
): { readonly message: string; readonly help?: string } | undefined {
  const words: readonly string[] = methods[method].circuitWords;
  if (words.includes(repeatFields[over])) return undefined;
  const other = REPEATS.find((each) => words.includes(repeatFields[each]));
  return {
    message: `\`${method}\` ${nothing[over]}: every run would find the same`,
    ...(other && { help: `for instance \`over 10 ${other}\`` }),
  };
}
