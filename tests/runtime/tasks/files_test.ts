import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import {
  type DataDefinition,
  type LoadOptions,
  SPLITS,
  TaskError,
  taskFromFiles,
} from "../../../runtime/tasks/mod.ts";
import { TOY, toyTokenizer } from "./tokenizer.ts";

const DATA = new URL("../../fixtures/data/", import.meta.url).pathname;
const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const PAIR = {
  clean: "So Frank is such a good friend, isn't",
  corrupted: "So Fiona is such a good friend, isn't",
  answers: [" he"],
  wrong_answers: [" she"],
};
const NAMES = ["Frank", "Alan", "Paul", "Robert", "Carl", "Luke", "Victor", "Jack", "John", "Leo"];
const PAIRS = NAMES.map((name) => ({ ...PAIR, clean: `So ${name} is such a good friend, isn't` }));

function write(name: string, content: string | Uint8Array): string {
  const path = `${folder}/${name}`;
  Deno.writeFileSync(
    path,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
  return path;
}

const lines = (rows: readonly unknown[]) =>
  rows.map((row) => typeof row === "string" ? row : JSON.stringify(row)).join("\n") + "\n";

function load(
  files: DataDefinition["files"],
  more: Partial<DataDefinition> = {},
  options: LoadOptions = {},
) {
  const definition: DataDefinition = {
    name: "mine",
    files,
    metric: "logit_difference",
    seed: 1,
    ...more,
  };
  return taskFromFiles(definition, toyTokenizer, { contextLength: 64, ...options });
}

const all = { train: 0, validation: 0, test: 10 };

Deno.test("the toy fixture loads, a file for each split; its repeats across splits are refused unless allowed", async () => {
  for (const task of ["indirect-object", "greater-than", "pronoun"]) {
    const files = Object.fromEntries(
      SPLITS.map((split) => [split, `${TOY}${task}.${split}.jsonl`]),
    );
    const error = await load(files).then(() => undefined, (error: TaskError) => error);
    if (task === "pronoun") {
      assertStringIncludes(error!.message, " in another split too: ");
    }
    const loaded = await load(files, { allowOverlap: true });
    assertEquals(SPLITS.map((split) => loaded.examples[split].length), [200, 200, 1000]);
    assertEquals(
      loaded.notes,
      SPLITS.flatMap((split) => unchangedNotes(files[split]))
        .concat(error === undefined ? [] : error.message.split("\nhelp:")[0]),
    );
    const some = await load(files, { allowOverlap: true, examples: { train: 5, test: 7 } });
    assertEquals(SPLITS.map((split) => some.examples[split].length), [5, 200, 7]);
    assertEquals(some.examples.train, loaded.examples.train.slice(0, 5));
  }
});

/** The note on a file's rows whose two prompts are one text, by their lines. */
function unchangedNotes(path: string): string[] {
  const rows = Deno.readTextFileSync(path).trimEnd().split("\n").map((line) => JSON.parse(line));
  const same = [...rows.keys()].filter((i) => rows[i].clean === rows[i].corrupted);
  if (same.length === 0) return [];
  return [
    `${path}: in ${same.length} of ${rows.length} rows the corrupted prompt is the clean one, first in ` +
    `${path}:${same[0] + 1}: they tell nothing of any edge under \`interchange\``,
  ];
}

Deno.test("rows whose corrupted prompt is the clean one are noted, in token ids too", async () => {
  const row = (corrupted: number[]) => ({
    clean_tokens: [5, 6],
    corrupted_tokens: corrupted,
    answers: [7],
    wrong_answers: [8],
  });
  const path = write("same.jsonl", lines([row([5, 7]), row([5, 6]), row([5, 9]), row([5, 6])]));
  const task = await load(path, { examples: { train: 4, validation: 0, test: 0 } });
  assertEquals(task.notes, [
    `${path}: in 2 of 4 rows the corrupted prompt is the clean one, first in ${path}:2: ` +
    "they tell nothing of any edge under `interchange`",
  ]);
});

Deno.test("every format gives the same examples", async () => {
  const csv = (separator: string) =>
    ["clean", "corrupted", "answer", "wrong"].join(separator) + "\r\n" +
    PAIRS.map((p) => [`"${p.clean}"`, `"${p.corrupted}"`, " he", '"["" she""]"'].join(separator))
      .join("\r\n");
  const parquet = parquetWriteBuffer({
    columnData: [
      { name: "clean", data: PAIRS.map((p) => p.clean), type: "STRING" },
      { name: "corrupt", data: PAIRS.map((p) => p.corrupted), type: "STRING" },
      { name: "answer", data: PAIRS.map(() => " he"), type: "STRING" },
      { name: "wrong", data: PAIRS.map(() => " she"), type: "STRING" },
    ],
  });
  const promptSet = {
    seq_labels: null,
    prompts: PAIRS.map((p) => ({
      clean: p.clean,
      corrupt: p.corrupted,
      answers: p.answers,
      wrong_answers: p.wrong_answers,
    })),
  };
  const files = [
    write("a.jsonl", lines(PAIRS)),
    write("a.csv", "\uFEFF" + csv(",")),
    write("a.tsv", csv("\t")),
    write("a.parquet", new Uint8Array(parquet)),
    write("a.json", JSON.stringify(promptSet)),
  ];
  const expected = (await load(files[0], { examples: all })).examples;
  assertEquals(expected.test.length, 10);
  assertEquals(expected.test.map((e) => e.clean).toSorted(), PAIRS.map((p) => p.clean).toSorted());
  for (const file of files.slice(1)) {
    assertEquals((await load(file, { examples: all })).examples, expected, file);
  }
});

Deno.test("Parquet written by Arrow: three compressions, lists of texts, integer columns", async () => {
  for (const compression of ["snappy", "gzip", "zstd"]) {
    const task = await load(`${DATA}pairs.${compression}.parquet`, { examples: { test: 4 } });
    const frank = task.examples.test.find((e) => e.clean === PAIR.clean)!;
    assertEquals(toyTokenizer.decode([...frank.answers, ...frank.wrong]), " he she");
  }
  const tokens = await taskFromFiles(
    { name: "t", files: { test: `${DATA}tokens.parquet` }, metric: "kl", seed: 1 },
    null,
    { vocabulary: 11 },
  );
  assertEquals(tokens.examples.test[1].cleanTokens, Int32Array.of(4, 5, 6));
  assertEquals(tokens.examples.test[1].answers, Int32Array.of(10));
  assertEquals(tokens.examples.test[1].clean, "4 5 6");
});

Deno.test("columns can be named", async () => {
  const rows = PAIRS.map((p) => ({
    question: p.clean,
    broken: p.corrupted,
    good: " he",
    clean: "not this",
  }));
  const columns = { clean: "question", corrupted: "broken", answers: "good" };
  const task = await load(write("named.jsonl", lines(rows)), { columns, examples: all });
  assertEquals(task.examples.test.length, 10);
  assertEquals(task.examples.test[0].wrong.length, 0);
  const { help } = await assertRejects(
    () => load(write("named.csv", "question,answer\na,b\n"), { columns }),
    TaskError,
    "there is no column `broken`",
  );
  assertEquals(help, "columns are question, answer");
});

Deno.test("token ids without a tokenizer", async () => {
  const rows = [0, 1, 2, 3, 4].map((i) => ({
    clean_tokens: [i, 1],
    corrupted_tokens: [9, 1],
    answers: [i],
    wrong_answers: 8,
  }));
  const definition: DataDefinition = {
    name: "t",
    files: write("tokens.jsonl", lines(rows)),
    metric: "kl",
    seed: 1,
  };
  const task = await taskFromFiles(definition, null, { vocabulary: 10 });
  assertEquals(SPLITS.map((split) => task.examples[split].length), [3, 1, 1]);
  const csv =
    'clean_tokens,corrupted_tokens,answer\n"[0, 1]","[2, 1]",3\n"[1, 1]","[2, 1]","[4,5]"\n';
  const fromCsv = await taskFromFiles(
    { ...definition, files: { test: write("tokens.csv", csv) } },
    null,
  );
  assertEquals(fromCsv.examples.test.map((e) => [...e.answers]), [[3], [4, 5]]);
  await assertRejects(
    () => taskFromFiles(definition, null, { vocabulary: 9 }),
    TaskError,
    "there is no token 9: the model has tokens 0..8",
  );
  await assertRejects(
    () => taskFromFiles({ ...definition, files: write("text.jsonl", lines(PAIRS)) }, null),
    TaskError,
    "the prompt is text, and the model has no tokenizer",
  );
});

const latin = new Uint8Array([
  ...new TextEncoder().encode('{"clean": "caf'),
  0xe9,
  ...new TextEncoder().encode('"}'),
]);
const BROKEN: [string | Uint8Array, string][] = [
  ["{not json", "not JSON: {not json"],
  ["[1, 2]", "not a JSON object: [1, 2]"],
  [latin, "bytes that are not UTF-8"],
  [JSON.stringify({ ...PAIR, clean: undefined }), "there is no column `clean`"],
  [JSON.stringify({ ...PAIR, answers: undefined }), "there is no column `answers`"],
  [JSON.stringify({ ...PAIR, answers: [] }), "the answer is empty"],
  [JSON.stringify({ ...PAIR, answers: "" }), "the answer is empty"],
  [JSON.stringify({ ...PAIR, answers: [""] }), "the answer is empty"],
  [JSON.stringify({ ...PAIR, answers: null }), "the answer is empty"],
  [
    JSON.stringify({ ...PAIR, answers: [3] }),
    "answers must be text as the prompt is text: this is 3",
  ],
  [JSON.stringify({ ...PAIR, answers: " Bartholomew" }), 'the answer " Bartholomew" is '],
  [JSON.stringify({ ...PAIR, wrong_answers: " he" }), "is both a right and a wrong answer"],
  [
    JSON.stringify({ ...PAIR, clean: 5 }),
    "`clean` must be text or a list of token ids: this is 5",
  ],
  [JSON.stringify({ ...PAIR, clean: "" }), "the clean prompt is empty"],
  [JSON.stringify({ ...PAIR, clean: [1, 2] }), "one prompt is text and the other token ids"],
  [JSON.stringify({ ...PAIR, clean: "\ud800" }), "half a surrogate pair"],
  [
    JSON.stringify({ ...PAIR, clean: "So Frank is" }),
    "the clean prompt has 3 tokens and the corrupted one 10",
  ],
  [
    JSON.stringify({ ...PAIR, clean: "a ".repeat(99), corrupted: "a ".repeat(99) }),
    "the model takes at most 64",
  ],
];

Deno.test("each kind of broken row is reported with file and line", async () => {
  for (const [row, message] of BROKEN) {
    const bytes = typeof row === "string" ? new TextEncoder().encode(row) : row;
    const before = new TextEncoder().encode(lines(PAIRS));
    const path = write("broken.jsonl", Uint8Array.of(...before, 10, ...bytes, 10));
    const error = await assertRejects(() => load(path), TaskError);
    // Ten rows, an empty line, then this one.
    assertEquals((error as TaskError).place, `${path}:12`, error.message);
    assertStringIncludes(error.message, message);
  }
});

Deno.test("broken rows are listed up to a limit, or skipped with a note", async () => {
  const rows = Array.from({ length: 30 }, (_, i) => i % 2 === 0 ? PAIRS[(i / 2) % 10] : "?");
  const path = write("many.jsonl", lines(rows));
  const error = await assertRejects(
    () => load(path),
    TaskError,
    "15 of 30 rows are broken",
  ) as TaskError;
  const listed = error.message.split("\n");
  assertEquals(listed.filter((line) => line.includes("not JSON")).length, 10);
  assertStringIncludes(error.message, `${path}:2: not JSON: ?`);
  assertStringIncludes(error.message, "and 5 more");
  const task = await load(path, { skipBrokenRows: true, examples: { test: 15 } });
  assertEquals(task.examples.test.length, 15);
  assertStringIncludes(task.notes![0], "15 of 30 rows are broken and were skipped");
  await assertRejects(
    () => load(write("no.jsonl", "?\n!\n"), { skipBrokenRows: true }),
    TaskError,
    "2 of 2 rows",
  );
});

Deno.test("CSV: rows that break, with the line that they start on", async () => {
  const row = `"${PAIR.clean}","${PAIR.corrupted}", he, she`;
  const header = "clean,corrupted,answer,wrong";
  const csv = (...rows: string[]) => write("b.csv", [header, ...rows].join("\n"));
  await assertRejects(
    () => load(csv(row, `"a`, `b",c, he`)),
    TaskError,
    "b.csv:3: 3 fields where the header has 4",
  );
  await assertRejects(
    () => load(csv(row, row, `"a" b,c, he, she`)),
    TaskError,
    "b.csv:4: a field in quotes goes on after its closing quote",
  );
  await assertRejects(
    () => load(csv(row, `"never closed`)),
    TaskError,
    "b.csv:3: a quote is opened and never closed",
  );
  await assertRejects(
    () => load(csv(row, `So "Frank" is,So "Fiona" is, he, she`, row)),
    TaskError,
    // Once, though there are four quotes.
    "b.csv:3: a quote stands within a field",
  );
  const bytes = new TextEncoder().encode(
    [header, row, row.replace("Frank", "Fr#nk"), row].join("\n"),
  );
  bytes[bytes.indexOf(35)] = 0xff;
  await assertRejects(
    () => load(write("c.csv", bytes)),
    TaskError,
    "c.csv:3: bytes that are not UTF-8",
  );
  assertEquals(
    (await load(write("c.csv", bytes), { skipBrokenRows: true, examples: { test: 2 } })).examples
      .test.length,
    2,
  );
  await assertRejects(
    () => load(write("d.csv", "a,a\n1,2\n")),
    TaskError,
    "d.csv:1: the column `a` is named twice",
  );
  await assertRejects(() => load(write("e.csv", "")), TaskError, "there is no header line");
  await assertRejects(() => load(write("f.csv", `${header}\n`)), TaskError, "the file has no rows");
});

Deno.test("Parquet: text that is not UTF-8, and damaged files", async () => {
  const column = (name: string, text: string) => ({
    name,
    data: PAIRS.map(() => text),
    type: "STRING" as const,
  });
  const buffer = parquetWriteBuffer({
    columnData: [
      column("clean", PAIR.clean),
      column("corrupted", PAIR.corrupted),
      column("answer", " h#"),
    ],
    codec: "UNCOMPRESSED",
  });
  const bytes = new Uint8Array(buffer);
  for (let i = bytes.indexOf(35); i >= 0; i = bytes.indexOf(35, i + 1)) bytes[i] = 0xff;
  await assertRejects(
    () => load(write("u.parquet", bytes)),
    TaskError,
    "holds bytes that are not UTF-8",
  );
  await assertRejects(
    () => load(write("cut.parquet", bytes.slice(0, 300))),
    TaskError,
    "cannot be read as Parquet",
  );
  await assertRejects(
    () => load(write("empty.parquet", "")),
    TaskError,
    "cannot be read as Parquet",
  );
});

Deno.test("files as a whole", async () => {
  await assertRejects(() => load(`${folder}/none.jsonl`), TaskError, "none.jsonl: no such file");
  await assertRejects(() => load(folder, { format: "jsonl" }), TaskError, "this is a folder");
  await assertRejects(
    () => load(`${folder}/a.xlsx`),
    TaskError,
    "the file's format cannot be told from its name",
  );
  await assertRejects(() => load(write("x.json", "{}")), TaskError, "there is no list `prompts`");
  await assertRejects(() => load(write("y.json", "{")), TaskError, "not JSON");
  await assertRejects(
    () => load(write("z.json", Uint8Array.of(10, 255))),
    TaskError,
    "z.json:2: bytes that are not UTF-8",
  );
  await assertRejects(() => load(write("blank.jsonl", "\n\n")), TaskError, "the file has no rows");
});

Deno.test("one file is split by its seed, and rows with the same clean prompt stay together", async () => {
  const rows = Array.from(
    { length: 60 },
    (_, i) => ({ ...PAIRS[i % 10], corrupted: PAIRS[(i * 7 + 3) % 10].clean }),
  );
  const path = write("split.jsonl", lines(rows));
  const of = (more: Partial<DataDefinition>) => load(path, more).then((task) => task.examples);
  const shared = await of({});
  assertEquals(SPLITS.reduce((sum, split) => sum + shared[split].length, 0), 60);
  const prompts = SPLITS.map((split) => new Set(shared[split].map((example) => example.clean)));
  assert(prompts.every((set) => set.size > 0));
  assertEquals(
    prompts.reduce((sum, set) => sum + set.size, 0),
    10,
    "no clean prompt is in two splits",
  );
  assertEquals(await of({}), shared);
  assert(
    (await of({ seed: 2 })).test.map((e) => e.clean).join() !==
      shared.test.map((e) => e.clean).join(),
  );
  const few = await of({ examples: { train: 6, test: 12 } });
  assertEquals((await of({ examples: { train: 30, test: 12 } })).test, few.test);
  await assertRejects(
    () => load(path, { examples: { train: 50, validation: 1, test: 12 } }),
    TaskError,
    "there are 60 rows with 10 different clean prompts, and 63 examples are asked for",
  );
});

Deno.test("one bad row in 100,000 is named, and progress is told", async () => {
  // Prompts of two tokens keep the test quick; the size is the point.
  const rows = Array.from(
    { length: 100_000 },
    (_, i) => `{"clean_tokens":[${i % 700},1],"corrupted_tokens":[2,1],"answers":[3]}`,
  );
  const progress: number[] = [];
  const onProgress: LoadOptions["onProgress"] = ({ done, total }) => progress.push(done / total);
  const path = write("large.jsonl", lines(rows));
  const task = await load(path, {}, { onProgress });
  assertEquals(SPLITS.reduce((sum, split) => sum + task.examples[split].length, 0), 100_000);
  assert(progress.length >= 100 && progress.at(-1) === 1 && progress.every((p) => p > 0 && p <= 1));
  rows[77_776] = rows[77_776].replace("[2,1]", "[2,1,1]");
  const error = await assertRejects(() => load(write("large.jsonl", lines(rows))), TaskError);
  assertStringIncludes(
    error.message,
    "large.jsonl:77777: the clean prompt has 2 tokens and the corrupted one 3",
  );
});
