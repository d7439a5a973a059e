/** Components and patterns of components, against the model when its shape is known. @module */
import { CircuitError } from "../../runtime/universe/errors.ts";
import { edgeBetween } from "../../runtime/universe/names.ts";
import {
  matchReaders,
  matchWriters,
  parsePattern,
  removalOf,
} from "../../runtime/universe/patterns.ts";
import type { Universe } from "../../runtime/universe/universe.ts";
import type { Pattern, Selection, Span } from "../syntax/tree.ts";
import type { Checker } from "./checker.ts";
import type { Symbol } from "./symbols.ts";

export type Side = "writer" | "reader" | "any";

const FORM =
  /^(?:a(?:\d+|\*)(?:\.(?:(?:h|kv)(?:\d+|\*)|\*)(?:\.(?:[qkv]|\*))?)?|m(?:\d+|\*)|tok|pos|embed|logits)$/;
const WRITERS_ONLY = /^(?:tok|pos|embed)$/;
const READERS_ONLY = /^(?:logits|a(?:\d+|\*)\.(?:(?:h|kv)(?:\d+|\*)|\*)\.[qkv])$/;

/** True if a text has the form of a component or a pattern. */
export function isComponent(text: string): boolean {
  return FORM.test(text);
}

/** Checks a component where one is wanted; false if it does not fit. */
export function component(
  c: Checker,
  pattern: { readonly text: string; readonly span: Span },
  side: Side,
  model: Symbol | undefined,
): boolean {
  const { text, span } = pattern;
  if (!FORM.test(text)) {
    c.error(
      { span },
      `\`${text}\` is not a component`,
      "components look like `a3.h1`, `a3.h1.q`, `m2`, `tok`, `logits`; patterns like `a3.*`, `a*.h2.q`, `m*`",
    );
    return false;
  }
  const universe = model?.universe;
  const problem = universe
    ? refusalOf(() => matchIn(universe, text, side))
    : problemAnywhere(text, side);
  return problem === undefined || report(c, problem, span, model);
}

/** Fault of a component that holds for every model. */
function problemAnywhere(text: string, side: Side): CircuitError | undefined {
  if (side === "writer" && READERS_ONLY.test(text)) {
    return new CircuitError(`\`${text}\` reads the residual stream and does not write to it`);
  }
  if (side === "reader" && WRITERS_ONLY.test(text)) {
    return new CircuitError(`\`${text}\` writes to the residual stream and does not read it`);
  }
}

function matchIn(universe: Universe, text: string, side: Side): void {
  if (side === "writer") matchWriters(universe, text);
  else if (side === "reader") matchReaders(universe, text);
  else parsePattern(universe, text);
}

/** The error by which a universe refuses something. */
function refusalOf(action: () => unknown): CircuitError | undefined {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof CircuitError) return thrown;
    throw thrown;
  }
}

/** Reports a universe's error by the name of the model. */
function report(
  c: Checker,
  { message, help }: CircuitError,
  span: Span,
  model: Symbol | undefined,
): false {
  const named = model ? message.replace(/\bthe model\b/, `\`${model.name}\``) : message;
  c.error({ span }, named, help);
  return false;
}

/** Checks that an edge of two components is one of the model. */
export function edgeIsThere(
  c: Checker,
  model: Symbol,
  from: string,
  to: string,
  span: Span,
): void {
  const problem = refusalOf(() => edgeBetween(model.universe!, from, to));
  if (problem) report(c, problem, span, model);
}

/** Checks what stands after `without`. */
export function selection(c: Checker, node: Selection, model: Symbol | undefined): void {
  const { from, to } = node;
  const known = component(c, from, to ? "writer" : "any", model);
  if (to) component(c, to, "reader", model);
  else if (known && model?.universe) {
    const { universe } = model;
    const problem = refusalOf(() => removalOf(universe, [from.text]));
    if (problem) report(c, problem, from.span, model);
  }
}

/** True if a pattern names one component rather than several. */
export function isExact(pattern: Pattern): boolean {
  return !pattern.text.includes("*");
}
