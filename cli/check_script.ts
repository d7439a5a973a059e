/** Output of `circ check` on a script. @module */
import { printable } from "../base/printable.ts";
import { type Diagnostic, renderDiagnostics } from "../dsl/text/diagnostics.ts";
import { checkText } from "../dsl/check/files.ts";
import { linesOf, type Source } from "../dsl/text/source.ts";
import type { Streams } from "./main.ts";
import { readScript } from "./script.ts";

/** Checks a script and writes what is wrong with it: as text to standard error, as JSON to standard output. */
export async function checkScript(
  file: string,
  format: "text" | "json",
  { out, err, end }: Streams,
): Promise<void> {
  const { source } = await readScript(file);
  const { diagnostics, sources, ok } = checkText(source.text, source.file);
  if (format === "json") out.write(printable(asJson(diagnostics, sources)));
  else if (diagnostics.length > 0) err.write(renderDiagnostics(diagnostics, sources));
  if (!ok) end(2);
}

/** One record per diagnostic; lines and columns count from 1, the end is exclusive. */
function asJson(diagnostics: readonly Diagnostic[], sources: readonly Source[]): string {
  const texts = new Map(sources.map(({ file, text }) => [file, text]));
  const records = diagnostics.map(({ file, span, severity, message, help }) => {
    const lines = linesOf(texts.get(file) ?? "");
    const [start, end] = [lines.position(span.start), lines.position(span.end)];
    return { file, severity, message, ...(help === undefined ? {} : { help }), start, end };
  });
  return JSON.stringify(records, null, 2) + "\n";
}
