/**
 * Decisions of the parser by the next tokens, as Chevrotain's LL(k) strategy makes them, but each worked out at its
 * first use. A short script meets few of the grammar's, and working them all out would take longer than reading it.
 *
 * @module
 */
import { type ILookaheadStrategy, LLkLookaheadStrategy } from "../../base/packages/chevrotain.ts";

// deno-lint-ignore no-explicit-any -- Chevrotain calls decisions with its parser as `this`, by a type that it keeps to itself
type Decision = (this: any, ...args: any[]) => any;

export class LazyLookahead extends LLkLookaheadStrategy {
  override buildLookaheadForAlternation(
    options: Parameters<ILookaheadStrategy["buildLookaheadForAlternation"]>[0],
  ) {
    return whenMet(() => super.buildLookaheadForAlternation(options));
  }

  override buildLookaheadForOptional(
    options: Parameters<ILookaheadStrategy["buildLookaheadForOptional"]>[0],
  ) {
    return whenMet(() => super.buildLookaheadForOptional(options));
  }
}

function whenMet(build: () => Decision): Decision {
  let decide: Decision | undefined;
  return function (...args) {
    decide ??= build();
    return decide.apply(this, args);
  };
}
