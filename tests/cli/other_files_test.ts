/**
 * Files as other people and systems write them, through the real command.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { circ, inFolder } from "./run_circ.ts";

const model = `program reverse {
  over [1, 2] length 2
  output aggregate(select(indices, 1 - indices, ==), tokens)
}
model r { from reverse }
`;
const dataTask = (file: string) =>
  `${model}task t { data ${JSON.stringify(file)} metric kl examples train 1, validation 0, test 1 }
circuit c { find eap_ig in r for t keep 3 }
evaluate c by kl
`;
const rows = [[1, 2], [2, 1]].map(([a, b]) =>
  JSON.stringify({ clean_tokens: [0, a, b], corrupted_tokens: [0, b, a], answers: [a] })
).join("\n");

Deno.test({
  name: "a file name with a backslash is a name where the system has such names",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder({ "rows\\part.jsonl": rows, "s.circ": dataTask("rows\\part.jsonl") }, async (cwd) => {
      const { status, out, err } = await circ(["run", "s.circ"], { cwd });
      assertEquals(status, 0, err);
      assertMatch(out, /^c +3 /m);
      await Deno.writeTextFile(`${cwd}/a\\b.circ`, "let n = 3\nn\n");
      await Deno.writeTextFile(`${cwd}/i.circ`, 'import "a\\\\b.circ"\nn\n');
      for (const file of ["a\\b.circ", "i.circ"]) {
        const ran = await circ(["run", file], { cwd });
        assertEquals([ran.status, ran.out], [0, "3\n"], ran.err);
      }
    }),
});

Deno.test("control characters of data, tables, scripts and circuits are written out", () =>
  inFolder({
    "rows.jsonl": '{"note": "\u001b[31mred\u0007\u009b2J\u202e" oops\n',
    "s.circ": dataTask("rows.jsonl"),
    "wide.csv": Uint8Array.from("cl\0ea\0n,\u001bx\n1,2\n", (c) => c.charCodeAt(0)),
    "wide.circ": dataTask("wide.csv"),
    "c.circuit.json": JSON.stringify({
      format: "circ.circuit",
      version: 1,
      universe: {
        layers: 1,
        heads: 1,
        keyValueHeads: 1,
        residual: "sequential",
        learnedPositions: true,
        embeddings: "joint",
        qkv: "split",
      },
      provenance: { expression: "\u001b]0;title\u0007\u009b1m", name: "\u001b[1m" },
      kept: 1,
      scores: "none",
      readers: [{ to: "logits", from: ["embed"] }],
    }),
    "text.circ": 'lines("values.txt")\n',
    "values.txt": "a\u001b[1mb\n",
  }, async (cwd) => {
    const outputs: string[] = [];
    const run = async (...args: string[]) => {
      const { out, err } = await circ(args, { cwd });
      outputs.push(out, err);
      return out + err;
    };
    const broken = await run("run", "s.circ");
    assertStringIncludes(broken, "\\u001b[31mred\\u0007\\u009b2J\\u202e");
    assertStringIncludes(await run("run", "wide.circ"), "cl\\u0000ea\\u0000n");
    for (const format of ["dot", "svg", "mermaid"]) {
      assertStringIncludes(
        await run("graph", "c.circuit.json", "--format", format),
        "\\u001b",
      );
    }
    await run("run", "text.circ");
    await run("check", "none\u001b[1m.circ");
    for (const output of outputs) {
      assert(!/\p{Cc}|\u202e/u.test(output.replaceAll(/[\n\t]/g, "")), JSON.stringify(output));
    }
  }));

Deno.test("bytes that are not UTF-8 are named however a script comes in", () =>
  inFolder(
    { "s.circ": Uint8Array.from('let n = "Jos\xe9"\nn\n', (c) => c.charCodeAt(0)) },
    async (cwd) => {
      for (
        const args of [["run", "s.circ"], ["check", "s.circ"], ["fmt", "s.circ"], [
          "repl",
          "s.circ",
        ]]
      ) {
        const { status, out, err } = await circ(args, { cwd });
        assertEquals([status, out], [2, ""], args.join(" "));
        assertMatch(err, /cannot read ".*s\.circ": its bytes are not UTF-8/);
      }
      // Through a pipe, with the letter at the end and in the middle of the text.
      for (const args of [["run", "-"], ["repl"]]) {
        const bytes = await Deno.readFile(`${cwd}/s.circ`);
        for (const input of [bytes, bytes.subarray(0, 13)]) {
          const { status, err } = await circ(args, { cwd, input });
          assertEquals(status, 2, args.join(" "));
          assertStringIncludes(err, "cannot read standard input: its bytes are not UTF-8");
        }
      }
    },
  ));

Deno.test("fmt keeps CRLF, and does not call it another form", () =>
  inFolder({
    "c.circ": "schedule s {\r\n  steps 10\r\n  batch 2\r\n}\r\n",
    "d.circ": "let  n = 3\r\n",
  }, async (cwd) => {
    assertEquals((await circ(["fmt", "--check", "c.circ"], { cwd })).status, 0);
    assertEquals((await circ(["fmt", "d.circ"], { cwd })).status, 0);
    assertEquals(await Deno.readTextFile(`${cwd}/d.circ`), "let n = 3\r\n");
  }));
