/** A folder's tokenizer is what other implementations make of the same files. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ModelError, readTokenizer, type Tokenizer } from "../../../runtime/models/mod.ts";
import { readJson, withFolder } from "./helpers.ts";

type Files = Readonly<Record<string, unknown>>;

interface Case {
  readonly what: string;
  readonly files: Files;
  readonly tokens: Readonly<Record<string, number[]>>;
}

async function withFiles(files: Files, test: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    for (const [name, value] of Object.entries(files)) {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    await test(folder);
  });
}

const withTokenizer = (files: Files, test: (tokenizer: Tokenizer) => Promise<void>) =>
  withFiles(files, async (folder) => await test((await readTokenizer(folder))!));

const refused = async (files: Files): Promise<ModelError> => {
  let error: ModelError | undefined;
  await withFiles(files, async (folder) => {
    error = await assertRejects(() => readTokenizer(folder), ModelError);
  });
  return error!;
};

for (const list of ["library", "added_tokens"]) {
  for (const { what, files, tokens } of readJson<Case[]>(`tokenizers/${list}.json`)) {
    Deno.test(`${list}: ${what}`, async () => {
      await withTokenizer(files, async (tokenizer) => {
        for (const [text, ids] of Object.entries(tokens)) {
          assertEquals(await tokenizer.encode(text), ids, text);
        }
      });
    });
  }
}

/** Words between blanks, with `a`, `b` and `c` as 1 to 3. */
const words = (changes: Files = {}) => ({
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: "WhitespaceSplit" },
  post_processor: null,
  decoder: null,
  model: { type: "WordLevel", vocab: { "[UNK]": 0, a: 1, b: 2, c: 3 }, unk_token: "[UNK]" },
  ...changes,
});

const flags = { lstrip: false, rstrip: false, single_word: false, normalized: false };
const added = (content: string, id: number) => ({ id, content, ...flags, special: true });

Deno.test("vocab.json and merges.txt are GPT-2's tokenizer", async () => {
  const vocabulary = ["<|endoftext|>", "a", "b", "\u0120a", "\u0120b", "\u0120", "ab", "\u0120ab"];
  const files = {
    "vocab.json": Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    "merges.txt": "#version: 0.2\n\u0120 a\n\u0120 b\na b\n\u0120a b\n",
    "tokenizer_config.json": { tokenizer_class: "GPT2Tokenizer" },
  };
  // By the merges, in order: " a" + "b", and "a" + "b" at the beginning only.
  await withTokenizer(files, async (tokenizer) => {
    assertEquals(await tokenizer.encode("a b ab"), [1, 4, 7]);
    assertEquals(await tokenizer.encode("ab<|endoftext|> b"), [6, 0, 4]);
    assertEquals(tokenizer.decode([6, 4, 0]), "ab b<|endoftext|>");
    assertEquals(tokenizer.vocabulary, 8);
  });
  await withTokenizer(
    { ...files, "added_tokens.json": { "<x>": 8 } },
    async (tokenizer) => assertEquals(await tokenizer.encode("b<x>b"), [2, 8, 2]),
  );
});

Deno.test("vocabularies of other forms are refused with the way to tokenizer.json", async () => {
  const cases: Files[] = [
    { "tokenizer.model": "x" },
    { "vocab.txt": "[PAD]\n[UNK]\n" },
    { "vocab.json": {}, "merges.txt": "", "tokenizer_config.json": { tokenizer_class: "Other" } },
    { "vocab.json": {} },
  ];
  for (const files of cases) {
    const { message, help } = await refused(files);
    assertStringIncludes(message, "and no tokenizer.json");
    assertStringIncludes(help, "save_pretrained");
  }
});

Deno.test("what would be read otherwise than it is meant is refused by name", async () => {
  const template = (special_tokens: Files) => ({
    type: "TemplateProcessing",
    single: [{ SpecialToken: { id: "<s>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
    pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 0 } }],
    special_tokens,
  });
  const bpe = { type: "BPE", vocab: { a: 0, b: 1, ab: 2 }, merges: ["a b"] };
  const bert = { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true };
  const cases: [Files, Files, string][] = [
    [{ added_tokens: [added("<s>", 9)] }, {}, 'the token "<s>" is declared as 9, and is read as 4'],
    [{ added_tokens: [added("a", 4)] }, {}, 'the token "a" is declared as 4, and is read as 1'],
    [{}, { added_tokens_decoder: { 9: { content: "<s>" } } }, '"<s>" is declared as 9'],
    [{ model: { ...bpe, dropout: 0.1 } }, {}, "drops merges at random (dropout 0.1)"],
    [
      { model: { type: "WordLevel", vocab: { a: 1, b: 1 }, unk_token: "a" } },
      {},
      'the tokens "a" and "b" are both 1',
    ],
    // The library ends the process for this one.
    [{ post_processor: template({}) }, {}, 'post_processor uses "<s>"'],
    [
      { post_processor: template({ "<s>": { id: "<s>", ids: [99], tokens: ["<s>"] } }) },
      {},
      'post_processor gives "<s>" as token 99',
    ],
    [
      { post_processor: { type: "BertProcessing", sep: ["b", 2], cls: ["<s>", 1] } },
      {},
      'post_processor gives "<s>" as token 1',
    ],
    [{}, { split_special_tokens: true }, "sets split_special_tokens"],
    [{}, { fix_mistral_regex: true }, "sets fix_mistral_regex"],
    [
      { normalizer: { ...bert, strip_accents: null, lowercase: false } },
      { do_lower_case: true },
      "its normalizer has lowercase false, and tokenizer_config.json do_lower_case true",
    ],
    [{ pre_tokenizer: { type: "Cuneiform" } }, {}, 'its pre_tokenizer is {"type":"Cuneiform"}'],
    [
      {
        normalizer: {
          type: "Sequence",
          normalizers: [{ type: "NFC" }, { type: "Replace", pattern: { Regex: "(" }, content: "" }],
        },
      },
      {},
      'end pattern with unmatched parenthesis, by its regular expression "("',
    ],
    [
      { normalizer: { type: "Precompiled", precompiled_charsmap: "AAQAAAAA" } },
      {},
      "the process was ended, by its step Precompiled",
    ],
    [{ pre_tokenizer: { type: "FixedLength", length: 0 } }, {}, "by its step FixedLength"],
    [
      { model: { ...bpe, continuing_subword_prefix: "##" } },
      {},
      'its merge "a b" lacks the prefix "##"',
    ],
    [
      { model: { vocab: { a: 0, b: 1 }, merges: ["a b"], continuing_subword_prefix: "xx" } },
      {},
      'its merge "a b" lacks the prefix "xx"',
    ],
    [{ added_tokens: { a: 1 } }, {}, "its added_tokens are no list of tokens"],
    [{ decoder: { type: "Runes" } }, {}, 'its decoder is {"type":"Runes"}'],
    [{ model: { type: "Oracle", vocab: { a: 0 } } }, {}, 'its model is {"type":"Oracle"}'],
    [
      { decoder: { type: "Replace", pattern: { Regex: "(a+)+" }, content: "" } },
      {},
      "its decoder has a regular expression that may run away",
    ],
    [
      { decoder: { type: "Strip", content: " ", start: 0, stop: 1 } },
      {},
      "its decoder strips text on the right",
    ],
    [{}, { add_eos_token: true }, "add_eos_token and names no eos_token"],
  ];
  for (const [description, config, problem] of cases) {
    const error = await refused({
      "tokenizer.json": words(description),
      "tokenizer_config.json": config,
    });
    assertStringIncludes(error.message, problem);
  }
  assertStringIncludes((await refused({ "tokenizer.json": [] })).message, "must hold a record");
  const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n";
  assertStringIncludes((await refused({ "tokenizer.json": pointer })).message, "Git LFS pointer");
});

Deno.test("add_bos_token and add_eos_token count where tokenizer.json says nothing of ends", async () => {
  const config = { bos_token: "b", eos_token: "c", add_bos_token: true, add_eos_token: true };
  const files = { "tokenizer.json": words(), "tokenizer_config.json": config };
  await withTokenizer(files, async (tokenizer) => {
    assertEquals(await tokenizer.encode("a"), [2, 1, 3]);
    assertEquals(await tokenizer.encodePlain("a"), [1]);
  });
});

Deno.test("a text that cannot be written is refused, alone or among others", async () => {
  const model = { type: "Unigram", unk_id: null, vocab: [["A", -1], ["B", -1]] };
  const files = { "tokenizer.json": words({ pre_tokenizer: null, model }) };
  await withTokenizer(files, async (tokenizer) => {
    assertEquals(await tokenizer.encodeAll(["AB", "BA"]), [[0, 1], [1, 0]]);
    assertEquals(tokenizer.tokenText(1).trim(), "B");
    const unwritable = 'cannot write "Ab"';
    await assertRejects(() => tokenizer.encodeAll(["AB", "Ab"]), ModelError, unwritable);
    assertThrows(() => tokenizer.encode("Ab"), ModelError, unwritable);
    assertThrows(() => tokenizer.encodePlain("Ab"), ModelError, unwritable);
    await assertRejects(() => tokenizer.encodeAll(["A".repeat(2_000_000)]), ModelError, "too long");
    assertThrows(() => tokenizer.encode("A".repeat(2_000_000)), ModelError, "too long");
  });
});

Deno.test("a regular expression that may run away has a process of its own", async () => {
  const split = (Regex: string) => ({
    "tokenizer.json": words({
      pre_tokenizer: { type: "Split", pattern: { Regex }, behavior: "Removed", invert: false },
    }),
  });
  await withTokenizer(split("(?:-|_-)+"), async (tokenizer) => {
    assertEquals(await tokenizer.encodeAll(["a-b", "b_--_-c", "a_c"]), [[1, 2], [2, 3], [0]]);
    assertThrows(() => tokenizer.encode("a"), ModelError, "is used in a process of its own");
  });
  await withTokenizer(split("((.| )+)+\\x00|[^\\x00]"), async (tokenizer) => {
    const started = performance.now();
    const text = "When Hugo and Thea went to the park";
    const error = await assertRejects(() => tokenizer.encodeAll([text]), ModelError);
    assertStringIncludes(error.message, "tokenizer.json cannot be used: the process was ended");
    assertStringIncludes(error.message, 'by its regular expression "((.| )+)+');
    assert(performance.now() - started < 60_000);
    // It is not tried again.
    await assertRejects(() => tokenizer.encodeAll(["a"]), ModelError, "cannot be used");
  });
});

Deno.test("a text is tokenised at once as among others, whatever becomes of its length", async () => {
  // The normalizer makes 40 tokens of each letter, more than the memory that a text of its length begins with.
  const normalizer = { type: "Replace", pattern: { String: "a" }, content: "b ".repeat(40) };
  const files = { "tokenizer.json": words({ normalizer, pre_tokenizer: { type: "Whitespace" } }) };
  await withTokenizer(files, async (tokenizer) => {
    for (const text of ["", "b", "a".repeat(50), "c b a"]) {
      const [expected] = await tokenizer.encodeAll([text]);
      assertEquals(tokenizer.encode(text), expected);
      assertEquals(tokenizer.encodePlain(text), (await tokenizer.encodePlainAll([text]))[0]);
    }
    assertEquals(tokenizer.encode("a".repeat(50)).length, 2000);
  });
});
