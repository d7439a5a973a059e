/** The grammar as text, in EBNF: made from the parser's own rules. @module */
import type { TokenType } from "../../base/packages/chevrotain.ts";
import { grammar, type Production } from "./grammar.ts";
import { NumberToken, RESERVED_WORDS, TextToken } from "./tokens.ts";
import { Comparison, ComponentToken, Identifier, Reserved, Word } from "./tokens.ts";

/** Rules that are written where they are used, since their name says no more than their content. */
const INLINED: ReadonlySet<string> = new Set(["countColumn"]);

/** Names of the rules that say what kind of name is meant, besides `name`. */
const TERMINALS = new Map<TokenType, string>([
  [Word, "WORD"],
  [Reserved, "RESERVED"],
  [Identifier, "WORD"],
  [NumberToken, "NUMBER"],
  [TextToken, "TEXT"],
  [ComponentToken, "COMPONENT"],
  [Comparison, "COMPARISON"],
]);

/** The rules, one below the other: `name = definition ;` */
export function ebnf(): string {
  const rules = [...grammar()].filter(([name]) => !INLINED.has(name));
  const first = rules.findIndex(([name]) => name === "program");
  const ordered = [...rules.slice(first), ...rules.slice(0, first)];
  return ordered.map(([name, production]) => `${name} =${wrapped(production)} ;`).join("\n") + "\n";
}

/** Long right-hand sides are broken at their alternatives. */
function wrapped(production: Production): string {
  const definition = text(production, 0);
  return production.kind === "choice" && definition.length >= 88
    ? `\n    ${production.items.map((item) => text(item, 0)).join("\n  | ")}`
    : ` ${definition}`;
}

/** A production as text; `level` 1 within a sequence, where a choice needs brackets. */
function text(node: Production, level: number): string {
  switch (node.kind) {
    case "token":
      return terminal(node.type);
    case "rule":
      return INLINED.has(node.name) ? text(grammar().get(node.name)!, level) : node.name;
    case "sequence":
      return node.items.map((item) => text(item, 1)).join(" ");
    case "choice": {
      const inner = node.items.map((item) => text(item, 0)).join(" | ");
      return level > 0 ? `( ${inner} )` : inner;
    }
    case "option":
      return `[ ${text(node.item, 0)} ]`;
    case "repetition": {
      const item = text(node.item, 0);
      if (!node.separator) {
        return node.least === 0 ? `{ ${item} }` : `${text(node.item, 1)} { ${item} }`;
      }
      const list = `${text(node.item, 1)} { ${terminal(node.separator)} ${text(node.item, 1)} }`;
      return node.least === 0 ? `[ ${list} ]` : list;
    }
  }
}

function terminal(type: TokenType): string {
  const name = TERMINALS.get(type);
  if (name) return name;
  const pattern = type.PATTERN;
  return pattern instanceof RegExp ? '"="' : `"${pattern}"`;
}

/** The words that cannot be names, in alphabetical order. */
export function reservedWords(): string[] {
  return [...RESERVED_WORDS].sort();
}
