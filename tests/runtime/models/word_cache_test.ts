/** Tokens by remembered words are the library's tokens. */
import { assert, assertEquals } from "@std/assert";
import { Tokenizer } from "../../../base/packages/huggingface_tokenizers.ts";
import { byWords } from "../../../runtime/models/word_cache.ts";
import { randomFrom } from "../../../base/random.ts";

type Json = Record<string, unknown>;

const read = (path: string): Json =>
  JSON.parse(Deno.readTextFileSync(new URL(`../../../${path}`, import.meta.url)));
const toy = read("examples/models/toy/tokenizer.json");
const published = read("tests/fixtures/toy/tokenizer.json");
const stories = read("examples/models/stories260k/tokenizer.json");

/** Llama 3's pattern. */
const llama = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}" +
  "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const begun = {
  type: "TemplateProcessing",
  single: [{ SpecialToken: { id: "<|endoftext|>", type_id: 0 } }, {
    Sequence: { id: "A", type_id: 0 },
  }],
  pair: [],
  special_tokens: {},
};

const split = (regex: string, more: Json = {}) => ({
  type: "Sequence",
  pretokenizers: [
    { type: "Split", pattern: { Regex: regex }, behavior: "Isolated", invert: false, ...more },
    { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
  ],
});

const descriptions: Record<string, { description: Json; config?: Json; remembers: boolean }> = {
  "a split of its own": { description: toy, remembers: true },
  "GPT-2's split": { description: published, remembers: true },
  "Llama 3's split, and a first token": {
    description: { ...toy, pre_tokenizer: split(llama), post_processor: begun },
    remembers: true,
  },
  "a split that leaves gaps": {
    description: { ...toy, pre_tokenizer: split("\\p{L}+") },
    remembers: true,
  },
  "a normalizer": {
    description: { ...toy, normalizer: { type: "Lowercase" } },
    remembers: false,
  },
  "a space before every text": {
    description: {
      ...toy,
      pre_tokenizer: { type: "ByteLevel", add_prefix_space: true, use_regex: true },
    },
    remembers: false,
  },
  "a split that removes": {
    description: { ...toy, pre_tokenizer: split(" ", { behavior: "Removed" }) },
    remembers: false,
  },
  "Llama 2's visible spaces": { description: stories, remembers: true },
  "visible spaces within a token": {
    description: {
      ...stories,
      model: {
        ...stories.model as Json,
        vocab: { ...(stories.model as { vocab: Json }).vocab, "d\u2581a": 512 },
        merges: [["d", "\u2581a"], ...(stories.model as { merges: unknown[] }).merges],
      },
    },
    remembers: false,
  },
};

const pieces = [
  "When Hugo",
  " and Thea went",
  " ",
  "   ",
  "\n\n",
  "\t ",
  "1732",
  " 99",
  "isn't",
  " I'LL",
  "...",
  " (((",
  "é",
  " 学校",
  "😀",
  "\u00a0",
  "\u2581",
  " \u2581 ",
  "\ufeff",
  "\u0085",
  "<|endoftext|>",
  "<|endof",
  "a",
  "",
];

function library(description: Json, config: Json) {
  const implementation = new Tokenizer(description, config);
  let calls = 0;
  const count = (ids: number[]) => (calls++, ids);
  const whole = {
    encode: (text: string) => count(implementation.encode(text).ids),
    plain: (text: string) => count(implementation.encode(text, { add_special_tokens: false }).ids),
  };
  return { whole, preTokenizer: implementation.pre_tokenizer, calls: () => calls };
}

for (const [what, { description, config = {}, remembers }] of Object.entries(descriptions)) {
  Deno.test(`${what}: words ${remembers ? "are remembered" : "are left to the library"}, and all tokens are the library's`, () => {
    const { whole } = library(description, config);
    const counted = library(description, config);
    const fast = byWords(counted.whole, description, config, counted.preTokenizer);
    const random = randomFrom("words", what);
    for (let i = 0; i < 400; i++) {
      const text = Array.from({ length: random.integer(7) }, () => random.choose(pieces)).join("");
      assertEquals(fast.encode(text), whole.encode(text), JSON.stringify(text));
      assertEquals(fast.plain(text), whole.plain(text), JSON.stringify(text));
    }
    const before = counted.calls();
    const text = "When Hugo and Thea went";
    const first = fast.encode(text);
    for (let i = 0; i < 10; i++) assertEquals(fast.encode(text), first);
    const more = counted.calls() - before;
    const gaps = what.includes("gaps");
    assert(remembers && !gaps ? more <= 5 : more === 11, `${more} calls`);
  });
}

Deno.test("what is given is the caller's to change", () => {
  const { whole, preTokenizer } = library(toy, {});
  const fast = byWords(whole, toy, {}, preTokenizer);
  const tokens = fast.encode(" Hugo");
  tokens.push(1, 2, 3);
  assertEquals(fast.encode(" Hugo"), whole.encode(" Hugo"));
});
