/**
 * A table as the text of a file.
 *
 * @module
 */
import { extname } from "node:path";
import {
  renderCsv,
  renderJson,
  renderMarkdown,
  renderText,
  type Table,
} from "../../runtime/circuits/mod.ts";

/** The table in the form that the file's ending asks for; undefined for other endings. */
export function tableFile(table: Table, path: string): string | undefined {
  return forms[extname(path).toLowerCase()]?.(table);
}

const forms: Readonly<Record<string, (table: Table) => string>> = {
  ".csv": renderCsv,
  ".json": renderJson,
  ".md": (table) =>
    [renderMarkdown(table), ...(table.notes ?? []).map((note) => `${note}\n`)].join("\n"),
  ".txt": (table) => renderText(table),
};
