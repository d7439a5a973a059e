/** `circ model save`: a program becomes a model folder that scripts open like any other. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { circ, inFolder } from "./run_circ.ts";

const program = `let most = 3

program reverse {
  over   1..most length 4
  let    size = count(select(tokens, tokens, always))
  output aggregate(select(indices, size - 1 - indices, ==), tokens)
}
`;

/** Opens the saved folder, as a model and its circuit as a file, next to the program it came from. */
const reader = `${program}
model saved {
  from  "saved/reverse"
  split embeddings
}

model compiled {
  from  reverse
  split embeddings
}

task inputs {
  generate reverse
  examples train 40, validation 0, test 40
}

circuit known {
  find     ground_truth
  in       saved
  for      inputs
  ablation zero
}

circuit computed {
  find     computed_truth
  in       saved
  for      inputs
  ablation zero
}

circuit in_file {
  from "saved/reverse/truth.zero.circuit.json"
  in   saved
  for  inputs
}

circuit of_program {
  find     ground_truth
  in       compiled
  for      inputs
  ablation zero
}

evaluate known, computed, in_file, of_program on inputs.test by kl, accuracy
expect kl(known) < 0.001 and edges(known) = 7
`;

const files = { "a.circ": program, "b.circ": reader };

Deno.test("a program is saved as a model folder with its circuit, and scripts open both", () =>
  inFolder(files, async (cwd) => {
    const saved = await circ(["model", "save", "a.circ", "--out", "saved/reverse"], { cwd });
    assertEquals(saved.status, 0, saved.err);
    assertStringIncludes(saved.out, "truth.zero.circuit.json (7 edges)");
    const inside = [...Deno.readDirSync(`${cwd}/saved/reverse`)].map(({ name }) => name).sort();
    assertEquals(inside, [
      "config.json",
      "model.safetensors",
      "program.json",
      "tokenizer.json",
      "truth.interchange.circuit.json",
      "truth.zero.circuit.json",
    ]);
    assertEquals([...Deno.readDirSync(`${cwd}/saved`)].map(({ name }) => name), ["reverse"]);

    const ran = await circ(["run", "b.circ", "--device", "cpu"], { cwd });
    assertEquals(ran.status, 0, ran.err);
    const cells = ran.out.split("\n").filter((line) =>
      /^(known|computed|in_file|of_program) /.test(line)
    ).map((line) => line.split(/ +/));
    assertEquals(cells.map(([, model]) => model), ["saved", "saved", "saved", "compiled"], ran.out);
    const rows = cells.map((row) => row.slice(2).join(" "));
    assertEquals(new Set(rows).size, 1, ran.out);
    assertMatch(rows[0], /^7 0\.7813 \S+ 1$/);
    assertStringIncludes(
      ran.err,
      "computed on all 120 inputs; the known circuit has the same 7 edges",
    );
  }));

Deno.test("weights that are no longer the program's have no known circuit", () =>
  inFolder(files, async (cwd) => {
    const saved = await circ(["model", "save", "a.circ", "reverse", "--out", "saved/reverse"], {
      cwd,
    });
    assertEquals(saved.status, 0, saved.err);
    const path = `${cwd}/saved/reverse/model.safetensors`;
    const bytes = await Deno.readFile(path);
    bytes.set([0, 0, 128, 63], bytes.length - 4);
    await Deno.writeFile(path, bytes);
    const ran = await circ(["run", "b.circ", "--device", "cpu"], { cwd });
    assertEquals(ran.status, 2);
    assertStringIncludes(ran.err, "nobody knows the true circuit of `saved`");
  }));

Deno.test("what cannot be saved is said, and nothing that is there is lost", () =>
  inFolder(files, async (cwd) => {
    const says = async (args: string[], wanted: string) => {
      const { status, err } = await circ(["model", "save", ...args], { cwd });
      assertEquals(status, 2, err);
      assertStringIncludes(err, wanted);
    };
    await says(["a.circ", "sort", "--out", "x"], "the script has no program `sort`");
    await Deno.writeTextFile(`${cwd}/c.circ`, "1 + 1\n");
    await says(["c.circ", "--out", "x"], "the script has no program");
    await Deno.mkdir(`${cwd}/mine`);
    await Deno.writeTextFile(`${cwd}/mine/notes.txt`, "kept");
    await says(["a.circ", "--out", "mine"], "only a saved program is replaced");
    await says(["a.circ", "--out", "mine/notes.txt"], "only a saved program is replaced");
    assertEquals(await Deno.readTextFile(`${cwd}/mine/notes.txt`), "kept");
    // One that was saved before is replaced.
    for (let time = 0; time < 2; time++) {
      const { status, err } = await circ(["model", "save", "a.circ", "--out", "mine/r/"], { cwd });
      assertEquals(status, 0, err);
    }
    assertEquals([...Deno.readDirSync(`${cwd}/mine`)].map(({ name }) => name).sort(), [
      "notes.txt",
      "r",
    ]);
  }));
