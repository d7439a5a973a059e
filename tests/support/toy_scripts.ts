/**
 * Beginnings of scripts on the toy model.
 */
import { join } from "node:path";
import { root, toy } from "../cli/run_circ.ts";

const names = join(root, "examples/toy/names.txt");

export const toyModel = `model toy { from "${toy}" split embeddings }`;

/** The toy model and the task `ioi`, whose names `strangers` draws again. `metric` is the task's. */
export const ioiScript = (
  { train, test, metric = "" }: {
    readonly train: number;
    readonly test: number;
    readonly metric?: string;
  },
): string => `
model toy {
  from "${toy}"
  split embeddings
}
task ioi {
  vary A, B, C from lines("${names}")
  prompt "When {A} and {B} went to the park, {B} gave a ring to"
  answer " {A}"
  wrong " {B}"
  examples train ${train}, validation 0, test ${test}${metric && `\n  metric ${metric}`}
}
corruption strangers of ioi {
  redraw A, B, C
  prompt "When {A} and {B} went to the park, {C} gave a ring to"
}
`;

/** The task `names`, of few names, which `swapped` puts the other way round. */
export const namesTask = `task names {
  vary A, B from ["Aaron", "Agnes", "Albert", "Alma"]
  prompt "When {A} and {B} went to the park, {B} gave a ring to"
  answer " {A}"
  wrong " {B}"
  examples train 4, validation 0, test 4
}
corruption swapped of names { swap A, B }
`;

/** The program `reverse`, on three tokens. */
export const reverseProgram = `
program reverse {
  over   [1, 2, 3] length 3
  let    size = count(select(tokens, tokens, always))
  output aggregate(select(indices, size - 1 - indices, ==), tokens)
}
`;

/** A small script whose model is compiled from a program: it needs no files. */
export const smallScript = `program reverse {
  over [1, 2] length 2
  output aggregate(select(indices, 1 - indices, ==), tokens)
}
model r { from reverse }
task inputs { generate reverse metric kl examples train 4, validation 0, test 2 }
circuit c { find eap_ig in r for inputs keep 3 }
evaluate c by kl
`;
