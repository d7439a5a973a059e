/** Components and patterns of components, against the model when its shape is known. @module */
import { CircuitError } from "../../runtime/universe/errors.ts";
import { matchReaders, matchWriters, parsePattern } from "../../runtime/universe/patterns.ts";
import type { Universe } from "../../runtime/universe/universe.ts";
import type { Pattern, Selection, Span } from "../syntax/tree.ts";
import type { Checker } from "./checker.ts";
import type { Symbol } from "./symbols.ts";

export type Side = "writer" | "reader" | "any";

const FORM =
  /^(?:a(?:\d+|\*)(?:\.(?:h(?:\d+|\*)|\*)(?:\.(?:[qkv]|\*))?)?|m(?:\d+|\*)|tok|pos|embed|logits)$/;
const WRITERS_ONLY = /^(?:tok|pos|embed)$/;
const READERS_ONLY = /^(?:logits|a(?:\d+|\*)\.(?:h(?:\d+|\*)|\*)\.[qkv])$/;

/** True if a text has the form of a component or a pattern. */
export function isComponent(text: string): boolean {
  return FORM.test(text);
}

/** Checks a component where one is wanted. */
export function component(
  c: Checker,
  pattern: { readonly text: string; readonly span: Span },
  side: Side,
  model: Symbol | undefined,
): void {
  const { text, span } = pattern;
  if (!FORM.test(text)) {
    c.error(
      { span },
      `\`${text}\` is not a component`,
      "components look like `a3.h1`, `a3.h1.q`, `m2`, `tok`, `logits`; patterns like `a3.*`, `a*.h2.q`, `m*`",
    );
    return;
  }
  const universe = model?.universe;
  if (!universe) {
    // Without the model's shape, only what holds for every model.
    if (side === "writer" && READERS_ONLY.test(text)) {
      c.error({ span }, `\`${text}\` reads the residual stream and does not write to it`);
    } else if (side === "reader" && WRITERS_ONLY.test(text)) {
      c.error({ span }, `\`${text}\` writes to the residual stream and does not read it`);
    }
    return;
  }
  const problem = problemIn(universe, text, side);
  if (problem) {
    c.error({ span }, problem.message.replace(/\bthe model\b/, `\`${model.name}\``), problem.help);
  }
}

function problemIn(universe: Universe, text: string, side: Side): CircuitError | undefined {
  try {
    if (side === "writer") matchWriters(universe, text);
    else if (side === "reader") matchReaders(universe, text);
    else parsePattern(universe, text);
  } catch (thrown) {
    if (thrown instanceof CircuitError) return thrown;
    throw thrown;
  }
}

/** Checks what stands after `without`. */
export function selection(c: Checker, node: Selection, model: Symbol | undefined): void {
  component(c, node.from, node.to ? "writer" : "any", model);
  if (node.to) component(c, node.to, "reader", model);
}

/** True if a pattern names one component rather than several. */
export function isExact(pattern: Pattern): boolean {
  return !pattern.text.includes("*");
}
