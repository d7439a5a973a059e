/** Corruptions of a task that is declared again at a prompt. @module */
import { hasErrors } from "../text/diagnostics.ts";
import { type Checker, reporting } from "./checker.ts";
import { corruption } from "./corruptions.ts";
import type { CarriedCorruption } from "./program.ts";
import { bind, scopeOf, type Symbol } from "./symbols.ts";

/**
 * Declares the corruptions of an earlier task anew, for the task that has its name now. A corruption that does not fit the
 * new task stays with the earlier one, and one that the same entry declares again is left to it.
 */
export function carriedCorruptions(c: Checker, before: Symbol): CarriedCorruption[] {
  const known = c.scope.corruptions.filter(({ of, name }) => of === before && !c.later.has(name));
  return known.flatMap((from) => {
    if (from.declaration?.kind !== "CorruptionDeclaration") return [];
    const trial: Checker = {
      ...c,
      ...reporting(c.file),
      references: [],
      symbols: [],
      scope: scopeOf(c.scope.names.values(), c.scope.parent),
    };
    const checked = corruption(trial, from.declaration);
    if (hasErrors(trial.diagnostics)) return [];
    bind(c.scope, checked.symbol);
    return [{ from, checked }];
  });
}
