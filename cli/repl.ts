/** `circ repl [FILE]`: the prompt on a terminal, or entries from a pipe. @module */
import { resolve } from "node:path";
import { Command } from "@cliffy/command";
import { renderDiagnostics } from "../dsl/text/diagnostics.ts";
import { StoppedError } from "../dsl/interpret/error.ts";
import { openStore } from "../dsl/interpret/run/store.ts";
import { openSession } from "../dsl/interpret/session.ts";
import { complete } from "../dsl/repl/complete.ts";
import { LineEditor } from "../dsl/repl/editor.ts";
import { highlight } from "../dsl/repl/highlight.ts";
import { openHistory } from "../dsl/repl/history.ts";
import { openRepl, type Outcome, type Repl, type Settings } from "../dsl/repl/repl.ts";
import { historyPath, initPath } from "../dsl/repl/user_file.ts";
import { parse } from "../dsl/syntax/parse.ts";
import { fileProblem } from "../base/file_problem.ts";
import { printable } from "../base/printable.ts";
import { UserError } from "../base/user_error.ts";
import { packageVersion } from "../base/version.ts";
import { readText } from "../base/whole_file.ts";
import { terminalHost } from "./host.ts";
import { listenToInterrupt } from "./interrupt.ts";
import type { Streams } from "./main.ts";
import { deviceType, formType } from "./options.ts";
import { progressLine } from "./progress.ts";
import { report, type Status } from "./status.ts";
import { fileTerminal, type Terminal } from "./terminal.ts";

export function replCommand(streams: Streams) {
  return new Command()
    .description("Type statements and see what they do.")
    .type("device", deviceType)
    .type("form", formType)
    .arguments("[file:string]")
    .option("-c, --command <text:string>", "Run this text and leave.")
    .option("-d, --device <device:device>", "Where to compute.", { default: "auto" })
    .option("--fresh", "Compute anew, and set aside what earlier runs left.")
    .option("--runs <folder:string>", "Folder that results go to.", { default: "runs" })
    .option("--format <form:form>", "How tables are written.", { default: "table" })
    .example("circ repl ioi.circ", "Run a script, then ask about what it found.")
    .action(async (options, file) => {
      const { err } = streams;
      const settings: Settings = { form: options.format, timer: false };
      let out: Terminal = streams.out;
      let status: Status = 0;
      const progress = progressLine(err);
      const interrupt = listenToInterrupt(() => progress.note("stopping after this step"));
      const host = terminalHost({
        out: { ...streams.out, write: (text) => out.write(text) },
        progress,
        form: () => settings.form,
        signal: interrupt.signal,
      });
      const interactive = options.command === undefined && Deno.stdin.isTerminal();
      const history = openHistory(interactive ? historyPath() : undefined);
      const { device, runs, fresh = false } = options;
      const store = openStore({ runs, fresh, note: progress.note });
      const session = openSession({ host, device, store });
      const repl = openRepl({
        session,
        settings,
        folder: Deno.cwd(),
        history: history.entries,
        report: (error, sources) => {
          progress.finish();
          status = report(error, err, sources);
          if (error instanceof StoppedError && error.resumes) {
            err.write("  help: `resume` goes on\n");
          }
        },
        diagnose: (diagnostics, sources) => {
          err.write(renderDiagnostics(diagnostics, sources));
          status = 2;
        },
        redirect: (path) => out = path === null ? streams.out : fileTerminal(path),
        width: () => out.interactive ? out.width() : Infinity,
      });
      try {
        if (interactive) await begin(repl, initPath(), streams.err);
        const first = file === undefined ? "done" : await repl.execute(`.read ${resolve(file)}`);
        if (interactive) {
          await converse(repl, history, err, interrupt.idle);
          status = 0;
        } else if (first === "done") {
          const outcome = options.command === undefined
            ? await fromPipe(repl)
            : await repl.execute(options.command);
          // A false expectation is shown, and is no error.
          if (outcome === "failed" && status === 0) status = 1;
        } else if (status === 0) status = 1;
        streams.end(status);
      } finally {
        interrupt.close();
        await session.close();
      }
    });
}

/** True if an entry can be run: it parses, or it is wrong in a way that more lines would not cure. */
function isComplete(text: string): boolean {
  return /^\s*(\.|[\w.]*\s*\?|help\s+[\w.]+\s*$)/.test(text) || !parse(text).incomplete;
}

/** Runs the init file, if there is one. An error in it is shown, and the prompt opens. */
async function begin(repl: Repl, path: string | undefined, err: Terminal): Promise<void> {
  if (path === undefined) return;
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    err.write(`circ: cannot read ${printable(path)}: ${fileProblem(error)}\n`);
    return;
  }
  const entries = new Entries();
  for (const entry of [...entries.add(text), ...entries.rest()]) {
    if (await repl.execute(entry) === "done") continue;
    err.write(`circ: the rest of ${printable(path)} did not run\n`);
    return;
  }
}

/** Splits lines into entries: each ends where a line makes it complete. */
class Entries {
  #line = "";
  #entry = "";

  /** The entries that more text completes. */
  *add(text: string): Generator<string> {
    const lines = (this.#line + text).split(/\r?\n/);
    this.#line = lines.pop()!;
    for (const line of lines) yield* this.#add(line);
  }

  /** The entry at the end of the text, if one is unfinished. */
  *rest(): Generator<string> {
    yield* this.#add(this.#line);
    if (this.#entry !== "") yield this.#entry;
    this.#line = this.#entry = "";
  }

  *#add(line: string): Generator<string> {
    this.#entry += (this.#entry === "" ? "" : "\n") + line;
    if (!isComplete(this.#entry)) return;
    const entry = this.#entry;
    this.#entry = "";
    yield entry;
  }
}

async function converse(
  repl: Repl,
  history: ReturnType<typeof openHistory>,
  err: Terminal,
  idle: () => void,
): Promise<void> {
  const editor = new LineEditor({
    screen: {
      read: readBytes,
      write: (text) => err.write(text),
      width: () => err.width(),
    },
    history,
    prompt: "circ> ",
    continuation: "  ... ",
    isComplete,
    complete: (text, cursor) => complete(text, cursor, repl),
    highlight: (text) => err.colour ? highlight(text) : [],
  });
  err.write(`circ ${packageVersion}. .help shows what there is, .exit or Ctrl-D leaves.\n`);
  let editing = false;
  const redraw = () => editing && editor.redraw();
  Deno.addSignalListener("SIGWINCH", redraw);
  try {
    while (true) {
      // While a line is edited the terminal hands over every key; while something runs, Ctrl-C is a signal.
      Deno.stdin.setRaw(true);
      editing = true;
      const entry = await editor.readEntry();
      editing = false;
      if (entry.kind === "end") return;
      if (entry.kind === "interrupt") continue;
      // What is typed ahead waits without being echoed into results.
      if (Deno.build.os === "windows") Deno.stdin.setRaw(false);
      else Deno.stdin.setRaw(true, { cbreak: true });
      if (await repl.execute(entry.text) === "exit") return;
      idle();
    }
  } finally {
    Deno.stdin.setRaw(false);
    Deno.removeSignalListener("SIGWINCH", redraw);
  }
}

/** Entries from standard input. The first error ends the session. */
async function fromPipe(repl: Repl): Promise<Outcome> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decoded = (bytes?: Uint8Array) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new UserError("cannot read standard input: its bytes are not UTF-8");
    }
  };
  const entries = new Entries();
  const run = async (texts: Iterable<string>): Promise<Outcome> => {
    for (const text of texts) {
      const outcome = await repl.execute(text);
      if (outcome !== "done") return outcome;
    }
    return "done";
  };
  for (let bytes = await readBytes(); bytes !== null; bytes = await readBytes()) {
    const outcome = await run(entries.add(decoded(bytes)));
    if (outcome !== "done") return outcome;
  }
  return await run([...entries.add(decoded()), ...entries.rest()]);
}

const buffer = new Uint8Array(65536);

async function readBytes(): Promise<Uint8Array | null> {
  const count = await Deno.stdin.read(buffer);
  return count === null ? null : buffer.slice(0, count);
}
