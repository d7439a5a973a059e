/** Every form that tables are written in. @module */
import { csv } from "./csv.ts";
import type { TableForm } from "./form.ts";
import { json } from "./json.ts";
import { markdown } from "./markdown.ts";
import { text } from "./text.ts";

export type { TextOptions } from "./form.ts";
export { renderCsv } from "./csv.ts";
export { renderJson } from "./json.ts";
export { renderMarkdown } from "./markdown.ts";
export { renderText } from "./text.ts";

/** Forms of tables, in the order of the documentation. */
export const tableForms: readonly TableForm[] = [text, json, csv, markdown];
