/**
 * Benchmark of the checker and of edits: `deno run -A bench/language.ts`.
 *
 * - `circ check` of a 200-line script, beside `deno run` of an empty file
 * - parsing and checking 10,000 lines in a fresh process
 * - an edit at 1,000 lines, from the change to the diagnostics
 *
 * @module
 */
import process from "node:process";
import { check } from "../dsl/check/check.ts";
import { analyse } from "../dsl/editor/document.ts";
import { warmUp } from "../dsl/editor/warm_up.ts";
import { parse } from "../dsl/syntax/parse.ts";

const ROOT = new URL("../", import.meta.url);

/** A script of about so many lines: declarations, circuits and queries, again and again. */
function scriptOf(lines: number): string {
  const block = (i: number) =>
    `model toy_${i} { from "hub:owner/toy" }

## Who is given the thing?
task ioi_${i} {
  vary   A, B  from ["Mary", "John", "Anna", "Paul"]
  vary   place from ["park", "school", "market"]
  prompt "When {A} and {B} went to the {place}, {B} gave a book to"
  answer " {A}"
  wrong  " {B}"
}

corruption fresh_${i} of ioi_${i} { redraw A, B }

schedule slow_${i} {
  steps         3000
  edge_sparsity 0 -> 98% over 2500 steps  # linear
}

circuit ep_${i} {
  find  edge_pruning
  in    toy_${i}
  for   ioi_${i} corrupted by fresh_${i}
  using slow_${i}
}

evaluate ep_${i} on ioi_${i}.test by kl, exact_match
edges of ep_${i} where to = a3.* and weight > 0.5 order by weight desc limit 10
`;
  const each = block(0).split("\n").length;
  return Array.from({ length: Math.ceil(lines / each) }, (_, i) => block(i)).join("\n");
}

interface Times {
  readonly wall: number;
  /** Of all threads, user and system: what other processes do hardly changes it. */
  readonly cpu: number;
}

/** The least of several times of `deno ...`, in milliseconds. */
async function timesOf(args: string[], runs = 9): Promise<Times> {
  let [wall, cpu] = [Infinity, Infinity];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    // `times` tells, on its second line, what the shell's children took.
    const { success, stdout, stderr } = await new Deno.Command("sh", {
      args: ["-c", '"$@" >/dev/null && times', "sh", Deno.execPath(), ...args],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    wall = Math.min(wall, performance.now() - start);
    const children = new TextDecoder().decode(stdout).trim().split("\n")[1];
    const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
    const seconds = parts.reduce((sum, [, minutes, rest]) => sum + 60 * +minutes + +rest, 0);
    cpu = Math.min(cpu, 1000 * seconds);
  }
  return { wall, cpu };
}

function tell(what: string, { wall, cpu }: Times, limit?: Times): void {
  const most = limit ? `   (at most ${limit.wall.toFixed(0)}; by CPU ${limit.cpu.toFixed(0)})` : "";
  console.log(
    `${what.padEnd(34)}${wall.toFixed(0).padStart(5)} ms, CPU ${
      cpu.toFixed(0).padStart(5)
    } ms${most}`,
  );
}

/** Wall and CPU time of something in this process. */
function timed(run: () => void): Times {
  const [start, before] = [performance.now(), process.cpuUsage()];
  run();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - start, cpu: (user + system) / 1000 };
}

if (Deno.args[0] === "cold") {
  const text = scriptOf(10_000);
  const times = timed(() => {
    const { tree, diagnostics } = parse(text);
    const { diagnostics: more } = check(tree);
    if (diagnostics.length + more.length > 0) throw new Error("The script should be right");
  });
  console.log(JSON.stringify(times));
} else {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/empty.ts`, "");
  await Deno.writeTextFile(`${folder}/script.circ`, scriptOf(200));
  const empty = await timesOf(["run", `${folder}/empty.ts`]);
  const cli = new URL("cli.ts", ROOT).pathname;
  const checked = await timesOf(["run", "-A", cli, "check", `${folder}/script.circ`]);
  await Deno.remove(folder, { recursive: true });
  tell("deno run of an empty file", empty);
  tell("circ check of 200 lines", checked, {
    wall: 2 * empty.wall + 100,
    cpu: 2 * empty.cpu + 100,
  });

  let cold: Times = { wall: Infinity, cpu: Infinity };
  for (let i = 0; i < 5; i++) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", import.meta.filename!, "cold"],
    }).output();
    const { wall, cpu } = JSON.parse(new TextDecoder().decode(stdout));
    cold = { wall: Math.min(cold.wall, wall), cpu: Math.min(cold.cpu, cpu) };
  }
  tell("parse and check 10,000 lines", cold, { wall: 500, cpu: 500 });

  const text = scriptOf(1000);
  const start = timed(warmUp);
  const times: Times[] = [];
  for (let i = 0; i < 30; i++) {
    const edited = text.slice(0, 500) + " ".repeat(i) + text.slice(500);
    times.push(timed(() => void analyse(edited, "a.circ")));
  }
  const sorted = (what: keyof Times) => times.map((each) => each[what]).sort((a, b) => a - b);
  const at = (i: number): Times => ({ wall: sorted("wall")[i], cpu: sorted("cpu")[i] });
  tell("the language server's warming up", start);
  tell("an edit at 1,000 lines, median", at(15), { wall: 50, cpu: 50 });
  tell("  the slowest of the first 30", at(29), { wall: 50, cpu: 50 });
}
