import { assert, assertEquals } from "@std/assert";
import { completionScript, type ShellCommand, SHELLS } from "../../../dsl/editor/shells.ts";

const COMMANDS: readonly ShellCommand[] = [
  {
    name: "run",
    about: "Run a script: all of it",
    options: [
      { name: "--device", about: "Where [it] runs", values: ["auto", "cpu"] },
      { name: "--dry-run", about: "Don't compute" },
    ],
    files: ["circ"],
  },
  { name: "completions", about: "Print this", options: [], words: ["bash", "zsh", "fish"] },
];

Deno.test("each shell's script names every command, option and value", () => {
  for (const shell of SHELLS) {
    const script = completionScript(shell, COMMANDS);
    for (const word of ["run", "completions", "dry-run", "auto", "fish"]) {
      assert(script.includes(word), `${shell} lacks ${word}`);
    }
  }
});

/** Completions of bash for a command line. */
async function bash(...words: string[]): Promise<string[]> {
  const script = completionScript("bash", COMMANDS) +
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${
      words.length - 1
    }; _circ
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, success } = await new Deno.Command("bash", {
    args: ["--norc", "-c", script],
    cwd: await Deno.makeTempDir(),
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).split("\n").filter(Boolean);
}

Deno.test("bash completes commands, options, values and arguments", async () => {
  assertEquals(await bash("circ", "r"), ["run"]);
  assertEquals(await bash("circ", "run", "--d"), ["--device", "--dry-run"]);
  assertEquals(await bash("circ", "run", "--device", ""), ["auto", "cpu"]);
  assertEquals(await bash("circ", "completions", "f"), ["fish"]);
});
