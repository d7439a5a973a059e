/** Evaluation sets of circuits: `on ioi.test corrupted by fresh`. @module */
import { SPLITS } from "../../runtime/tasks/definition.ts";
import type { Split } from "../../runtime/tasks/mod.ts";
import type { Name, Path, Span } from "../syntax/tree.ts";
import { severalCorruptions } from "./messages.ts";
import { type Checker, oneOf, resolve, useOf } from "./checker.ts";
import type { Occasion, Use } from "./program.ts";
import { lookUp, type Symbol, type Typed } from "./symbols.ts";

/** A task's examples: `ioi.test`, or `ioi`, whose test split is meant. */
interface Examples {
  readonly task: Use;
  readonly split: Split;
}

/** Checks `ioi.test` or `ioi`. */
export function onTask(c: Checker, path: Path): Examples {
  const [name, split, ...more] = path.parts;
  const task = resolve(c, name, ["task"]);
  if (split) oneOf(c, split, SPLITS, "split");
  if (more.length > 0) c.error(more[0], "nothing follows the name of a split");
  return { task: useOf(name, task), split: (split?.text ?? "test") as Split };
}

/**
 * The occasion of some examples, or of the circuits' own tasks. Where no corruption is named, a circuit's own is taken, else the
 * task's only one, which counts as used; of several one must be named.
 */
export function occasionOf(
  c: Checker,
  where: Examples | undefined,
  circuits: readonly (Typed & { readonly span: Span })[],
  corruption?: Use,
): Occasion {
  const { corruptions } = c.scope;
  for (const { corruption: own, span, task = undefined } of corruption ? [] : circuits) {
    const on = where ? where.task.symbol : task;
    const [only, ...others] = on ? corruptions.filter(({ of }) => of === on) : [];
    if (only && others.length === 0) only.uses++;
    if (others.length === 0 || own === undefined || own?.of === on) continue;
    c.error({ span }, ...severalCorruptions(on!.name, [only, ...others]));
  }
  return { task: where?.task, split: where?.split ?? "test", corruption, corruptions };
}

/** Checks that a corruption exists and belongs to the task. */
export function corruptionOf(c: Checker, name: Name, task: Symbol | undefined): Use {
  const corruption = resolve(c, name, ["corruption"]);
  const { of } = corruption ?? {};
  if (of && task && of !== task && of.name === task.name) {
    const isNew = lookUp(c.scope, task.name) === task;
    c.error(
      name,
      `\`${name.text}\` is a corruption of another \`${task.name}\`, which was declared ${
        isNew ? "before this one" : "after this one"
      }`,
      isNew ? `declare \`${name.text}\` again` : `say \`on ${task.name}\` for the new one`,
    );
  } else if (of && task && of !== task) {
    c.error(name, `\`${name.text}\` is a corruption of \`${of.name}\`, not of \`${task.name}\``);
  }
  return useOf(name, corruption);
}
