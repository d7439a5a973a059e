import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ModelError, readTokenizer, tokenizerFrom } from "../../../runtime/models/mod.ts";
import { fixture, readJson, withFolder } from "./helpers.ts";

type Json = Record<string, unknown>;

const description = (name: string) => readJson<Json>(`${name}/tokenizer.json`);

Deno.test("byte-fallback tokenizer gives the golden tokens, beginning-of-text token first", async () => {
  const tokenizer = (await readTokenizer(fixture("stories260k")))!;
  const { cases } = readJson<{ cases: { text: string; tokens: number[] }[] }>(
    "stories260k/golden.json",
  );
  for (const { text, tokens } of cases) assertEquals(await tokenizer.encode(text), tokens);
  assertEquals(tokenizer.vocabulary, 512);
});

Deno.test("a continuation has neither special tokens nor a space that is not its own", async () => {
  const tokenizer = (await readTokenizer(fixture("stories260k")))!;
  assertEquals((await tokenizer.encodePlain(" Lily")).map(tokenizer.tokenText), [" Lily"]);
  assertEquals((await tokenizer.encodePlain("Lily")).map(tokenizer.tokenText).join(""), "Lily");
  assertEquals((await tokenizer.encodePlain("  two")).map(tokenizer.tokenText).join(""), "  two");
  assertEquals((await tokenizer.encodePlain("17")).map(tokenizer.tokenText), ["1", "7"]);
  const whole = await tokenizer.encode("Tom said to Lily");
  assertEquals(whole, [
    ...await tokenizer.encode("Tom said to"),
    ...await tokenizer.encodePlain(" Lily"),
  ]);
});

Deno.test("byte fallback: characters outside of the vocabulary come back", async () => {
  const tokenizer = (await readTokenizer(fixture("stories260k")))!;
  const tokens = await tokenizer.encodePlain("é 你");
  assertEquals(tokenizer.decode((await tokenizer.encode("é 你")).slice(1)), "é 你");
  assert(tokens.map(tokenizer.tokenText).includes("<0xE4>"));
});

Deno.test("byte-level tokenizer: no special tokens, spaces kept, added tokens whole", async () => {
  const tokenizer = (await readTokenizer(fixture("toy")))!;
  assertEquals(await tokenizer.encode(" Mary"), [654]);
  assertEquals(await tokenizer.encodePlain(" Mary"), [654]);
  assertEquals(tokenizer.tokenText(654), " Mary");
  assertEquals(await tokenizer.encode("<|endoftext|>"), [0]);
  assertEquals(tokenizer.tokenText(0), "<|endoftext|>");
  const text = "Then é 你\n  Mary";
  assertEquals(tokenizer.decode(await tokenizer.encode(text)), text);
  assertEquals(tokenizer.decode([]), "");
  assertEquals(tokenizer.vocabulary, 759);
});

Deno.test("add_prefix_space of tokenizer_config.json is followed, but not by continuations", async () => {
  const tokenizer = await tokenizerFrom(description("toy"), { add_prefix_space: true });
  assertEquals(await tokenizer.encode("Mary"), [654]);
  assertEquals((await tokenizer.encodePlain("Mary")).map(tokenizer.tokenText).join(""), "Mary");
  assertEquals((await tokenizer.encodePlain("  Mary")).map(tokenizer.tokenText).join(""), "  Mary");
});

Deno.test("add_bos_token counts where tokenizer.json has no post-processor, and only there", async () => {
  const config = { add_bos_token: true, bos_token: { content: "<|endoftext|>" } };
  assertEquals(await (await tokenizerFrom(description("toy"), config)).encode(" Mary"), [0, 654]);
  const stories = description("stories260k");
  assertEquals(await (await tokenizerFrom(stories, { add_bos_token: false })).encode("Lily"), [
    1,
    317,
  ]);
});

Deno.test("no tokenizer.json is no tokenizer; a damaged or unknown one is refused", async () => {
  await withFolder(async (folder) => {
    assertEquals(await readTokenizer(folder), null);
    await Deno.writeTextFile(`${folder}/tokenizer.json`, "{");
    const damaged = await assertRejects(() => readTokenizer(folder), ModelError);
    assertStringIncludes(damaged.message, "tokenizer.json is not JSON");
    const strange = { ...description("toy"), pre_tokenizer: { type: "Cuneiform" } };
    await Deno.writeTextFile(`${folder}/tokenizer.json`, JSON.stringify(strange));
    const unknown = await assertRejects(() => readTokenizer(folder), ModelError);
    assertStringIncludes(unknown.message, "Cuneiform");
  });
});
