/**
 * Decisions of the parser by the next tokens, as Chevrotain's LL(k) strategy makes them, but each worked out at its
 * first use. A short script meets few of the grammar's, and working them all out would take longer than reading it.
 *
 * @module
 */
import {
  Alternation,
  type ILookaheadStrategy,
  type IProduction,
  LLkLookaheadStrategy,
  NonTerminal,
  type Rule,
  Terminal,
  type TokenType,
} from "../../base/packages/chevrotain.ts";
import { VOCABULARY } from "./tokens.ts";

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

/** Tokens that the second part of one of some rules may begin with. */
export function secondTokens(rules: readonly Rule[]): ReadonlySet<TokenType> {
  const types = rules.flatMap(({ definition }) => firstTokens(definition[1]));
  return new Set(
    VOCABULARY.filter((type) =>
      types.includes(type) || type.CATEGORIES?.some((category) => types.includes(category))
    ),
  );
}

function firstTokens(part: IProduction): readonly TokenType[] {
  if (part instanceof Terminal) return [part.terminalType];
  if (part instanceof NonTerminal) return firstTokens(part.referencedRule.definition[0]);
  const { definition } = part as Rule;
  return part instanceof Alternation ? definition.flatMap(firstTokens) : firstTokens(definition[0]);
}
