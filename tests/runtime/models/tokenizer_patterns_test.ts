import { assertEquals } from "@std/assert";
import { endsSurely, patternsOf } from "../../../runtime/models/tokenizer/patterns.ts";

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
const lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";

/** Patterns of published tokenizers. */
const published: Record<string, string> = {
  "GPT-2": "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  "Llama 3": `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}` +
    "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "Qwen 2": `${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}` +
    "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "GPT-4o": `[^\\r\\n\\p{L}\\p{N}]?${upper}*${lower}+${contractions}?` +
    `|[^\\r\\n\\p{L}\\p{N}]?${upper}+${lower}*${contractions}?|\\p{N}{1,3}` +
    "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "Mistral":
    `[^\\r\\n\\p{L}\\p{N}]?${upper}*${lower}+|[^\\r\\n\\p{L}\\p{N}]?${upper}+${lower}*|\\p{N}` +
    "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "DeepSeek 3":
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+" +
    "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "the scribe": '"""| ?\\p{L}+| ?\\p{N}{1,2}| ?[^\\s\\p{L}\\p{N}]|\\s+(?!\\S)|\\s+',
  "Falcon": "[0-9][0-9][0-9]",
};

Deno.test("patterns of published tokenizers end", () => {
  for (const [name, pattern] of Object.entries(published)) {
    assertEquals(endsSurely(pattern), true, name);
  }
});

Deno.test("repetition inside of repetition, and repetition with something behind, may not end", () => {
  const runaway = [
    "((.| )+)+\\x00|[^\\x00]",
    "(a+)+b",
    "(?:a|a)*b",
    "(?:a|aa)+",
    "a*a*b",
    "\\s+\\s+$",
    "a*b*(?!c)",
    "a*b*c*",
    "(a)\\1+",
    "(?:ab?)*",
    "a{1,}{2,}",
    "a++",
    "[a[b]]+",
    "[a-z&&b]+",
    "(?<name>a)",
    "(?>a+)",
    "\\X+",
    "(?=a*)",
    "a{1,1000}",
    "(",
    "*",
  ];
  assertEquals(runaway.filter(endsSurely), []);
  const fine = ["-", "\\s+", " {2,}", "[^ ]+ ?", "a*b+c?", "(?<!x)y+", "\\.|,", "", "x{3}", "a+?"];
  assertEquals(fine.filter((pattern) => !endsSurely(pattern)), []);
});

Deno.test("patterns are found in any depth", () => {
  assertEquals(
    patternsOf([null, {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: "a" } },
        { type: "Split", pattern: { String: "b" } },
        { type: "Sequence", pretokenizers: [{ pattern: { Regex: "c" } }] },
      ],
    }]),
    ["a", "c"],
  );
});
