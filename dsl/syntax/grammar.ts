/**
 * The grammar as data, taken from the parser itself: for the EBNF of the documentation, for
 * completion, and for scripts made at random.
 *
 * @module
 */
import type { IToken, TokenType } from "../../base/packages/chevrotain.ts";
import { tokenMatcher } from "../../base/packages/chevrotain.ts";
import { StatementParser } from "./statements.ts";
import { VOCABULARY } from "./tokens.ts";

export type Production =
  | { readonly kind: "token"; readonly type: TokenType }
  | { readonly kind: "rule"; readonly name: string }
  | { readonly kind: "sequence"; readonly items: readonly Production[] }
  | { readonly kind: "choice"; readonly items: readonly Production[] }
  | { readonly kind: "option"; readonly item: Production }
  /** Once or more when `least` is 1; with a separator, between items. */
  | {
    readonly kind: "repetition";
    readonly least: 0 | 1;
    readonly item: Production;
    readonly separator: TokenType | undefined;
  };

/** A serialised production of Chevrotain. */
interface Serialised {
  readonly type: string;
  readonly name?: string;
  readonly definition?: readonly Serialised[];
  readonly separator?: Serialised;
}

const types = new Map(VOCABULARY.map((type) => [type.name, type]));
let known: ReadonlyMap<string, Production> | undefined;

/** The rules of the grammar, by name, in order of definition. */
export function grammar(): ReadonlyMap<string, Production> {
  known ??= new Map(
    (new StatementParser(true).getSerializedGastProductions() as readonly Serialised[])
      .map((rule) => [rule.name!, sequence(rule.definition!)]),
  );
  return known;
}

function sequence(items: readonly Serialised[]): Production {
  const converted = items.map(convert);
  return converted.length === 1 ? converted[0] : { kind: "sequence", items: converted };
}

function convert(node: Serialised): Production {
  const inner = () => sequence(node.definition ?? []);
  switch (node.type) {
    case "Terminal":
      return { kind: "token", type: types.get(node.name!)! };
    case "NonTerminal":
      return { kind: "rule", name: node.name! };
    case "Alternation":
      return { kind: "choice", items: node.definition!.map(convert) };
    case "Option":
      return { kind: "option", item: inner() };
    case "Repetition":
    case "RepetitionMandatory":
    case "RepetitionWithSeparator":
    case "RepetitionMandatoryWithSeparator":
      return {
        kind: "repetition",
        least: node.type.startsWith("RepetitionMandatory") ? 1 : 0,
        item: inner(),
        separator: node.separator && types.get(node.separator.name!),
      };
    default:
      return inner();
  }
}

/** A token that may come next, and the rules that it would be in, outermost first. */
export interface Next {
  readonly type: TokenType;
  readonly rules: readonly string[];
}

/** Productions that are still expected: one, then the rest. */
interface Rest {
  readonly item: Production;
  readonly rules: readonly string[];
  readonly then: Rest | undefined;
}

/** Ways through the grammar that are followed at once; the language needs two or three. */
const MOST_WAYS = 64;

/** The tokens that may follow others within a rule. */
export function nextTokens(rule: string, tokens: readonly IToken[]): Next[] {
  let ways: (Rest | undefined)[] = [
    { item: { kind: "rule", name: rule }, rules: [], then: undefined },
  ];
  for (const token of tokens) {
    ways = ways.flatMap(firsts)
      .filter(({ type }) => tokenMatcher(token, type))
      .map(({ then }) => then).slice(0, MOST_WAYS);
  }
  return ways.flatMap(firsts).map(({ type, rules }) => ({ type, rules }));
}

function firsts(rest: Rest | undefined): (Next & { then: Rest | undefined })[] {
  if (!rest) return [];
  const { item, rules, then } = rest;
  const go = (next: Production, after = then) => firsts({ item: next, rules, then: after });
  switch (item.kind) {
    case "token":
      return [{ type: item.type, rules, then }];
    case "rule":
      return firsts({ item: grammar().get(item.name)!, rules: [...rules, item.name], then });
    case "sequence": {
      let all = then;
      for (let i = item.items.length - 1; i >= 0; i--) {
        all = { item: item.items[i], rules, then: all };
      }
      return firsts(all);
    }
    case "choice":
      return item.items.flatMap((each) => go(each));
    case "option":
      return [...go(item.item), ...firsts(then)];
    case "repetition": {
      const again: Production = item.separator
        ? {
          kind: "repetition",
          least: 0,
          item: {
            kind: "sequence",
            items: [{ kind: "token", type: item.separator }, item.item],
          },
          separator: undefined,
        }
        : { ...item, least: 0 };
      const some = go(item.item, { item: again, rules, then });
      return item.least === 1 ? some : [...some, ...firsts(then)];
    }
  }
}
