/**
 * A long session keeps its memory: 1,000 statements grow the process by less than 100 MB.
 */
import { assert } from "@std/assert";
import { namesTask, toyModel } from "../support/toy_scripts.ts";
import { commandLine, inFolder } from "./run_circ.ts";

const setUp = `${toyModel}
${namesTask}
circuit c { find random in toy for names corrupted by swapped keep 50% seed 3 }
circuit d { find random in toy for names corrupted by swapped keep 50% seed 4 }
`;

/** Statements of every kind that a session repeats; new texts each time, so that nothing is remembered. */
const statement = (i: number): string =>
  [
    `edges of c order by score desc limit ${i % 97 + 1}`,
    `let e${i} = c & d`,
    `overlap c, top ${i + 1} of d`,
    `paths of c from tok to logits limit ${i % 13 + 1}`,
    `count edges of c where score > 0.${i} group by to.layer`,
    `why m${i % 4} in d`,
    `edges(c) + ${i}`,
    `evaluate top ${500 + i % 300} of c on names.test by kl`,
    `let n = ${i}`,
    `nodes of (c | d)`,
  ][i % 10];

/** Bytes of a process in memory, as Linux tells. */
async function resident(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) * 1024;
}

const ignore = Deno.build.os !== "linux";
Deno.test({
  name: `1,000 statements grow a session by less than 100 MB${
    ignore ? " (not run: memory is read from /proc)" : ""
  }`,
  ignore,
}, () =>
  inFolder({}, async (cwd) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: commandLine(["repl", "--device", "cpu"]),
      cwd,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const writer = child.stdin.getWriter();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let seen = "";
    /** Sends entries and waits until the last one has answered. */
    const send = async (text: string, mark: number) => {
      await writer.write(new TextEncoder().encode(`${text}\n${mark}\n`));
      while (!seen.includes(`\n${mark}\n`)) {
        const { value, done } = await reader.read();
        assert(!done, `the session ended early: ${seen.slice(-500)}`);
        seen = seen.slice(-100) + value;
      }
    };
    try {
      const statements = Array.from({ length: 1100 }, (_, i) => statement(i));
      await send(setUp + statements.slice(0, 100).join("\n"), 77700001);
      const before = await resident(child.pid);
      await send(statements.slice(100).join("\n"), 77700002);
      const grown = (await resident(child.pid) - before) / 2 ** 20;
      assert(grown < 100, `the session grew by ${grown.toFixed(0)} MB`);
      console.log(`1,000 statements: ${grown.toFixed(1)} MB more`);
    } finally {
      await writer.close().catch(() => {});
      await reader.cancel().catch(() => {});
      await child.status;
    }
  }));
