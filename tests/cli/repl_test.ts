/**
 * The prompt in a real pseudo-terminal, through tmux, and through a pipe.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { namesTask, toyModel } from "../support/toy_scripts.ts";
import { circ, commandLine, inFolder, root, toy } from "./run_circ.ts";

const hasTmux = await (async () => {
  try {
    const { success } = await new Deno.Command("tmux", { args: ["-V"], stdout: "null" }).output();
    return success;
  } catch {
    return false;
  }
})();

let opened = 0;

/** A prompt in a tmux session of its own server. */
class Terminal {
  readonly #socket: string;

  private constructor(socket: string) {
    this.#socket = socket;
  }

  static async open(cwd: string, env: Record<string, string> = {}): Promise<Terminal> {
    const terminal = new Terminal(join(cwd, `tmux-${++opened}.socket`));
    const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
    const variables = Object.entries({
      CIRC_HISTORY: join(cwd, "history"),
      CIRC_INIT: join(cwd, "init.circ"),
      ...env,
    });
    const command = [
      "env",
      ...variables.map(([name, value]) => `${name}=${value}`),
      Deno.execPath(),
      ...commandLine(["repl", "--device", "cpu"]),
    ].map(quoted).join(" ");
    await terminal.tmux(
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      "-x",
      "80",
      "-y",
      "24",
      "-c",
      cwd,
      command,
    );
    await terminal.shows(/circ> $/);
    return terminal;
  }

  async tmux(...args: string[]): Promise<string> {
    const { stdout, stderr, success } = await new Deno.Command("tmux", {
      args: ["-S", this.#socket, ...args],
    }).output();
    const decoder = new TextDecoder();
    assert(success, decoder.decode(stderr));
    return decoder.decode(stdout);
  }

  /** Types text as it is. */
  async types(text: string): Promise<void> {
    await this.tmux("send-keys", "-l", text);
  }

  /** Presses keys by tmux's names: `Enter`, `C-r`, `Tab`. */
  async presses(...keys: string[]): Promise<void> {
    await this.tmux("send-keys", ...keys);
  }

  /** Text of the screen and above it, without blank lines at the end. */
  async screen(...options: string[]): Promise<string> {
    return (await this.tmux("capture-pane", "-p", "-J", "-S", "-500", ...options)).trimEnd() + " ";
  }

  /** Waits until the screen matches. */
  async shows(wanted: RegExp, seconds = 30): Promise<string> {
    const end = performance.now() + seconds * 1000;
    let screen = "";
    while (performance.now() < end) {
      screen = await this.screen();
      if (wanted.test(screen)) return screen;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the screen never showed ${wanted}:\n${screen}`);
  }

  async close(): Promise<void> {
    await this.tmux("kill-server").catch(() => "");
  }
}

/** A test at a prompt; says in its name when there is no tmux to run it in. */
function atPrompt(
  name: string,
  test: (terminal: Terminal, cwd: string) => Promise<void>,
  env?: Record<string, string>,
  files: Record<string, string> = {},
): void {
  const ignore = !hasTmux;
  Deno.test(
    { name: `prompt: ${name}${ignore ? " (not run: no tmux here)" : ""}`, ignore },
    () =>
      inFolder(files, async (cwd) => {
        const terminal = await Terminal.open(cwd, env);
        try {
          await test(terminal, cwd);
        } finally {
          await terminal.close();
        }
      }),
  );
}

/** A circuit of a chance method: there at once. */
const chance = (name: string, keep: string) =>
  `${namesTask}
circuit ${name} { find random in toy for names corrupted by swapped keep ${keep} seed 3 }
`;

atPrompt(
  "results, errors, several lines, completion, history, search, the last result",
  async (terminal, cwd) => {
    await terminal.types("let size = 20");
    await terminal.presses("Enter");
    await terminal.shows(/size = 20\ncirc> $/);
    await terminal.types("si");
    await terminal.presses("Tab");
    await terminal.types("* 2");
    await terminal.presses("Enter");
    await terminal.shows(/circ> size \* 2\n40\ncirc> $/);

    await terminal.types("sise");
    await terminal.presses("Enter");
    await terminal.shows(/error: unknown name `sise`[^]*`size`\?\ncirc> $/);

    // An open brace asks for another line; the parser says when it is closed.
    await terminal.types(toyModel.replace("{ ", "{\n").split("\n")[0]);
    await terminal.presses("Enter");
    await terminal.shows(/\.\.\. $/);
    await terminal.types(`from "${toy}"}`);
    await terminal.presses("Enter");
    await terminal.shows(/\}\ncirc> $/);
    await terminal.types("toy");
    await terminal.presses("Enter");
    await terminal.shows(/circ> toy\ntoy: gpt2[^]*circ> $/);

    // Ctrl-C gives up a line; the prompt survives.
    await terminal.types("never sent");
    await terminal.presses("C-c");
    await terminal.shows(/never sent\ncirc> $/);

    await terminal.presses("C-r");
    await terminal.types("* 2");
    await terminal.shows(/search "\* 2": size \* 2/);
    await terminal.presses("Enter");
    await terminal.shows(/size \* 2\n40\ncirc> $/);
    await terminal.types("_ + 2");
    await terminal.presses("Enter");
    await terminal.shows(/circ> _ \+ 2\n42\ncirc> $/);
    await terminal.types(".exit");
    await terminal.presses("Enter");
    // The history outlives the session, in a private file.
    const history = join(cwd, "history");
    for (let i = 0; i < 100 && !(await Deno.readTextFile(history)).includes(".exit"); i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assertStringIncludes(await Deno.readTextFile(history), '"size * 2"\n');
    if (Deno.build.os !== "windows") assertEquals((await Deno.stat(history)).mode! & 0o777, 0o600);
  },
);

atPrompt("the history goes on after a restart", async (terminal, cwd) => {
  await terminal.types("let kept = 41");
  await terminal.presses("Enter");
  await terminal.shows(/kept = 41\ncirc> $/);
  await terminal.presses("C-d");
  await terminal.close();
  const again = await Terminal.open(cwd);
  try {
    await again.presses("Up");
    await again.shows(/circ> let kept = 41 $/);
    await again.presses("Enter");
    await again.types("kept + 1");
    await again.presses("Enter");
    await again.shows(/kept \+ 1\n42\ncirc> $/);
  } finally {
    await again.close();
  }
});

atPrompt(
  "Tab knows commands, names, columns, components and files",
  async (terminal) => {
    await terminal.types(".he");
    await terminal.presses("Tab");
    await terminal.shows(/circ> \.help $/);
    await terminal.types("expe");
    await terminal.presses("Tab", "Enter");
    await terminal.shows(/expect: [^]*circ> $/);
    await terminal.types(`.read st`);
    await terminal.presses("Tab", "Enter");
    await terminal.shows(/\.read start\.circ\s*\n[^]*circ> $/);
    await terminal.types("edges of whole where to = a3.h");
    await terminal.presses("Tab", "Tab");
    await terminal.shows(/a3\.h0[^]*a3\.h7/);
    await terminal.presses("C-u");
    await terminal.types("count edges of wh");
    await terminal.presses("Tab");
    await terminal.types("group by to.la");
    await terminal.presses("Tab", "Enter");
    await terminal.shows(/count edges of whole group by to\.layer\s*\nto\.layer +count\n/);
  },
  {},
  {
    "start.circ": `${toyModel}\n${chance("whole", "50%")}`,
  },
);

atPrompt(
  "wide tables are cut with a count of what is hidden",
  async (terminal) => {
    await terminal.types(".read start.circ");
    await terminal.presses("Enter");
    await terminal.shows(/start\.circ\n[^]*circ> $/);
    await terminal.tmux("resize-window", "-x", "34", "-y", "24");
    await terminal.types("nodes of part limit 3");
    await terminal.presses("Enter");
    const screen = await terminal.shows(/\(\d+ more columns: [^]*circ> $/);
    assertMatch(screen, /\(3 of \d+ shown\)/);
  },
  {},
  { "start.circ": `${toyModel}\n${chance("part", "50%")}` },
);

atPrompt(
  "the init file runs first, and an error in it leaves a prompt",
  async (terminal) => {
    const screen = await terminal.screen();
    assertMatch(screen, /unknown name `wrong`[^]*the rest of .* did not run/);
    await terminal.types("size + 1");
    await terminal.presses("Enter");
    await terminal.shows(/size \+ 1\n8\n\d\.\d+ s\ncirc> $/);
  },
  { NO_COLOR: "1" },
  { "init.circ": ".timer on\nlet size = 7\nwrong\nlet size = 8\n" },
);

atPrompt("newcomers' words, misspelt commands, and the prompt survives", async (terminal) => {
  await terminal.types("help");
  await terminal.presses("Enter");
  await terminal.shows(/circ> help\nStatements [^]*circ> $/);
  await terminal.types(".hlp");
  await terminal.presses("Enter");
  await terminal.shows(/did you mean `\.help`\?\ncirc> $/);
  await terminal.types("help why");
  await terminal.presses("Enter");
  await terminal.shows(/why: a query[^]*circ> $/);
  await terminal.types("exit");
  await terminal.presses("Enter");
  // The server ends with its only session.
  for (let i = 0; i < 100; i++) {
    if (await terminal.screen().then(() => false, () => true)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("`exit` did not leave");
});

atPrompt("non-ASCII input, paste and resize keep the line whole", async (terminal) => {
  await terminal.types("let ä = 1");
  await terminal.presses("C-u");
  await terminal.types('"天地玄黃 é 👩‍🔬 naïve"');
  await terminal.presses("Enter");
  await terminal.shows(/天地玄黃 é .*naïve\ncirc> $/);
  await terminal.tmux("set-buffer", "let a = 1\nlet b = 2\na + b");
  await terminal.tmux("paste-buffer", "-p");
  await terminal.shows(/a \+ b $/);
  await terminal.presses("Enter");
  await terminal.shows(/a \+ b\n3\ncirc> $/);
  await terminal.types("1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10");
  await terminal.tmux("resize-window", "-x", "30", "-y", "20");
  await terminal.shows(/9 \+ 10 $/);
  await terminal.presses("Enter");
  await terminal.shows(/\n55\ncirc> $/);
});

atPrompt(
  "Ctrl-C stops a discovery and keeps what it found, and resume goes on",
  async (terminal, cwd) => {
    await Deno.writeTextFile(
      join(cwd, "start.circ"),
      `${toyModel}
task names {
  vary A, B, C from lines("${root}examples/toy/names.txt")
  prompt "When {A} and {B} went to the park, {B} gave a ring to"
  answer " {A}"
  wrong " {B}"
  examples train 8, validation 0, test 64
}
corruption others of names {
  redraw A, B, C
  prompt "When {A} and {B} went to the park, {C} gave a ring to"
}
schedule long { steps 100000 batch 2 edge_sparsity 0 -> 50% }
circuit c { find edge_pruning in toy for names corrupted by others using long }
`,
    );
    await terminal.types(".read start.circ");
    await terminal.presses("Enter");
    await terminal.shows(/c \d+\/100000 /, 60);
    await terminal.presses("C-c");
    await terminal.shows(
      /stopping after this step[^]*stopped: `c` is what was found so far\n {2}help: `resume` goes on\ncirc> $/,
    );
    // What is typed while something runs waits for the prompt and does not tear the progress line.
    await terminal.types("edges(c)");
    await terminal.presses("Enter");
    await terminal.shows(/edges\(c\)\n810\ncirc> $/);
    // A measurement is stopped too, and nothing that was found is lost.
    await terminal.types("evaluate c by minimality");
    await terminal.presses("Enter");
    await new Promise((go) => setTimeout(go, 1000));
    await terminal.presses("C-c");
    await terminal.shows(/minimality\n[^]*stopped while it was measured[^]*\ncirc> $/);
    await terminal.types("edges(c) + 1");
    await terminal.presses("Enter");
    await terminal.shows(/edges\(c\) \+ 1\n811\ncirc> $/);
    await terminal.types("resume");
    await terminal.presses("Enter");
    await terminal.shows(/circ> resume\n[^]*c \d+\/100000 /, 60);
    await terminal.presses("C-c");
    await terminal.shows(/resume\n[^]*stopped: `c`[^]*\ncirc> $/);
  },
);

atPrompt("words of the language are coloured", async (terminal) => {
  await terminal.types("let a = 1");
  await terminal.shows(/let a = 1 $/);
  assertStringIncludes(await terminal.screen("-e"), "\x1b[1mlet");
}, { NO_COLOR: "" });

atPrompt("no colours where NO_COLOR is set", async (terminal) => {
  await terminal.types("let a = 1");
  await terminal.shows(/let a = 1 $/);
  // tmux writes the sequences that it was sent: bold is what a keyword would have.
  assert(!(await terminal.screen("-e")).includes("\x1b[1m"));
}, { NO_COLOR: "1" });

Deno.test("piped: no prompt and no banner, results on standard output", () =>
  inFolder({}, async (cwd) => {
    const { status, out, err } = await circ(["repl"], {
      cwd,
      input: "let a = 2\na +\n3\n.mode json\na",
    });
    assertEquals({ status, out, err }, { status: 0, out: "5\n2\n", err: "" });
  }));

Deno.test("piped: the first error ends the session with its status", () =>
  inFolder({}, async (cwd) => {
    const { status, out, err } = await circ(["repl"], { cwd, input: "let a = 2\na + c\na\n" });
    assertEquals(status, 2);
    assertEquals(out, "");
    assertMatch(err, /entry 2:1:5: error: unknown number `c`/);
  }));

Deno.test("repl -c runs a text and leaves", () =>
  inFolder({ "x.circ": "let a = 2\n" }, async (cwd) => {
    const { status, out } = await circ(["repl", "x.circ", "-c", "a * 21"], { cwd });
    assertEquals({ status, out }, { status: 0, out: "42\n" });
  }));

Deno.test("dot commands: output, save, read, help", () =>
  inFolder({}, async (cwd) => {
    const input = [
      "let a = 2",
      "let a = 3",
      ".output results.txt",
      "a + 1",
      ".output",
      ".save again.circ",
      ".help edge_pruning",
      "a?",
      ".mode?",
    ].join("\n");
    const { status, out, err } = await circ(["repl"], { cwd, input });
    assertEquals(status, 0, err);
    assertEquals(await Deno.readTextFile(join(cwd, "results.txt")), "4\n");
    assertEquals(await Deno.readTextFile(join(cwd, "again.circ")), "let a = 3\n\na + 1\n");
    assertStringIncludes(out, "edge_pruning: a method");
    assertStringIncludes(out, "a: a number");
    assertStringIncludes(out, ".mode: a command\n\n  .mode table|json|csv|markdown\n");
    assertEquals((await circ(["run", "again.circ"], { cwd })).out, "4\n");
  }));

Deno.test(".save reproduces a session that used `_`, declared a name again and read a script", () =>
  inFolder({
    "there/start.circ": `model toy { from "../model" split embeddings }\n` +
      chance("c", "40"),
  }, async (cwd) => {
    await Deno.symlink(toy, join(cwd, "model"));
    const input = [
      ".read there/start.circ",
      "let n = 2",
      "n + 3",
      "_ * n",
      "let n = 10",
      "_ - n",
      "top 20 of c",
      "edges(_)",
      "edges of c order by score desc limit 2",
      "c",
      "edges(_) + n",
    ];
    await Deno.mkdir(join(cwd, "saved"));
    const session = [...input, ".save saved/again.circ"].join("\n");
    const first = await circ(["repl"], { cwd, input: session });
    assertEquals(first.status, 0, first.err);
    const again = await circ(["run", "saved/again.circ"], { cwd });
    assertEquals(again.status, 0, again.err);
    // What was shown without a name of its own is shown under the name that it got.
    const summaries = (text: string) => text.replace(/^[^\n]*: (\d+ of)/gm, "$1");
    assertEquals(summaries(again.out), summaries(first.out));
    assertMatch(first.out, /^5\n10\n0\n/);
  }));

Deno.test("a plot and a drawing: bars of text, SVG files, and what has none", () =>
  inFolder({
    "start.circ": `${toyModel}\n${chance("c", "40")}`,
  }, async (cwd) => {
    const run = (text: string) => circ(["repl"], { cwd, input: `.read start.circ\n${text}\n` });
    const bars = await run(".plot c\ncount edges of c group by to.kind\n.plot");
    assertEquals(bars.status, 0, bars.err);
    assertMatch(bars.out, /^layer 0 q +#* ?\d+ of \d+$/m);
    assertMatch(bars.out, /^logits +#+ \d+ of \d+$/m);
    assertMatch(bars.out, /^head +#+ \d+$/m);
    const drawn = await run(".show c c.svg\n.plot c c-layers.svg\n.show c");
    assertEquals(drawn.status, 0, drawn.err);
    for (const file of ["c.svg", "c-layers.svg"]) {
      assertMatch(await Deno.readTextFile(join(cwd, file)), /^<(\?xml|svg)[^]*<\/svg>\s*$/);
    }
    assertMatch(drawn.out, /^logits +<- /m);
    const wrong = await run(".show toy");
    assertEquals(wrong.status, 2);
    assertStringIncludes(wrong.err, "`toy` is a model, no circuit\n  help: circuits are `c`");
  }));
