/**
 * A session as a script that does the same again.
 *
 * At a prompt a name may be declared again, `_` is the last result, and statements come from files of
 * several folders. A script has none of this, so a name that was declared twice becomes two names, results that
 * were used as `_` get names, and paths are relative to the script's folder.
 *
 * @module
 */
import { isAbsolute, join, relative } from "node:path";
import type { Reference, Symbol } from "../check/check.ts";
import type { StatementOf } from "../check/program.ts";
import { RESERVED_WORDS } from "../syntax/tokens.ts";
import type { Span, Statement } from "../syntax/tree.ts";

/** A statement that ran. Spans count from the statement's start. */
export interface Ran {
  readonly text: string;
  /** Folder that its relative paths start from. */
  readonly folder: string;
  readonly kind: Statement["kind"];
  readonly declares: Symbol | null;
  readonly nameSpan: Span | null;
  /** The names that it uses. */
  readonly uses: readonly { readonly span: Span; readonly symbol: Symbol }[];
  /** The expression whose value it shows. */
  readonly shows: Span | null;
  /** Declarations in it whose draws are seeded by a name, and the places of their closing braces. */
  readonly draws: readonly { readonly by: Symbol; readonly end: number }[];
  /** The result that `_` names after it; null when another result followed before `_` was used. */
  last: Symbol | null;
}

/** The record of a statement, from the checker's findings about its source. */
export function ranStatement(
  statement: Statement,
  { text, file, folder }: { text: string; file: string; folder: string },
  symbols: readonly Symbol[],
  references: readonly Reference[],
): Ran {
  const { start, end } = statement.span;
  const moved = (span: Span): Span => ({ start: span.start - start, end: span.end - start });
  const name = "name" in statement ? statement.name : null;
  return {
    text: text.slice(start, end),
    folder,
    kind: statement.kind,
    declares: name === null
      ? null
      : symbols.find((each) =>
        each.file === file && each.inner === undefined && each.span.start === name.span.start
      ) ?? null,
    nameSpan: name === null ? null : moved(name.span),
    uses: references
      .filter((each) => each.file === file && each.span.start >= start && each.span.end <= end)
      .map(({ span, symbol }) => ({ span: moved(span), symbol })),
    shows: statement.kind === "ShowStatement" ? moved(statement.value.span) : null,
    draws: drawsOf(statement, symbols, references, file)
      .map(({ by, end }) => ({ by, end: end - start })),
    last: null,
  };
}

/** Tasks and corruptions, those of sweeps as well, with the declaration whose name seeds their draws: a program's for its inputs. */
function drawsOf(
  statement: Statement,
  symbols: readonly Symbol[],
  references: readonly Reference[],
  file: string,
): Ran["draws"] {
  if (statement.kind === "SweepStatement") {
    return statement.statements.flatMap((each) => drawsOf(each, symbols, references, file));
  }
  if (statement.kind !== "TaskDeclaration" && statement.kind !== "CorruptionDeclaration") return [];
  const { fields, name, span } = statement;
  const kinds = fields.map(({ kind }) => kind);
  if (kinds.includes("DrawnAsField") || kinds.includes("DataField")) return [];
  const program =
    fields.flatMap((field) =>
      field.kind === "GenerateField" ? [field.generator.span.start] : []
    )[0];
  const by = program === undefined
    ? symbols.find((each) =>
      each.file === file && each.inner === undefined && each.span.start === name.span.start
    )
    : references.find((each) => each.file === file && each.span.start === program)?.symbol;
  return by === undefined ? [] : [{ by, end: span.end - 1 }];
}

/** Records of the corruptions that a task took over from an earlier one: their own, for the new task. */
export function carriedStatements(
  { symbol, carried = [] }: StatementOf<"task">,
  log: readonly Ran[],
): Ran[] {
  return carried.flatMap(({ from, checked }) => {
    const earlier = log.findLast(({ declares }) => declares === from);
    if (earlier === undefined) return [];
    const uses = earlier.uses.map(({ span, symbol: used }) => ({
      span,
      symbol: used === from.of ? symbol : used,
    }));
    const draws = earlier.draws.map(({ by, end }) => ({
      by: by === from ? checked.symbol : by,
      end,
    }));
    return [{ ...earlier, declares: checked.symbol, uses, draws }];
  });
}

export interface SessionScript {
  readonly text: string;
  readonly statements: number;
  /** Statements with a `_` that no name can replace. */
  readonly unclear: readonly string[];
}

/** Writes the statements as a script for a folder. */
export function sessionScript(log: readonly Ran[], folder: string): SessionScript {
  const kept = keptOf(log);
  const taken = new Set([
    ...RESERVED_WORDS,
    ...log.flatMap(({ declares, uses }) =>
      [declares, ...uses.map(({ symbol }) => symbol)].map((symbol) => symbol?.name ?? "")
    ),
  ]);
  const fresh = (stem: string) => {
    let name = stem;
    for (let i = 2; taken.has(name); i++) name = `${stem}_${i}`;
    taken.add(name);
    return name;
  };

  // A name that is declared again later on, and was used before that, becomes another one.
  const names = new Map<Symbol, string>();
  kept.forEach(({ declares }, i) => {
    if (declares === null) return;
    const again = kept.slice(i + 1).some((later) => later.declares?.name === declares.name);
    if (again) names.set(declares, fresh(`${declares.name}_before`));
  });
  const nameOf = (symbol: Symbol) => names.get(symbol) ?? symbol.name;

  // The value of `_`: a name, or an expression that gets one.
  const named = new Map<Ran, string>();
  for (const entry of kept) {
    const { last, shows, uses, text } = entry;
    if (last === null || shows === null) continue;
    if (!kept.some((each) => each.uses.some(({ symbol }) => symbol === last))) continue;
    const alone = uses.find(({ span }) => span.start === shows.start && span.end === shows.end);
    if (alone !== undefined && text.trim() === text.slice(shows.start, shows.end)) {
      names.set(last, nameOf(alone.symbol));
    } else {
      const name = fresh("result");
      names.set(last, name);
      named.set(entry, name);
    }
  }

  const unclear: string[] = [];
  const statements = kept.map((entry) => {
    const edits = [
      ...pathEdits(entry, folder),
      ...entry.uses.map(({ span, symbol }) => ({ ...span, to: nameOf(symbol) })),
    ];
    if (entry.declares !== null && entry.nameSpan !== null) {
      edits.push({ ...entry.nameSpan, to: nameOf(entry.declares) });
    }
    for (const { by, end } of entry.draws) {
      // A name that is another one in the script would draw other examples.
      if (nameOf(by) === by.name) continue;
      const field = `drawn_as ${JSON.stringify(by.name)}`;
      const before = entry.text.slice(0, end);
      const isLine = /\n[ \t]*$/.test(before);
      const space = /\s$/.test(before) ? "" : " ";
      edits.push({ start: end, end, to: isLine ? `  ${field}\n` : `${space}${field} ` });
    }
    if (entry.uses.some(({ symbol }) => nameOf(symbol) === "_")) unclear.push(entry.text);
    const text = edited(entry.text, edits);
    const name = named.get(entry);
    return name === undefined ? text : `let ${name} = ${text}\n${name}`;
  });
  return {
    text: statements.map((text) => text + "\n").join("\n"),
    statements: statements.length,
    unclear,
  };
}

/** Without declarations that were replaced before anything used them. */
function keptOf(log: readonly Ran[]): Ran[] {
  const kept: Ran[] = [];
  const used = new Set<Symbol>();
  const later = new Set<string>();
  for (const entry of log.toReversed()) {
    const { declares } = entry;
    if (declares !== null && later.has(declares.name) && !used.has(declares)) continue;
    kept.unshift(entry);
    if (declares !== null) later.add(declares.name);
    for (const { symbol } of entry.uses) used.add(symbol);
  }
  return kept;
}

interface Edit extends Span {
  readonly to: string;
}

/** Relative paths of a statement that came from another folder than the script's. */
function pathEdits({ text, kind, folder: own }: Ran, folder: string): Edit[] {
  const from = relative(folder, own);
  if (from === "") return [];
  const writes = kind === "SaveStatement" || kind === "PlotStatement";
  const before = writes ? /\bto\s+"/g : /\b(?:from\s+|import\s+|data\s+|lines\s*\(\s*)"/g;
  return [...text.matchAll(before)].flatMap((match) => {
    const start = match.index + match[0].length - 1;
    const literal = /^"(?:[^"\\]|\\.)*"/.exec(text.slice(start))?.[0];
    if (literal === undefined) return [];
    const path = JSON.parse(literal);
    if (path.startsWith("hub:") || isAbsolute(path)) return [];
    // A script is written with `/` on every platform.
    const moved = (isAbsolute(from) ? join(own, path) : join(from, path)).replaceAll("\\", "/");
    return [{ start, end: start + literal.length, to: JSON.stringify(moved) }];
  });
}

function edited(text: string, edits: readonly Edit[]): string {
  let result = text;
  // From the end, so that earlier places stay where they are; a place counts once.
  const places = new Map(edits.map((edit) => [edit.start, edit]));
  for (const { start, end, to } of [...places.values()].sort((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + to + result.slice(end);
  }
  return result;
}
