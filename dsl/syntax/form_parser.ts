/** Rules of the parser made from their forms. @module */
import type { ParserMethod, TokenType } from "../../base/packages/chevrotain.ts";
import { nameOf, ParserBase, wordOf } from "./base.ts";
import { RULES, type Rules } from "./forms.ts";
import { type Form, isBare, type Part } from "./notation.ts";
import * as t from "./tokens.ts";
import { type BlockKind, W } from "./tokens.ts";

/** A record in the making. */
type Into = Record<string, unknown>;

/** Counts the parts of a rule: Chevrotain tells calls of the same kind apart by a number. */
interface Count {
  parts: number;
  lists: number;
}

/** Reads a rule of its own grammar; `read` reads the rule's form. */
type Own = (read: () => Into) => unknown;

/** Signs of forms, and the token of any word that may be a name. */
const SIGNS: Readonly<Record<string, TokenType>> = { "=": t.Equals, "->": t.Arrow, WORD: t.Word };

const typeOf = (word: string): TokenType => W[word] ?? SIGNS[word];

/** Chevrotain's calls for lists: the first of a rule, the second, the third. */
const SEPARATED = ["AT_LEAST_ONE_SEP", "AT_LEAST_ONE_SEP1", "AT_LEAST_ONE_SEP2"] as const;

/** Choices that messages describe in other words than their tokens'. */
const EXPECTED: Readonly<Record<string, string>> = {
  "textLiteral|name": "a file in quotes or a name",
  "name|'on'": "a name",
};

export abstract class FormParser extends ParserBase {
  /** The doc comment above an offset. */
  protected docs: (offset: number) => string | undefined = () => undefined;

  /** Conditions under which something optional is read. */
  readonly #gates: Readonly<Record<string, (into: Into) => boolean>> = {
    sameLine: () => !this.startsLine(1),
    // Only paths have ends: in `save edges of ep to "FILE"`, `to` belongs to the statement.
    ofPaths: ({ what }) => what === "paths" && !this.is(this.LA(2), t.TextToken),
    // The unit stands on the number's line and is not itself the field `steps 3000`.
    unit: () => !this.startsLine(1) && !this.is(this.LA(2), t.NumberToken),
    // `learning_rate masks 0.8`: a word with a number behind it on the line.
    rate: () =>
      [t.NumberToken, t.Word, t.LeftParenthesis].some((type) => this.is(this.LA(2), type)) &&
      !this.startsLine(2),
    noField: () => !t.WORDS_OF.schedule.has(this.LA(2).image),
  };

  protected abstract braces(of: BlockKind | "statements"): object;

  protected rule<T>(name: string): ParserMethod<[], T> {
    return (this as unknown as Readonly<Record<string, ParserMethod<[], T>>>)[name];
  }

  /** Makes the rules of a table, in its order. */
  protected define(rules: Rules, own: Readonly<Record<string, Own>> = {}): void {
    for (const [name, { kind, form }] of rules) {
      const readInto = this.#reader(form, { parts: 0, lists: 0 });
      const read = isBare(form) ? () => readInto({}) as Into : (): Into => {
        const start = this.offset();
        const record: Into = { kind };
        readInto(record);
        record.span = this.span(start);
        return record;
      };
      const reader = Object.hasOwn(own, name) ? () => own[name](read) : read;
      Object.assign(this, { [name]: this.RULE(name, reader) });
    }
  }

  /** Reads a form's parts into a record; returns the record, or the result of the part without a label. */
  #reader(form: Form, count: Count): (into: Into) => unknown {
    const [first] = form;
    if (form.length === 1 && first.type === "part" && first.label === "") {
      return this.#choice(first.choices, count);
    }
    const steps = form.map((part) => this.#step(part, count));
    const bare = isBare(form);
    return (into) => {
      for (let i = 0; i < steps.length; i++) steps[i](into);
      return bare ? into[""] : into;
    };
  }

  #step(part: Part, count: Count): (into: Into) => void {
    const index = count.parts++;
    switch (part.type) {
      case "word": {
        const type = typeOf(part.word);
        return () => void this.consume(index, type);
      }
      case "part": {
        const read = this.#choice(part.choices, count);
        return (into) => void (into[part.label] = read());
      }
      case "list":
        return this.#list(part, index, count);
      case "option":
        return this.#option(part, index, count);
      case "doc":
        return (into) => void (into.doc = this.docs(this.offset()));
      case "block":
        return (into) => void Object.assign(into, this.braces(part.of as BlockKind));
    }
  }

  #choice(choices: readonly string[], count: Count): () => unknown {
    const isWord = (choice: string) => choice === "WORD" || choice.startsWith("'");
    // Words alone are kept as text, as names where names are possible too.
    const kept = choices.every((choice) => choice.startsWith("'")) ? wordOf : nameOf;
    const reads = choices.map((choice) => {
      const index = count.parts++;
      if (!isWord(choice)) {
        let rule: ParserMethod<[], unknown> | undefined;
        return () => this.subrule(index, rule ??= this.rule(choice));
      }
      const type = typeOf(choice.replaceAll("'", ""));
      return () => kept(this.consume(index, type));
    });
    if (reads.length === 1) return reads[0];
    const index = count.parts++;
    const alternatives = {
      DEF: reads.map((ALT) => ({ ALT })),
      ERR_MSG: EXPECTED[choices.join("|")],
      IGNORE_AMBIGUITIES: choices.includes("ramp"),
    };
    return () => this.or(index, alternatives);
  }

  #list(
    { label, item, gate }: Extract<Part, { type: "list" }>,
    index: number,
    count: Count,
  ): (into: Into) => void {
    const read = this.#reader(item, count);
    if (gate) {
      const again = this.#reader(item, count);
      return (into) => {
        const items = [read({})];
        this.many(index, {
          GATE: () => this.#gates[gate](into),
          DEF: () => {
            this.consume(index, t.Comma);
            items.push(again({}));
          },
        });
        into[label] = items;
      };
    }
    const separated = SEPARATED[count.lists++];
    return (into) => {
      const items: unknown[] = [];
      this[separated]({ SEP: t.Comma, DEF: () => void items.push(read({})) });
      into[label] = items;
    };
  }

  #option(
    { label, parts, gate }: Extract<Part, { type: "option" }>,
    index: number,
    count: Count,
  ): (into: Into) => void {
    const read = this.#reader(parts, count);
    const isFlag = parts.every(({ type }) => type === "word");
    const absent = label === undefined
      ? absentOf(parts)
      : [[label, isFlag ? false : undefined] as const];
    const [first] = parts;
    const type = first.type === "word" ? typeOf(first.word) : undefined;
    return (into) => {
      for (let i = 0; i < absent.length; i++) into[absent[i][0]] = absent[i][1];
      // Most options are not there, as their first word shows without Chevrotain's way of deciding.
      if (type && this.LA(1).tokenType !== type && !this.RECORDING_PHASE) return;
      this.option(index, {
        GATE: gate ? () => this.#gates[gate](into) : undefined,
        DEF: () => {
          if (label === undefined) read(into);
          else into[label] = isFlag ? (read({}), true) : read({});
        },
      });
    };
  }
}

/** Values of the parts of an option that is not there, by label. */
function absentOf(parts: Form): readonly (readonly [string, unknown])[] {
  return parts.flatMap((part) =>
    part.type === "part" || part.type === "list"
      ? [[part.label, isList(part) ? [] : undefined] as const]
      : []
  );
}

function isList(part: Part): boolean {
  if (part.type !== "part") return part.type === "list";
  const form = RULES.get(part.choices[0])?.form;
  return form !== undefined && isBare(form) && form.some(isList);
}
