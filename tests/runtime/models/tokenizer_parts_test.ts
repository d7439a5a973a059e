/**
 * Every part of a description does what its documentation says. A tokenizer's vocabulary is the expected pieces, so that any
 * other piece is unknown.
 */
import { assertEquals } from "@std/assert";
import { tokenizerFrom } from "../../../runtime/models/mod.ts";

type Json = Record<string, unknown>;

async function check(parts: Json, text: string, pieces: readonly string[], model?: Json) {
  const vocabulary = ["[UNK]", ...new Set(pieces)];
  const vocab = Object.fromEntries(vocabulary.map((piece, id) => [piece, id]));
  const tokenizer = await tokenizerFrom({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    model: model === undefined
      ? { type: "WordLevel", vocab, unk_token: "[UNK]" }
      : { ...model, vocab: { ...vocab, ...model.vocab as Json } },
    ...parts,
  }, {});
  const expected = pieces.map((piece) => vocab[piece]);
  assertEquals(await tokenizer.encode(text), expected, `${JSON.stringify(parts)} of ${text}`);
}

Deno.test("pre-tokenizers cut text as documented", async () => {
  const countdown = "the-final--countdown";
  const behaviors: Record<string, string[]> = {
    Removed: ["the", "final", "countdown"],
    Isolated: ["the", "-", "final", "-", "-", "countdown"],
    Contiguous: ["the", "-", "final", "--", "countdown"],
    MergedWithPrevious: ["the-", "final-", "-", "countdown"],
    MergedWithNext: ["the", "-final", "-", "-countdown"],
  };
  for (const [behavior, pieces] of Object.entries(behaviors)) {
    for (const pattern of [{ String: "-" }, { Regex: "-" }]) {
      const split = { type: "Split", pattern, behavior, invert: false };
      await check({ pre_tokenizer: split }, countdown, pieces);
    }
    await check({ pre_tokenizer: { type: "Punctuation", behavior } }, countdown, pieces);
    // What is not a letter is the delimiter: the same, but for delimiters side by side.
    const inverted = { type: "Split", pattern: { Regex: "[a-z]+" }, behavior, invert: true };
    await check(
      { pre_tokenizer: inverted },
      "the-final-countdown",
      {
        Removed: ["the", "final", "countdown"],
        Isolated: ["the", "-", "final", "-", "countdown"],
        Contiguous: ["the", "-", "final", "-", "countdown"],
        MergedWithPrevious: ["the-", "final-", "countdown"],
        MergedWithNext: ["the", "-final", "-countdown"],
      }[behavior]!,
    );
  }
  const cases: [Json, string, string[]][] = [
    [{ type: "Whitespace" }, "José, Zoë's x_1!?", ["José", ",", "Zoë", "'", "s", "x_1", "!?"]],
    [{ type: "WhitespaceSplit" }, "José, \tZoë\u3000b", ["José,", "Zoë", "b"]],
    [{ type: "BertPreTokenizer" }, "a,b c!", ["a", ",", "b", "c", "!"]],
    [{ type: "Digits", individual_digits: true }, "x12½²٣", ["x", "1", "2", "½", "²", "٣"]],
    [{ type: "Digits", individual_digits: false }, "x12½²٣y", ["x", "12½²٣", "y"]],
    [{ type: "CharDelimiterSplit", delimiter: "_" }, "a_b__c", ["a", "b", "c"]],
    [{ type: "UnicodeScripts" }, "abвг", ["ab", "вг"]],
    [{ type: "FixedLength", length: 2 }, "abcde", ["ab", "cd", "e"]],
    [byteLevel({}), "a b's é", ["a", "Ġb", "'s", "ĠÃ©"]],
    [byteLevel({ add_prefix_space: true }), "a b", ["Ġa", "Ġb"]],
    [byteLevel({ use_regex: false }), "a b", ["aĠb"]],
    [metaspace("always", true), "a b", ["▁a", "▁b"]],
    [metaspace("never", true), "a b", ["a", "▁b"]],
    [metaspace("first", true), "a b", ["▁a", "▁b"]],
    [metaspace("always", false), "a b", ["▁a▁b"]],
    [
      { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, { type: "Punctuation" }] },
      "a. b",
      ["a", ".", "b"],
    ],
  ];
  for (const [pre_tokenizer, text, pieces] of cases) await check({ pre_tokenizer }, text, pieces);
});

const byteLevel = (changes: Json) => ({
  ...{ type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  ...changes,
});

const metaspace = (prepend_scheme: string, split: boolean) => ({
  ...{ type: "Metaspace", replacement: "▁", prepend_scheme, split },
});

Deno.test("normalizers change text as documented", async () => {
  const replace = (pattern: Json) => ({ type: "Replace", pattern, content: "+" });
  const bert = (changes: Json) => ({
    ...{ type: "BertNormalizer", clean_text: true, handle_chinese_chars: true },
    ...{ strip_accents: null, lowercase: true, ...changes },
  });
  const cases: [Json, string, string][] = [
    [{ type: "Lowercase" }, "ÀB", "àb"],
    [{ type: "NFC" }, "e\u0301ﬁ", "éﬁ"],
    [{ type: "NFD" }, "éﬁ", "e\u0301ﬁ"],
    [{ type: "NFKC" }, "e\u0301ﬁ", "éfi"],
    [{ type: "NFKD" }, "éﬁ", "e\u0301fi"],
    [{ type: "StripAccents" }, "e\u0301a", "ea"],
    [{ type: "Strip", strip_left: true, strip_right: false }, "  a ", "a "],
    [{ type: "Strip", strip_left: false, strip_right: true }, "  a ", "  a"],
    [replace({ String: "." }), "a.b", "a+b"],
    [replace({ Regex: "\\s+" }), "a \t b", "a+b"],
    [{ type: "Prepend", prepend: "▁" }, "a", "▁a"],
    [{ type: "ByteLevel" }, "a é", "aĠÃ©"],
    [bert({}), "É\u0000李", "e 李 "],
    [bert({ lowercase: false }), "É", "É"],
    [bert({ lowercase: false, strip_accents: true }), "É", "E"],
    [bert({ handle_chinese_chars: false }), "李", "李"],
    [
      { type: "Sequence", normalizers: [{ type: "Lowercase" }, replace({ String: "a" })] },
      "AB",
      "+b",
    ],
  ];
  for (const [normalizer, text, piece] of cases) await check({ normalizer }, text, [piece]);
});

Deno.test("models write words as documented", async () => {
  const wordPiece = (changes: Json) => ({
    ...{ type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##" },
    ...{ max_input_chars_per_word: 100, ...changes },
  });
  await check({}, "unaffable", ["un", "##aff", "##able"], wordPiece({}));
  await check(
    {},
    "unaffable",
    ["un", "@@aff", "@@able"],
    wordPiece({ continuing_subword_prefix: "@@" }),
  );
  await check({}, "aaaa", ["[UNK]"], wordPiece({ max_input_chars_per_word: 3, vocab: { a: 9 } }));

  const bpe = (changes: Json) => ({
    ...{ type: "BPE", dropout: null, unk_token: null, continuing_subword_prefix: null },
    ...{ end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, ignore_merges: false },
    ...changes,
  });
  const letters = { a: 11, b: 12 };
  await check({}, "abc", ["ab", "c"], bpe({ vocab: letters, merges: [["a", "b"]] }));
  await check(
    {},
    "ab",
    ["ab</w>"],
    bpe({ vocab: { a: 11, "b</w>": 12 }, merges: ["a b</w>"], end_of_word_suffix: "</w>" }),
  );
  await check(
    {},
    "ab",
    ["ab"],
    bpe({ vocab: { a: 11, "##b": 12 }, merges: ["a ##b"], continuing_subword_prefix: "##" }),
  );
  const unknown = { unk_token: "[UNK]", merges: [], vocab: letters };
  await check({}, "xy", ["[UNK]", "[UNK]"], bpe(unknown));
  await check({}, "xy", ["[UNK]"], bpe({ ...unknown, fuse_unk: true }));
  await check({}, "é", ["<0xC3>", "<0xA9>"], bpe({ ...unknown, byte_fallback: true }));
  await check({}, "ab", ["ab"], bpe({ vocab: letters, merges: [], ignore_merges: true }));

  // The likeliest pieces: -1 - 1 against -3 for `abc` whole, and the piece of an unknown letter.
  const vocab = [["[UNK]", 0], ["a", -9], ["ab", -1], ["c", -1], ["abc", -3]];
  const unigram = await tokenizerFrom(
    { model: { type: "Unigram", unk_id: 0, vocab, byte_fallback: false }, version: "1.0" },
    {},
  );
  assertEquals(await unigram.encode("abc"), [2, 3]);
  assertEquals(await unigram.encode("xab"), [0, 2]);
});

Deno.test("post-processors put tokens around a text", async () => {
  const vocab = { a: 0, "<s>": 1, "</s>": 2 };
  const piece = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const [A, B] = ["A", "B"].map((id) => ({ Sequence: { id, type_id: 0 } }));
  const special = (id: string, number: number) => ({ id, ids: [number], tokens: [id] });
  const template = (single: Json[]) => ({
    type: "TemplateProcessing",
    single,
    pair: [A, B],
    special_tokens: { "<s>": special("<s>", 1), "</s>": special("</s>", 2) },
  });
  const pairs = { cls: ["<s>", 1], sep: ["</s>", 2] };
  const byteLevelEnd = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true };
  const cases: [Json | null, number[]][] = [
    [null, [0]],
    [byteLevelEnd, [0]],
    [template([piece("<s>"), A]), [1, 0]],
    [template([A, piece("</s>"), piece("</s>")]), [0, 2, 2]],
    [{ type: "BertProcessing", ...pairs }, [1, 0, 2]],
    [
      { type: "RobertaProcessing", ...pairs, trim_offsets: true, add_prefix_space: false },
      [1, 0, 2],
    ],
    [{ type: "Sequence", processors: [byteLevelEnd, template([piece("<s>"), A])] }, [1, 0]],
  ];
  for (const [post_processor, tokens] of cases) {
    const tokenizer = await tokenizerFrom({
      version: "1.0",
      post_processor,
      model: { type: "WordLevel", vocab, unk_token: "a" },
    }, {});
    assertEquals(await tokenizer.encode("a"), tokens);
    assertEquals(await tokenizer.encodePlain("a"), [0]);
  }
});
