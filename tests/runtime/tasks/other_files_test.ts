/** Data files as other programs write them: read, or refused with the sentence that helps. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type DataDefinition, TaskError, taskFromFiles } from "../../../runtime/tasks/mod.ts";

const DATA = new URL("../../fixtures/data/", import.meta.url).pathname;
const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const TOKENS = '"clean_tokens": [3, 5], "corrupted_tokens": [4, 5], "answers": [1]';

/** The test split of one file, whose prompts are token ids. */
async function load(
  name: string,
  content: string | Uint8Array | null,
  columns: DataDefinition["columns"] = {},
) {
  const path = content === null ? DATA + name : `${folder}/${name}`;
  if (typeof content === "string") await Deno.writeTextFile(path, content);
  else if (content !== null) await Deno.writeFile(path, content);
  const definition = { name: "t", files: { test: path }, metric: "kl", seed: 0, columns } as const;
  return (await taskFromFiles(definition, null)).examples.test;
}

const refused = (...parameters: Parameters<typeof load>): Promise<TaskError> =>
  assertRejects(() => load(...parameters), TaskError);

Deno.test("NaN and Infinity as Python writes them stand in columns that are not used, and are named in those that are", async () => {
  const rows = ["NaN", "Infinity", "-Infinity", '"NaN"'].map((score) =>
    `{${TOKENS}, "score": ${score}}`
  );
  assertEquals((await load("nan.jsonl", rows.join("\n"))).length, 4);
  assertEquals((await load("nan.json", `{"prompts": [${rows}]}`)).length, 4);
  const { message } = await refused("used.jsonl", `{${TOKENS}, "wrong": NaN}`);
  assertStringIncludes(message, "`wrong answers` must be token ids: this is NaN");
  assertStringIncludes(
    (await refused("list.jsonl", `{${TOKENS}, "wrong": [2, NaN]}`)).message,
    "this is NaN",
  );
});

Deno.test("a byte-order mark is passed over in every form of text", async () => {
  const csv = 'clean_tokens,corrupted_tokens,answers\n"[3, 5]","[4, 5]",1\n';
  const files = { "m.jsonl": `{${TOKENS}}\n`, "m.json": `[{${TOKENS}}]`, "m.csv": csv };
  for (const [name, text] of Object.entries(files)) {
    const [example] = await load(name, "\ufeff" + text);
    assertEquals([...example.cleanTokens, ...example.answers], [3, 5, 1], name);
  }
});

Deno.test("UTF-16 is named", async () => {
  const utf16 = new Uint8Array(
    Uint16Array.from("\ufeffclean,corrupted", (c) => c.charCodeAt(0)).buffer,
  );
  for (const name of ["u.csv", "u.jsonl", "u.json"]) {
    const { message, help } = await refused(name, utf16);
    assertStringIncludes(message, `${name}: the file is UTF-16`);
    assertEquals(help, "save it as UTF-8");
  }
});

Deno.test("JSON over several lines, lists and lines in the other ending each get one sentence", async () => {
  const row = JSON.parse(`{${TOKENS}}`);
  const pretty = await refused("p.jsonl", `\n${JSON.stringify(row, null, 2)}\n`.repeat(3));
  assertStringIncludes(
    pretty.message,
    "p.jsonl:2: a JSON object goes over several lines (2 to 14)",
  );
  assertStringIncludes(pretty.help, "jq -c");
  for (const text of [JSON.stringify([row, row]), JSON.stringify([row], null, 1)]) {
    const list = await refused("l.jsonl", text);
    assertStringIncludes(list.message, "the file is one JSON list");
    assertStringIncludes(list.help, ".json");
  }
  const lines = await refused("l.json", `{${TOKENS}}\n\n{${TOKENS}}\n`);
  assertStringIncludes(lines.message, "the file has one JSON object on each line");
  assertStringIncludes(lines.help, ".jsonl");
  // A row that is damaged is still a broken row, with its line.
  assertStringIncludes(
    (await refused("d.jsonl", `{"clean": [\n{${TOKENS}}\n`)).message,
    "d.jsonl:1: not JSON",
  );
  assertEquals((await load("ok.json", JSON.stringify({ prompts: [row] }, null, 2))).length, 1);
});

Deno.test("what a column of tokens holds is never read as text", async () => {
  const csv = (columns: string) => `${columns}\n3 4 5,6 4 5,7\n5 4 3,6 4 3,8\n`;
  const { message, help } = await refused("t.csv", csv("clean_tokens,corrupted_tokens,answers"));
  assertStringIncludes(
    message,
    'csv:2: `clean_tokens` must be a list of token ids, such as [3, 4, 5]: this is "3 4 5"',
  );
  assertStringIncludes(help, "does not end in `_tokens`");
  assertStringIncludes(
    (await refused("w.jsonl", `{${TOKENS}, "wrong_tokens": "a b"}`)).message,
    "`wrong_tokens` must be a list of token ids",
  );
});

Deno.test("fields of records are columns, in JSON and in Parquet with whole numbers of 64 bits", async () => {
  const row = '{"prompt": {"ids": [3, 5], "a.b": {"c": [4, 5]}}, "gold": 1, "meta": null}';
  const columns = { clean: "prompt.ids", corrupted: "prompt.a.b.c", answers: "gold" };
  const [example] = await load("r.jsonl", row, columns);
  assertEquals([...example.corruptedTokens], [4, 5]);
  // A record that is null has no wrong answers.
  const [without] = await load("r.jsonl", row, { ...columns, wrong: "meta.wrong" });
  assertEquals(without.wrong.length, 0);
  const inside = await refused("r.jsonl", row, { ...columns, clean: "prompt" });
  assertStringIncludes(inside.message, '`prompt` holds a record: {"ids":[3,5]');
  assertStringIncludes(inside.help, '`columns clean "prompt.ids"`');

  // Written by Arrow: prompt text, choices list<text>, answerKey int64, twin struct of the same three.
  const whole = await refused("records.parquet", null, {
    clean: "prompt",
    corrupted: "twin",
    answers: "choices",
  });
  assertStringIncludes(whole.message, '`twin` holds a record: {"prompt":"Ned saw"');
  assertStringIncludes(whole.help, '`columns corrupted "twin.prompt"`');
  const named = { clean: "prompt", corrupted: "twin.prompt", answers: "twin.choices" };
  // The columns are found, so that what is missing is the model's tokenizer.
  assertStringIncludes(
    (await refused("records.parquet", null, named)).message,
    "the model has no tokenizer",
  );
  const missing = await refused("records.parquet", null, { ...named, answers: "twin.none" });
  assertStringIncludes(missing.message, "there is no column `twin.none`");
  assertStringIncludes(missing.help, "twin.choices");
  const number = await refused("records.parquet", null, { ...named, clean: "twin.answerKey" });
  assertStringIncludes(number.message, "must be text or a list of token ids: this is 0");
});

Deno.test("a Parquet file that claims more than it holds is refused before memory is taken", async () => {
  for (
    const [name, claim] of [["claims-4G-rows", "4,000,000,000 rows"], [
      "claims-2G-bytes",
      "2,147,483,647 bytes",
    ]]
  ) {
    const before = Deno.memoryUsage().rss;
    const { message } = await refused(`${name}.parquet`, null);
    assertStringIncludes(message, `claims to hold ${claim}`);
    assert(Deno.memoryUsage().rss - before < 2 ** 28);
  }
  // Every byte of a small file replaced in turn: an answer or an error, never a hang.
  const bytes = await Deno.readFile(`${DATA}tokens.parquet`);
  for (let at = 0; at < bytes.length; at += 7) {
    for (const value of [0xff, 0x7f]) {
      const damaged = bytes.slice();
      damaged[at] = value;
      await load("damaged.parquet", damaged).catch((error) =>
        assert(error instanceof TaskError, error.stack)
      );
    }
  }
});

Deno.test("a task from data that names no metric has the one that its wrong answers call for", async () => {
  const row = (wrong: string) => `{${TOKENS}${wrong}}`;
  const metricOf = async (...rows: string[]) => {
    const path = `${folder}/metric.jsonl`;
    await Deno.writeTextFile(path, rows.join("\n"));
    const files = { test: path };
    return (await taskFromFiles({ name: "t", files, seed: 0 }, null)).metric;
  };
  assertEquals(await metricOf(row(', "wrong": 2'), row(', "wrong": [2, 0]')), "logit_difference");
  assertEquals(await metricOf(row("")), "kl");
  // A logit difference is not defined on the second row.
  assertEquals(await metricOf(row(', "wrong": 2'), row(', "wrong": null')), "kl");
});
