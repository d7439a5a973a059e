/** Imports: the declarations of another script. @module */
import { fileProblem } from "../../base/file_problem.ts";
import type { ImportStatement } from "../syntax/tree.ts";
import { hasErrors } from "../text/diagnostics.ts";
import type { Source } from "../text/source.ts";
import { parse } from "../syntax/parse.ts";
import type { Checker, Imported } from "./checker.ts";
import { notEmpty } from "./exists.ts";
import type { StatementOf } from "./program.ts";
import { aType, bind } from "./symbols.ts";

/** Deepest nesting of imports. */
const DEEPEST = 32;

export function importFile(c: Checker, node: ImportStatement): StatementOf<"import"> | undefined {
  const path = node.file.value;
  notEmpty(c, node.file, "the name of a file");
  if (path === "") return undefined;
  const source = loaded(c, path, c.file);
  const chain = [...c.importing, c.file];
  if (typeof source !== "object" || chain.includes(source.file)) {
    c.excused.all = true;
    if (typeof source === "object") {
      const circle = [...chain.slice(chain.indexOf(source.file)), source.file];
      c.error(node.file, `imports go in a circle: ${circle.join(" imports ")}`);
    } else if (source !== undefined) {
      c.error(node.file, `cannot read ${JSON.stringify(path)}: ${source}`);
    } else if (c.context.load) {
      c.error(node.file, `no such file: ${path}`, "paths are relative to the script");
    }
    return undefined;
  }
  if (chain.length > DEEPEST) {
    c.error(node.file, `imports nest more than ${DEEPEST} deep`);
    return undefined;
  }
  const known = c.imports.get(source.file);
  const found = known ?? before(c, source) ?? checked(c, source);
  c.imports.set(source.file, found);
  c.context.imports?.set(source.file, found);
  c.parts.set(path, found);
  // Errors of a script that is imported twice are reported once.
  if (found !== known) c.diagnostics.push(...found.diagnostics);
  if (found.diagnostics.length > 0) c.excused.all = true;
  for (const [name, symbol] of found.names) {
    const before = c.scope.names.get(name);
    if (before === symbol) continue;
    if (before && !c.context.redefine) {
      c.error(
        node.file,
        `${path} declares \`${name}\`, which is already ${aType(before.type)} here`,
        "a name is declared once: rename one of the two",
      );
    } else bind(c.scope, symbol);
  }
  if (found !== known) c.references.push(...found.references);
  return { kind: "import", program: found.program };
}

/** The script that a path names; the reason why it cannot be read, or undefined where there is none. */
function loaded(c: Checker, path: string, from: string): Source | string | undefined {
  try {
    return c.context.load?.(path, from);
  } catch (error) {
    return fileProblem(error);
  }
}

/** The script as an earlier entry at a prompt imported it, if it and all that it imports are as they were then. */
function before(c: Checker, source: Source): Imported | undefined {
  const found = c.context.imports?.get(source.file);
  return found && stands(c, found, source) ? found : undefined;
}

function checked(c: Checker, source: Source): Imported {
  const { tree, diagnostics } = parse(source.text, source.file);
  const found = c.checks.imported(c, tree, source);
  const all = [...diagnostics, ...found.diagnostics].filter(({ severity }) => severity === "error");
  return { ...found, diagnostics: hasErrors(all) ? all : [] };
}

function stands(c: Checker, { text, parts }: Imported, source: Source): boolean {
  return text === source.text &&
    [...parts].every(([path, part]) => {
      const now = loaded(c, path, source.file);
      return typeof now === "object" && stands(c, part, now);
    });
}
