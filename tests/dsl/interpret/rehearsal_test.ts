/**
 * Rehearsals: errors that would come late come before the first search; errors that only running shows come when it runs.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { ScriptError } from "../../../dsl/interpret/error.ts";
import { runScript } from "../../../dsl/interpret/script.ts";
import { circ, inFolder } from "../../cli/run_circ.ts";
import { ioiScript, namesTask, toyModel } from "../../support/toy_scripts.ts";

const scored = `${ioiScript({ train: 2, test: 2 })}
circuit c { find eap in toy for ioi corrupted by strangers keep 40 }
`;

const row = (tokens: readonly number[]) =>
  JSON.stringify({
    clean_tokens: tokens,
    corrupted_tokens: [9, ...tokens.slice(1)],
    answers: [11],
  });
const rows = (...each: (readonly number[])[]) => each.map((tokens) => row(tokens) + "\n").join("");

/** Runs a script; gives its notes, and the message that it ends with. */
async function outcome(text: string, folder: string): Promise<{ notes: string[]; error?: string }> {
  const notes: string[] = [];
  const options = {
    device: "cpu",
    file: join(folder, "s.circ"),
    onNote: (n: string) => void notes.push(n),
  } as const;
  try {
    await runScript(text, options);
    return { notes };
  } catch (error) {
    assert(error instanceof ScriptError, String(error));
    return { notes, error: error.diagnostic.message };
  }
}

const late: Readonly<Record<string, readonly [script: string, message: string]>> = {
  "a file in place of a folder, of a table": [
    `${scored}save edges of c to "seeds.txt/e.csv"`,
    'cannot write "seeds.txt/e.csv": a part of its path is a file',
  ],
  "a file in place of a folder, of a circuit": [
    `${scored}save c to "seeds.txt/c.circuit.json"`,
    'cannot write "seeds.txt/c.circuit.json": a part of its path is a file',
  ],
  "a file in place of a folder, of a plot": [
    `${scored}plot kl of c to "seeds.txt/k.svg"`,
    'cannot write "seeds.txt/k.svg": a part of its path is a file',
  ],
  "a folder in place of a file": [
    `${scored}save c to "there.json"`,
    'cannot write "there.json": it is a folder',
  ],
  "a size that no circuit has": [
    `${scored}let many = 4000\ncircuit d { find random in toy keep many seed 1 }`,
    "cannot keep 4000 of 1620 edges",
  ],
  "a size of a sweep": [
    `${scored}sweep n from [5, 4000] { circuit d { find random in toy keep n seed 1 } }`,
    "cannot keep 4000 of 1620 edges",
  ],
  "a sweep value that its field does not take": [
    `${scored}sweep n from lines("seeds.txt") { circuit d { find random in toy keep 5 seed n } }`,
    "`seed` must be a whole number from 0: this is -1",
  ],
  "a sweep value of another kind": [
    `${scored}sweep n from lines("words.txt") { circuit d { find random in toy keep 5 seed n } }`,
    "`n` is a text, and a number is needed here",
  ],
  "a measure that needs scores, of a circuit without": [
    `${scored}circuit w { in toy edges { a0.h1 -> logits } }\nevaluate w on ioi corrupted by strangers by kl, cpr`,
    "`w` has no scores",
  ],
  "prompts of unequal length": [
    `${scored}run c on "When Hugo and Ida" corrupted "When Hugo"`,
    "the prompt has",
  ],
  "a split without examples": [
    `${scored}evaluate c on ioi.validation by kl`,
    "`ioi` has no validation examples",
  ],
  "a metric that the examples do not allow": [
    `${toyModel}\ntask rows { data "rows.jsonl" examples train 2, validation 0, test 2 }
circuit c { find eap_ig in toy for rows keep 40 objective kl }
evaluate c by logit_difference`,
    "`logit_difference` compares with wrong answers, and example 1 has none",
  ],
  "an objective that the examples do not allow": [
    `${toyModel}\ntask rows { data "rows.jsonl" metric logit_difference examples train 2, validation 0, test 2 }
circuit c { find random in toy keep 40 seed 1 }
circuit d { find eap in toy for rows keep 40 }`,
    "`logit_difference` compares with wrong answers, and example 1 has none",
  ],
  "tokens beyond the vocabulary": [
    `${scored}task far { data "far.jsonl" }
circuit d { find eap_ig in toy for far keep 40 }`,
    "far.jsonl",
  ],
  "prompts beyond the context": [
    `${scored}task long { data "long.jsonl" }
circuit d { find eap_ig in toy for long keep 40 }`,
    "long.jsonl",
  ],
  "two corruptions and no choice": [
    `${scored}${namesTask}corruption fresh of names { redraw A, B }
evaluate c on names by kl`,
    "`names` has several corruptions",
  ],
};

for (const [what, [script, message]] of Object.entries(late)) {
  Deno.test(`found before any search: ${what}`, () =>
    inFolder({
      "rows.jsonl": rows([1, 2, 3], [2, 2, 3], [3, 2, 3], [4, 2, 3]),
      "far.jsonl": rows([1, 99999, 3], [2, 99999, 3], [3, 2, 3], [4, 2, 3]),
      "long.jsonl": rows(...[1, 2, 3, 4].map((n) => [n, ...new Array(2000).fill(2)])),
      "seeds.txt": "3\n-1\n",
      "words.txt": "three\n",
      "there.json/file": "",
    }, async (folder) => {
      const { notes, error = "(it came to its end)" } = await outcome(script, folder);
      assertStringIncludes(error, message);
      assertEquals(notes.filter((note) => /^(device|[cd])\b/.test(note)), []);
    }));
}

Deno.test("a script that would fail late leaves no run behind", () =>
  inFolder({ "a.circ": `${scored}save edges of c to "a.circ/e.csv"\n` }, async (cwd) => {
    const { status, err } = await circ(["run", "a.circ", "--device", "cpu"], { cwd });
    assertEquals(status, 2);
    assertStringIncludes(err, "save edges of c");
    assert(!err.includes("device:"), err);
    await assertRejects(() => Deno.stat(join(cwd, "runs")), Deno.errors.NotFound);
  }));

Deno.test("what only running tells is waited for", () =>
  inFolder({}, async (folder) => {
    const { error, notes } = await outcome(
      `${scored}
let size = edges(c) - 10
circuit d { find random in toy keep size seed round(kl(c)) }
let share = sparsity(c)
expect kl(c) >= 0 and edges(d) = size
save c to "c.circuit.json"
circuit again { from "c.circuit.json" in toy for ioi corrupted by strangers }
evaluate again by kl
save c to "mib/"
save edges of c to "mib/edges.csv"
sweep n from [edges(d), 12] { circuit e { find random in toy keep n seed 2 } edges(e) + share }
stability of c over 2 resamples
overlap c, again
let both = c | complement of d
circuit inside { find random in toy within both keep 200 seed 3 }
expect edges(inside) <= 200
`,
      folder,
    );
    assertEquals(error, undefined);
    assert(notes.some((note) => note.startsWith("as expected: kl(c) >= 0")), notes.join("\n"));
    assert(notes.some((note) => note.startsWith("e (n=30)")), notes.join("\n"));
  }));

Deno.test("a rehearsal opens, makes and tells nothing twice", () =>
  inFolder({
    "rows.jsonl": rows([1, 2, 3], [2, 2, 3], [3, 2, 3], [4, 2, 3]) + "broken\n",
  }, async (folder) => {
    const shown: unknown[] = [];
    const notes: string[] = [];
    let readings = 0;
    await runScript(
      `${toyModel}
task rows { data "rows.jsonl" skip broken rows examples train 2, validation 0, test 2 }
circuit c { find random in toy for rows keep 40 seed 1 }
let n = 3
n
evaluate c by kl
expect n = 4
sweep seed from 1..2 { seed }
`,
      {
        device: "cpu",
        file: join(folder, "s.circ"),
        onNote: (note) => void notes.push(note),
        onProgress: ({ unit, step, steps }) =>
          void (unit === "rows" && step === steps && readings++),
      },
    ).then((result) => {
      shown.push(...result.shown);
      assertEquals(result.failed.length, 1);
    });
    assertEquals(shown.filter((each) => typeof each === "string"), ["3"]);
    assertEquals(shown.length, 3);
    assertEquals(notes.filter((note) => note.startsWith("note: rows")).length, 1, notes.join("\n"));
    assertEquals(notes.filter((note) => note.startsWith("1 of 2: seed=1")).length, 1);
    assert(readings <= 1, `the rows were read ${readings} times`);
  }));

Deno.test("folders of files are made, and no earlier than what goes into them", () =>
  inFolder({}, async (folder) => {
    const { error } = await outcome(
      `${scored}save edges of c to "a/b/e.csv"\nplot layers of c to "p/q.svg"\nsave c to "c/c.dot"`,
      folder,
    );
    assertEquals(error, undefined);
    for (const name of ["a/b/e.csv", "p/q.svg", "c/c.dot"]) {
      assert((await Deno.stat(join(folder, name))).size > 0, name);
    }
    const late = `${scored}save edges of c to "d/e.csv"\nevaluate c on ioi.validation by kl`;
    assertStringIncludes((await outcome(late, folder)).error!, "has no validation examples");
    await assertRejects(() => Deno.stat(join(folder, "d")), Deno.errors.NotFound);
  }));

Deno.test("a file that cannot be written all the same is told, the rest goes on, and the status is 1", () =>
  inFolder({}, async (folder) => {
    const notes: string[] = [];
    const text =
      `${scored}edges(c)\nsave c to "gone/c.json"\nplot kl of c to "gone/k.svg"\n1 + 1\n`;
    const { shown, failed } = await runScript(text, {
      device: "cpu",
      file: join(folder, "s.circ"),
      onNote: (note) => {
        notes.push(note);
        // After the look at what would fail, the folder becomes a file.
        if (note.startsWith("device: ")) Deno.writeTextFileSync(join(folder, "gone"), "");
      },
    });
    assertEquals(shown, ["40", "2"]);
    const lines = text.split("\n");
    const place = (start: string) =>
      `${join(folder, "s.circ")}:${lines.findIndex((line) => line.startsWith(start)) + 1}`;
    assertEquals(failed, [place("save c"), place("plot kl")]);
    const told = notes.filter((note) => note.includes(": error: "));
    assertStringIncludes(told[0], `${place("save c")}: error: cannot write "gone/c.json": `);
    assertStringIncludes(told[1], `${place("plot kl")}: error: cannot write "gone/k.svg": `);
  }));
