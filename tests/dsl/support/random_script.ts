/**
 * Scripts at random, by a walk over the grammar that the parser itself is made of: whatever the
 * grammar allows turns up.
 *
 * @module
 */
import type { ISerializedGast, TokenType } from "../../../base/packages/chevrotain.ts";
import { StatementParser } from "../../../dsl/syntax/statements.ts";
import { FREE_FIELD_WORDS, RESERVED_WORDS, VOCABULARY } from "../../../dsl/syntax/tokens.ts";
import type { Random } from "./random.ts";

type Production = ISerializedGast & {
  readonly name?: string;
  readonly nonTerminalName?: string;
  readonly definition?: readonly Production[];
  readonly separator?: Production;
};

const rules = new Map(
  (new StatementParser(true).getSerializedGastProductions() as Production[])
    .map((rule) => [rule.name!, rule.definition!]),
);
const tokens = new Map(VOCABULARY.map((type) => [type.name, type]));

/** Least number of rules between a production and its tokens. */
const leastOfRule = new Map<string, number>();
for (let changed = true; changed;) {
  changed = false;
  for (const [name, definition] of rules) {
    const value = sequenceLeast(definition) + 1;
    if (value < (leastOfRule.get(name) ?? Infinity)) {
      leastOfRule.set(name, value);
      changed = true;
    }
  }
}

function sequenceLeast(items: readonly Production[]): number {
  return Math.max(0, ...items.map(productionLeast));
}

function productionLeast(item: Production): number {
  switch (item.type as string) {
    case "NonTerminal":
      return leastOfRule.get(item.nonTerminalName ?? item.name!) ?? Infinity;
    case "Alternation":
      return Math.min(...item.definition!.map((each) => sequenceLeast(each.definition!)));
    case "Option":
    case "Repetition":
    case "RepetitionWithSeparator":
      return 0;
    case "Terminal":
      return 0;
    default:
      return sequenceLeast(item.definition ?? []);
  }
}

const IDENTIFIERS = [
  "ep",
  "hint",
  "x",
  "y",
  "A",
  "toy",
  "ioi",
  "kl",
  "weight",
  "year",
  "off",
  "n_1",
];
const NUMBERS = ["0", "1", "3", "02", "98%", "0.5", "1e3", "2500", "0.5%", "17"];
const COMPONENTS = ["a3.*", "a*.h2.q", "m*", "a0.h1", "a12.h3.v", "a1.*.k", "a*"];
const TEXTS = [
  '"a"',
  '""',
  '" {A}"',
  '"{{x}} \\" \\\\ # no"',
  '"é 日本 🙂"',
  '"When {A} and {B} went"',
  '"# {y}"',
];

/** One script of a few statements. */
export function randomScript(random: Random): string {
  const out: string[] = [];
  let depth = 0;
  const space = () => {
    const roll = random.next();
    if (roll < 0.9) out.push(" ");
    else if (roll < 0.94) out.push("  \t");
    else if (roll < 0.97) out.push("\n  ");
    else if (roll < 0.985) out.push(` ${comment(random)}\n`);
    else out.push(`\n${comment(random)}\n`);
  };
  const line = () => {
    if (random.chance(0.1)) out.push(` ${comment(random)}`);
    out.push("\n");
    while (random.chance(0.15)) out.push(random.chance(0.5) ? "\n" : `  ${comment(random)}\n`);
  };

  function rule(name: string): void {
    const starts = name === "statement" || /Field$/.test(name) || name === "edge";
    const inner = name === "statement" ||
      !/^(model|task|corruption|schedule|circuit|program)Field$/.test(name);
    if (starts && inner) line();
    depth++;
    sequence(rules.get(name)!, name);
    depth--;
  }

  function sequence(items: readonly Production[], inRule: string): void {
    for (const item of items) production(item, inRule);
  }

  function production(item: Production, inRule: string): void {
    const deep = depth > 24;
    switch (item.type as string) {
      case "NonTerminal":
        rule(item.nonTerminalName ?? item.name!);
        return;
      case "Terminal": {
        const type = tokens.get(item.name!)!;
        if (!(inRule === "call" && type.name === "LeftParenthesis") && out.at(-1) !== "") space();
        out.push(spelling(type, random));
        return;
      }
      case "Alternation": {
        const all = item.definition!;
        const simple = Math.min(...all.map((each) => sequenceLeast(each.definition!)));
        const some = deep ? all.filter((each) => sequenceLeast(each.definition!) === simple) : all;
        sequence(random.pick(some).definition!, inRule);
        return;
      }
      case "Option":
        if (!deep && random.chance(0.4)) sequence(item.definition!, inRule);
        return;
      case "Repetition":
        while (!deep && random.chance(repeats(inRule))) sequence(item.definition!, inRule);
        return;
      case "RepetitionMandatory":
        do sequence(item.definition!, inRule); while (!deep && random.chance(0.3));
        return;
      case "RepetitionWithSeparator":
        if (deep || random.chance(0.3)) return;
        // falls through
      case "RepetitionMandatoryWithSeparator":
        sequence(item.definition!, inRule);
        while (!deep && random.chance(0.35)) {
          out.push(",");
          sequence(item.definition!, inRule);
        }
        return;
      default:
        sequence(item.definition ?? [], inRule);
    }
  }

  const count = 1 + random.integer(4);
  for (let i = 0; i < count; i++) rule("statement");
  line();
  return out.join("");
}

function repeats(rule: string): number {
  return /Declaration$|program|sweep/.test(rule) ? 0.7 : 0.12;
}

function comment(random: Random): string {
  return random.pick(["# note", "#", "## doc", "##doc", "#tight", "### three", "# a # b  ", "#!x"]);
}

function spelling(type: TokenType, random: Random): string {
  switch (type.name) {
    case "Word":
      return random.chance(0.8)
        ? random.pick(IDENTIFIERS)
        : random.pick([...FREE_FIELD_WORDS, "from", "to"]);
    case "Identifier":
      return random.pick(IDENTIFIERS);
    case "Reserved":
      return random.pick([...RESERVED_WORDS].filter((word) => word !== "from" && word !== "to"));
    case "Number":
      return random.pick(NUMBERS);
    case "Component":
      return random.pick(COMPONENTS);
    case "Text":
      return random.pick(TEXTS);
    case "Comparison":
      return random.pick(["=", "==", "!=", "<", "<=", ">", ">="]);
    default:
      return String(type.PATTERN instanceof RegExp ? "=" : type.PATTERN);
  }
}

/** The same value without spans and without spelling-independent details, to compare trees. */
export function withoutSpans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpans);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !["span", "operatorSpan", "body", "comments"].includes(key))
      .map(([key, inner]) => [key, withoutSpans(inner)]),
  );
}
