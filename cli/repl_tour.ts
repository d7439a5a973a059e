/** Types the entries of docs/repl.md into a prompt and writes what it answers: `deno task tour`. @module */
import { fileURLToPath } from "node:url";
import { renderDiagnostics } from "../dsl/text/diagnostics.ts";
import { openSession } from "../dsl/interpret/session.ts";
import { openRepl, type Settings } from "../dsl/repl/repl.ts";
import { terminalHost } from "./host.ts";
import { progressLine } from "./progress.ts";
import { report } from "./status.ts";
import type { Terminal } from "./terminal.ts";

export const tourPath = new URL("../docs/repl.md", import.meta.url);

const prompt = "circ> ";
const continuation = "  ... ";

/** The entries of a transcript: lines behind a prompt, and their continuations. */
export function entriesOf(transcript: string): string[] {
  const entries: string[] = [];
  for (const line of transcript.split("\n")) {
    if (line.startsWith(prompt)) entries.push(line.slice(prompt.length));
    else if (line.startsWith(continuation) && entries.length > 0) {
      entries[entries.length - 1] += "\n" + line.slice(continuation.length);
    }
  }
  return entries;
}

/** The page with every transcript as one session, from first to last, answers it now. */
export async function runTour(page: string): Promise<string> {
  let written = "";
  const terminal: Terminal = {
    write: (text) => written += text,
    interactive: false,
    colour: false,
    width: () => 100,
  };
  // Results are cut as on a terminal of 100 columns; progress, which never stays on one, is left out.
  const out: Terminal = { ...terminal, interactive: true };
  const silent = { ...progressLine(terminal), show: () => {} };
  const settings: Settings = { form: "table", timer: false };
  const host = terminalHost({ out, progress: silent, form: () => settings.form });
  const session = openSession({ host, device: "cpu" });
  const repl = openRepl({
    session,
    settings,
    folder: fileURLToPath(new URL("../examples", import.meta.url)),
    history: [],
    report: (error, sources) => void report(error, terminal, sources),
    diagnose: (diagnostics, sources) => terminal.write(renderDiagnostics(diagnostics, sources)),
    redirect: () => {},
    width: () => 100,
  });
  try {
    const parts = page.split(/(^```console\n[^]*?^```$)/m);
    for (let i = 1; i < parts.length; i += 2) {
      written = "";
      for (const entry of entriesOf(parts[i])) {
        written += prompt + entry.replaceAll("\n", "\n" + continuation) + "\n";
        await repl.execute(entry);
      }
      parts[i] = "```console\n" + written.replaceAll("\r\n", "\n") + "```";
    }
    return parts.join("");
  } finally {
    await session.close();
  }
}

if (import.meta.main) {
  await Deno.writeTextFile(tourPath, await runTour(await Deno.readTextFile(tourPath)));
}
