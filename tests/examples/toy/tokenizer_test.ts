import { assert, assertEquals } from "@std/assert";
import {
  byteSymbols,
  learn,
  tokenizerConfigJson,
  tokenizerJson,
} from "../../../examples/training/bpe.ts";
import { centuries, readWords, toyCourse, years } from "../../../examples/toy/data.ts";
import { makeTokenizer } from "../../../examples/training/tokenizer.ts";
import { type Tokenizer, tokenizerFrom } from "../../../runtime/models/mod.ts";

const words = readWords();

function reader(files: Readonly<Record<string, string>>): Promise<Tokenizer> {
  return tokenizerFrom(
    JSON.parse(files["tokenizer.json"]),
    JSON.parse(files["tokenizer_config.json"]),
  );
}

Deno.test("the most frequent pair is joined first, and a rare one never", () => {
  const { merges, tokens } = learn(["aab aab aab", "cd"], 2);
  // " aab" occurs twice, "aab" once: `aa` and `ab` three times each, of which `aa` comes first.
  assertEquals(merges, [["a", "a"], ["aa", "b"], ["Ġ", "aab"]]);
  assertEquals(tokens.length, 256 + 3 + 1);
});

Deno.test("the 256 bytes have symbols of their own", () => {
  assertEquals(new Set(byteSymbols).size, 256);
  assertEquals([byteSymbols[0x20], byteSymbols[0x41], byteSymbols[0x0a]], ["Ġ", "A", "Ċ"]);
});

Deno.test("any text comes back as it was, even with no merge at all", async () => {
  const vocabulary = learn([], 1);
  const tokenizer = await reader({
    "tokenizer.json": tokenizerJson(vocabulary),
    "tokenizer_config.json": tokenizerConfigJson(64),
  });
  for (const text of ["Tea at 5, isn't it?", "  two\n\nlines ", "Zoë paid 3 € 😀"]) {
    const ids = await tokenizer.encode(text);
    assertEquals(ids.length, new TextEncoder().encode(text).length);
    assertEquals(tokenizer.decode(ids), text);
  }
});

Deno.test("names, things, places, events and pronouns after a space, years and centuries are single tokens", async () => {
  const { encode, files } = makeTokenizer(toyCourse(words), 64);
  const tokenizer = await reader(files);
  const { women, men, places, things, events } = words;
  const single = [
    ...[...women, ...men, ...places, ...things, ...events, "he", "she"].map((word) => ` ${word}`),
    ...centuries.map((century) => ` ${century}`),
    ...years,
  ];
  const tokens = await tokenizer.encodeAll(single);
  assertEquals(single.filter((_, i) => tokens[i].length !== 1), []);
  // The trainer's own encoder gives what the library gives.
  assertEquals(single.map(encode), tokens);
  for (const century of centuries) {
    for (const year of years) {
      const pieces = await tokenizer.encode(` ${century}${year}`);
      assertEquals(pieces.map(tokenizer.tokenText), [` ${century}`, year]);
    }
  }
});

Deno.test("the committed tokenizer is the one that the committed words give", () => {
  const { files, vocabulary } = makeTokenizer(toyCourse(words), 64);
  assert(vocabulary > 700 && vocabulary < 900, `${vocabulary} tokens`);
  const folder = new URL("../../../examples/models/toy/", import.meta.url);
  for (const [name, text] of Object.entries(files)) {
    assertEquals(Deno.readTextFileSync(new URL(name, folder)), text, name);
  }
});
