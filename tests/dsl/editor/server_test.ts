import { assert, assertEquals, assertRejects } from "@std/assert";
import { measureNames } from "../../../runtime/evaluation/mod.ts";
import { metricNames } from "../../../runtime/metrics/mod.ts";
import { type Client, clientFor, type Json } from "../support/client.ts";

const SCRIPT = `## Which name comes next?
task ioi {
  vary   A, B from ["Mary", "John", "Anna", "Paul"]
  prompt "When {A} and {B} went, {B} gave it to"
  answer " {A}"
}

corruption fresh of ioi { redraw A, B }

model toy { from "hub:owner/toy" }

circuit ep {
  find eap_ig
  in   toy
  for  ioi corrupted by fresh
  keep 2%
}

sweep n from 1..3 {
  circuit c {
    find random
    in   toy
    keep n
  }
}

evaluate ep on ioi.test by kl
`;

const lines = SCRIPT.split("\n");

/** The position of a stretch of text on a line, `skip` characters into it. */
function at(line: string, word: string, skip = 1): Json {
  const row = lines.findIndex((each) => each.startsWith(line));
  return { line: row, character: lines[row].indexOf(word, line.startsWith(word) ? 0 : 1) + skip };
}

function textAt({ start, end }: Json): string {
  assertEquals(start.line, end.line);
  return lines[start.line].slice(start.character, end.character);
}

function withClient(name: string, run: (client: Client, document: Json) => Promise<void>): void {
  Deno.test({
    name,
    // The library keeps its streams' handlers until the process ends.
    sanitizeResources: false,
    sanitizeOps: false,
    fn: async () => {
      const client = await clientFor();
      try {
        await run(client, { uri: client.uri });
      } finally {
        client.close();
      }
    },
  });
}

withClient("diagnostics come while typing, with severity, range and help", async (client) => {
  assertEquals(await client.open(SCRIPT), []);
  const row = lines.indexOf("  in   toy");
  const range = { start: { line: row, character: 7 }, end: { line: row, character: 10 } };
  const [problem, ...more] = await client.change(range, "toyy");
  assertEquals(more, []);
  assertEquals(problem.severity, 1);
  assertEquals(problem.range, { start: range.start, end: { line: row, character: 11 } });
  assertEquals(problem.message, "unknown model `toyy`\nhelp: did you mean `toy`?");
  assertEquals(await client.change({ ...range, end: problem.range.end }, "toy"), []);
});

withClient("completion knows the position", async (client, textDocument) => {
  await client.open(SCRIPT + "evaluate ep by k");
  const items = await client.request("textDocument/completion", {
    textDocument,
    position: { line: lines.length - 1, character: 16 },
  });
  assertEquals(
    items.map((item: Json) => item.label),
    [...metricNames, ...measureNames].filter((name) => name.startsWith("k")),
  );
  const end = { line: lines.length - 1, character: 16 };
  assertEquals(items[0].textEdit, {
    range: { start: { ...end, character: 15 }, end },
    newText: "kl",
  });
  assert(items[0].documentation.value.includes("KL(full || circuit)"));
});

withClient("hover shows doc comments and the reference", async (client, textDocument) => {
  await client.open(SCRIPT);
  const hover = async (position: Json) =>
    (await client.request("textDocument/hover", { textDocument, position }))?.contents.value;
  assert((await hover(at("  for  ioi", "ioi"))).includes("Which name comes next?"));
  assert((await hover(at("  find eap", "find"))).includes("The method that finds the circuit."));
  assert((await hover(at("  find eap", "eap"))).includes("Edge attribution patching"));
  assertEquals(await hover({ line: 6, character: 0 }), undefined);
});

withClient("definition and references, within texts too", async (client, textDocument) => {
  await client.open(SCRIPT);
  const definition = await client.request("textDocument/definition", {
    textDocument,
    position: at("evaluate ep", "ep"),
  });
  assertEquals(definition.range.start, at("circuit ep", "ep", 0));
  const references = await client.request("textDocument/references", {
    textDocument,
    position: at("  vary", "A"),
    context: { includeDeclaration: true },
  });
  assertEquals(references.map(({ range }: Json) => textAt(range)), ["A", "A", "A", "A"]);
  const uses = await client.request("textDocument/references", {
    textDocument,
    position: at("circuit ep", "ep"),
    context: { includeDeclaration: false },
  });
  assertEquals(uses.length, 1);
});

withClient(
  "rename changes every place, and refuses what cannot be",
  async (client, textDocument) => {
    await client.open(SCRIPT);
    const rename = (position: Json, newName: string) =>
      client.request("textDocument/rename", { textDocument, position, newName });
    const { changes } = await rename(at("  vary", "B"), "other");
    const edits: Json[] = changes[client.uri];
    assertEquals(edits.length, 4);
    assert(edits.every(({ range, newText }) => textAt(range) === "B" && newText === "other"));
    const prepared = await client.request("textDocument/prepareRename", {
      textDocument,
      position: at("task ioi", "ioi"),
    });
    assertEquals(textAt(prepared), "ioi");
    await assertRejects(
      () => rename(at("task ioi", "ioi"), "edges"),
      Error,
      "word of the language",
    );
    await assertRejects(() => rename(at("task ioi", "ioi"), "toy"), Error, "declared already");
    await assertRejects(() => rename(at("task ioi", "ioi"), "1x"), Error, "cannot be a name");
  },
);

withClient("document symbols are the outline", async (client, textDocument) => {
  await client.open(SCRIPT);
  const symbols = await client.request("textDocument/documentSymbol", { textDocument });
  assertEquals(symbols.map(({ name }: Json) => name), ["ioi", "fresh", "toy", "ep", "sweep n"]);
  assertEquals(symbols[4].children.map(({ name }: Json) => name), ["c"]);
});

withClient(
  "formatting is the formatter's, and leaves broken text alone",
  async (client, textDocument) => {
    const options = { tabSize: 2, insertSpaces: true };
    await client.open("let   x=3\nx\n");
    const edits = await client.request("textDocument/formatting", { textDocument, options });
    assertEquals(edits.map(({ newText }: Json) => newText), ["let x = 3\nx\n"]);
    await client.change({ start: { line: 0, character: 0 }, end: { line: 0, character: 3 } }, "le");
    assertEquals(await client.request("textDocument/formatting", { textDocument, options }), []);
  },
);

withClient("an edit at 1,000 lines is answered at once", async (client) => {
  const block = SCRIPT.replace(/^sweep[^]*/m, "");
  const text = Array.from(
    { length: 1000 / block.split("\n").length },
    (_, i) => block.replace(/\b(ioi|fresh|toy|ep)\b/g, `$1_${i}`),
  ).join("");
  await client.open(text);
  let best = Infinity;
  for (let i = 0; i < 12 && best > 50; i++) {
    const start = performance.now();
    await client.change({ start: { line: 2, character: 0 }, end: { line: 2, character: 0 } }, " ");
    best = Math.min(best, performance.now() - start);
  }
  assert(best <= 50, `${best.toFixed(0)} ms`);
});

Deno.test("circ lsp serves standard input and output, and ends when told to", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("../../../cli.ts", import.meta.url).pathname, "lsp"],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const send = (message: Json) => {
    const body = new TextEncoder().encode(JSON.stringify({ jsonrpc: "2.0", ...message }));
    return writer.write(
      new Uint8Array([
        ...new TextEncoder().encode(`Content-Length: ${body.length}\r\n\r\n`),
        ...body,
      ]),
    );
  };
  const params = { processId: null, rootUri: null, capabilities: {} };
  await send({ id: 1, method: "initialize", params });
  await send({ method: "initialized", params: {} });
  await send({ id: 2, method: "shutdown" });
  await send({ method: "exit" });
  const [output, { code }] = await Promise.all([new Response(child.stdout).text(), child.status]);
  writer.releaseLock();
  await child.stdin.close().catch(() => {});
  assertEquals(code, 0);
  assert(output.includes('"renameProvider"'), output);
});
