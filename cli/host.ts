/** The interpreter's host on a terminal: results on standard output, everything else on standard error. @module */
import { printable } from "../base/printable.ts";
import { type Table, tableForms } from "../runtime/circuits/mod.ts";
import type { Host } from "../dsl/interpret/host.ts";
import type { ProgressLine } from "./progress.ts";
import { styled, type Terminal } from "./terminal.ts";

export interface HostOptions {
  readonly out: Terminal;
  readonly progress: ProgressLine;
  /** Form of the next table; asked at every table, because a prompt may change it. */
  readonly form?: () => string;
  /** A signal for the next computation; left out, nothing stops it. */
  readonly signal?: () => AbortSignal;
}

/** A host that writes to a terminal. */
export function terminalHost({
  out,
  progress,
  form = () => "table",
  signal = () => new AbortController().signal,
}: HostOptions): Host {
  return {
    signal,
    text: (text) => {
      progress.finish();
      out.write(printable(text) + "\n");
    },
    table: (table) => {
      progress.finish();
      out.write(tableText(table, form(), out));
      if (form() !== "table") { for (const note of table.notes ?? []) progress.note(note); }
    },
    note: (text) => progress.note(text),
    progress: (step) => progress.show(step),
    progressDone: () => progress.finish(),
  };
}

/** A table in the form asked for; as text it fits the terminal and has its notes. Files and pipes get all data as it is. */
export function tableText(table: Table, form: string, terminal: Terminal): string {
  const header = (text: string) => styled(terminal, "bold", text);
  const width = terminal.interactive ? { width: terminal.width() } : {};
  const shown = form === "table" ? table : { ...table, notes: [] };
  const text = tableForms.find(({ name }) => name === form)!.write(shown, { ...width, header });
  return terminal.interactive && form !== "table" ? printable(text) : text;
}
