/**
 * Imports: the declarations of another script.
 *
 * @module
 */
import type { ImportStatement } from "../syntax/tree.ts";
import { hasErrors } from "../text/diagnostics.ts";
import { parse } from "../syntax/parse.ts";
import { type Checker, error } from "./checker.ts";
import { checkProgram } from "./check.ts";
import { aType } from "./symbols.ts";

/** How deep imports may nest. */
const DEEPEST = 32;

export function importFile(c: Checker, node: ImportStatement): void {
  const path = node.file.value;
  if (path === "") return;
  const { load } = c.context;
  if (!load) {
    c.excused.all = true;
    return;
  }
  const source = load(path, c.file);
  if (!source) {
    error(c, node.file.span, `no such file: ${path}`, "paths are relative to the script");
    c.excused.all = true;
    return;
  }
  const chain = [...c.importing, c.file];
  if (chain.includes(source.file)) {
    const circle = [...chain.slice(chain.indexOf(source.file)), source.file];
    error(c, node.file.span, `imports go in a circle: ${circle.join(" imports ")}`);
    c.excused.all = true;
    return;
  }
  if (chain.length > DEEPEST) {
    error(c, node.file.span, `imports nest more than ${DEEPEST} deep`);
    return;
  }
  const parsed = parse(source.text, source.file);
  const { checked, diagnostics } = checkProgram(
    parsed.tree,
    { ...c.context, known: new Map(), redefine: false },
    chain,
  );
  const all = [...parsed.diagnostics, ...diagnostics];
  c.diagnostics.push(...all.filter(({ severity }) => severity === "error"));
  if (hasErrors(all)) c.excused.all = true;
  for (const [name, symbol] of checked.names) {
    const before = c.scope.names.get(name);
    if (before === symbol) continue;
    if (before && !c.context.redefine) {
      error(
        c,
        node.file.span,
        `${path} declares \`${name}\`, which is already ${aType(before.type)} here`,
        "a name is declared once: rename one of the two",
      );
    } else c.scope.names.set(name, symbol);
  }
  c.references.push(...checked.references);
}
