import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Entry, LineEditor } from "../../../dsl/repl/editor.ts";
import { type History, openHistory } from "../../../dsl/repl/history.ts";
import { KeyReader } from "../../../dsl/repl/keys.ts";
import { layout } from "../../../dsl/repl/layout.ts";
import { historyPath } from "../../../dsl/repl/user_file.ts";

const encoder = new TextEncoder();
const left = "\x1b[D", right = "\x1b[C", up = "\x1b[A", down = "\x1b[B";

function memory(...entries: string[]): History {
  return { entries, add: (entry) => entries.push(entry) };
}

/** Types into a fresh editor and returns the entries it hands over, and everything it wrote. */
async function typed(
  chunks: string | string[],
  { history = memory(), words = [] as string[] } = {},
): Promise<{ entries: Entry[]; written: string }> {
  const waiting = [chunks].flat().map((chunk) => encoder.encode(chunk));
  let written = "";
  const editor = new LineEditor({
    screen: {
      read: () => Promise.resolve(waiting.shift() ?? null),
      write: (text) => written += text,
      width: () => 40,
    },
    history,
    prompt: "> ",
    continuation: ". ",
    isComplete: (text) => text.split("{").length === text.split("}").length,
    complete: (text, cursor) => {
      const start = text.slice(0, cursor).search(/\w*$/);
      const word = text.slice(start, cursor);
      return { start, candidates: words.filter((each) => each.startsWith(word)) };
    },
    highlight: () => [],
  });
  const entries: Entry[] = [];
  do entries.push(await editor.readEntry()); while (entries.at(-1)!.kind !== "end");
  return { entries, written };
}

async function textOf(chunks: string | string[], options = {}): Promise<string> {
  const { entries } = await typed(chunks, options);
  assertEquals(entries[0].kind, "text");
  return (entries[0] as { text: string }).text;
}

const edits: [name: string, keys: string, expected: string][] = [
  ["plain text", "save ep\r", "save ep"],
  ["moving left and inserting", `ac${left}b\r`, "abc"],
  ["home and end", "b\x01a\x05c\r", "abc"],
  ["backspace takes a whole character", "e\u0301👩‍🔬x\x7f\x7f\r", "e\u0301"],
  ["moving right over an emoji", `👩‍🔬b\x01${right}a\r`, "👩‍🔬ab"],
  ["delete", `abc\x01\x04\r`, "bc"],
  ["cut to the end and put back", `one two\x1bb\x0b\x01\x19 \r`, "two one "],
  ["cut a word", "one two\x17three\r", "one three"],
  ["cut to the start", "one two\x15x\r", "x"],
  ["words by Ctrl-arrow", "one two\x1b[1;5D\x1b[1;5Dx\r", "xone two"],
  ["an open brace starts another line", "model m {\rfrom x\r}\r", "model m {\nfrom x\n}"],
  ["up moves inside the entry", `a{\rb${up}\x01x${down}\x05}\r`, "xa{\nb}"],
  ["Alt-Enter starts another line", "a\x1b\rb\r", "a\nb"],
  [
    "a pasted block does not run line by line",
    "\x1b[200~a\r\nb\tc\x1b[31m\x1b[201~\r",
    "a\nb  c[31m",
  ],
  ["unknown sequences are passed over", "a\x1b[24~\x1b[?1;2cb\r", "ab"],
];
for (const [name, keys, expected] of edits) {
  Deno.test(`editing: ${name}`, async () => assertEquals(await textOf(keys), expected));
}

Deno.test("characters and sequences may arrive cut in two", async () => {
  assertEquals(await textOf(["ac\x1b[", "Db", "\r"]), "abc");
  const reader = new KeyReader();
  const bytes = encoder.encode("é");
  assertEquals(reader.read(bytes.subarray(0, 1)), []);
  assertEquals(reader.read(bytes.subarray(1)), [{ kind: "text", text: "é" }]);
});

Deno.test("what is typed ahead becomes the next entry", async () => {
  const { entries } = await typed("one\rtwo\r");
  assertEquals(entries.map((entry) => entry.kind === "text" ? entry.text : entry.kind), [
    "one",
    "two",
    "end",
  ]);
});

Deno.test("Ctrl-C gives up the entry, Ctrl-D ends an empty one", async () => {
  const { entries } = await typed("abc\x03\x04");
  assertEquals(entries.map((entry) => entry.kind), ["interrupt", "end"]);
});

Deno.test("the history is walked with the draft kept", async () => {
  const history = () => ({ history: memory("first", "second") });
  assertEquals(await textOf(`${up}\r`, history()), "second");
  assertEquals(await textOf(`${up}${up}${up}\r`, history()), "first");
  assertEquals(await textOf(`dra${up}${up}${down}${down}ft\r`, history()), "draft");
});

Deno.test("Ctrl-R searches back, again for older ones, Ctrl-G gives up", async () => {
  const history = () => ({ history: memory("edges of a", "nodes of b", "edges of c") });
  assertEquals(await textOf("\x12edges\r", history()), "edges of c");
  assertEquals(await textOf("\x12edges\x12\r", history()), "edges of a");
  assertEquals(await textOf("keep\x12nod\x07 it\r", history()), "keep it");
  assertEquals(await textOf("\x12nodesx\x7f\x05!\r", history()), "nodes of b!");
});

Deno.test("Tab completes what is certain and lists the rest the second time", async () => {
  const options = { words: ["model", "metric", "expect"] };
  assertEquals(await textOf("ex\t1\r", options), "expect 1");
  assertEquals(await textOf("m\t\r", options), "m");
  const { written } = await typed("m\t\t\r", options);
  assertStringIncludes(written, "model   metric");
  assertEquals(await textOf("a{\r\tb}\r", options), "a{\n  b}");
});

Deno.test("the layout wraps wide characters and places the cursor", () => {
  const of = (text: string, cursor: number) =>
    layout({ text, cursor, prompt: "> ", continuation: ". ", width: 6, spans: [] });
  assertEquals(of("abcd", 4), { rows: ["> abcd", ""], cursorRow: 1, cursorColumn: 0 });
  assertEquals(of("abc天", 3), { rows: ["> abc", "天"], cursorRow: 1, cursorColumn: 0 });
  assertEquals(of("a\nb", 2), { rows: ["> a", ". b"], cursorRow: 1, cursorColumn: 2 });
});

Deno.test("colours stop and start again at a row's end", () => {
  const spans = [{ start: 1, end: 4, style: "31" }];
  const { rows } = layout({
    text: "abcde",
    cursor: 0,
    prompt: "",
    continuation: "",
    width: 3,
    spans,
  });
  assertEquals(rows, ["a\x1b[31mbc\x1b[0m", "\x1b[31md\x1b[0me"]);
});

Deno.test("a history file is private, keeps entries of several lines and survives damage", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/state/circ/history`;
    const first = openHistory(path);
    first.add("one\n  two");
    first.add("one\n  two");
    first.add("  ");
    first.add("three ü");
    Deno.writeTextFileSync(path, "not json\n", { append: true });
    assertEquals([...openHistory(path).entries], ["one\n  two", "three ü"]);
    if (Deno.build.os !== "windows") assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
    assert(openHistory(`${path}/impossible`).entries.length === 0);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("the history lives in the state directory", () => {
  const of = (values: Record<string, string>) => historyPath((name) => values[name]);
  assertEquals(of({ XDG_STATE_HOME: "/s", HOME: "/h" }), "/s/circ/history");
  assertEquals(of({ HOME: "/h" }), "/h/.local/state/circ/history");
  assertEquals(of({ CIRC_HISTORY: "", HOME: "/h" }), undefined);
  assertEquals(of({}), undefined);
});
