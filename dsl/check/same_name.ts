/** Declarations of one name: at the prompt a name may be declared again. @module */
import type { Checker } from "./checker.ts";
import { lookUp, type Symbol } from "./symbols.ts";

/** Two declarations in the words of a message: each by its name, and where that is the same, by which one it is. */
export function bothNames(c: Checker, a: Symbol, b: Symbol): [string, string] {
  const [one, other] = [`\`${a.name}\``, `\`${b.name}\``];
  if (a.name !== b.name) return [one, other];
  const now = lookUp(c.scope, a.name);
  if (a === now) return [`the present ${one}`, `an earlier ${other}`];
  return [`an earlier ${one}`, b === now ? `the present ${other}` : `another earlier ${other}`];
}
