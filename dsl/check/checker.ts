/** The checker's state: scopes of names, and diagnostics. @module */
import type { Shape } from "../../runtime/universe/universe.ts";
import type { Diagnostic } from "../text/diagnostics.ts";
import { helpFor } from "../../base/help_line.ts";
import type { Source } from "../text/source.ts";
import type { DeclarationStatement, Expression, Name, Program, Span } from "../syntax/tree.ts";
import type { CheckedExpression, CheckedProgram, Piece, Use } from "./program.ts";
import { typeProblem } from "./messages.ts";
import {
  aType,
  bind,
  lookUp,
  type Reference,
  type Scope,
  scopeOf,
  type Symbol,
  type Type,
  type Typed,
  visible,
} from "./symbols.ts";

/** Sources of facts outside of the script. All are optional: a missing one leaves its checks out. */
export interface CheckContext {
  /** The script's text, and the folder that its relative paths start from: its file's, unless given. */
  source?: Source;
  folder?: string;
  /**
   * The shape of a model, from its `config.json`; undefined when it is not at hand.
   *
   * @param path as written in the script
   * @param file the script, to which the path is relative
   * @throws an error whose message is reported at the path
   */
  shapeOf?(path: string, file: string): Shape | undefined;
  /** The text of an imported script, or undefined when there is none. */
  load?(path: string, file: string): Source | undefined;
  /** True if a file or folder that a script reads from exists; undefined when that cannot be known. */
  exists?(path: string, file: string): boolean | undefined;
  /** Names that were declared before, at a prompt. */
  known?: ReadonlyMap<string, Symbol>;
  /** Scripts that were imported before, at a prompt, by path: one that stands as it stood is the same program. */
  imports?: Map<string, Imported>;
  /** True if a name may be declared again, as at a prompt. */
  redefine?: boolean;
}

/** Declarations of an imported script, once it is checked. */
export interface Imported {
  readonly text: string;
  /** The scripts that it imports itself, by path as it is written. */
  readonly parts: ReadonlyMap<string, Imported>;
  readonly program: CheckedProgram;
  readonly names: ReadonlyMap<string, Symbol>;
  readonly references: readonly Reference[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The checks that others need and that need others themselves: one table, made by `check`. */
export interface Checks {
  /** @param wanted types that are wanted there, for what is said of a name that nothing declares */
  expression(c: Checker, node: Expression, wanted?: readonly Type[]): CheckedExpression;
  imported(c: Checker, tree: Program, source: Source): Imported;
}

export interface Checker {
  readonly file: string;
  readonly checks: Checks;
  /** A piece of the script as it was written. */
  written(node: { readonly span: Span }): string;
  readonly context: CheckContext;
  readonly diagnostics: Diagnostic[];
  readonly error: Report;
  readonly warn: Report;
  readonly references: Reference[];
  readonly symbols: Symbol[];
  /** Names that a broken statement may have declared, or that an unreadable import may hold. */
  readonly excused: { names: Set<string>; all: boolean };
  /** Names declared further down, by name. */
  readonly later: ReadonlyMap<string, Type>;
  /** The query that a statement shows or saves. */
  readonly result?: Expression;
  /** Files that the script has saved so far, their paths normalised: they will be there when it reads them. */
  readonly saved: Set<string>;
  /** Files that are being imported at the moment, outermost first. */
  readonly importing: readonly string[];
  /** Scripts that were imported: in the whole check by file, and in this script by path as it is written. */
  readonly imports: Map<string, Imported>;
  readonly parts: Map<string, Imported>;
  readonly scope: Scope;
  /** True within `(...) under ABLATION`, where circuits of several ablations meet. */
  readonly ablationNamed?: boolean;
}

type Report = (node: { readonly span: Span }, message: string, help?: string) => void;

/** Diagnostics of a file, and what adds to them at the place of a node. */
export function reporting(file: string): Pick<Checker, "diagnostics" | "error" | "warn"> {
  const diagnostics: Diagnostic[] = [];
  const report = (severity: Diagnostic["severity"]): Report => ({ span }, message, help) => {
    diagnostics.push({ file, span, severity, message, ...(help ? { help } : {}) });
  };
  return { diagnostics, error: report("error"), warn: report("warning") };
}

/** The checker for what is inside a block with names of its own. */
export function inside(c: Checker, symbols?: Iterable<Symbol>, excused = c.excused): Checker {
  return { ...c, excused, scope: scopeOf(symbols, c.scope) };
}

/** Declares a name; a second declaration of the same one is reported. */
export function declare(
  c: Checker,
  { text: name, span }: Name,
  typed: Typed,
  more: Partial<Symbol>,
  declaration?: DeclarationStatement,
): Symbol {
  const symbol: Symbol = {
    name,
    type: typed.type,
    file: c.file,
    span,
    doc: declaration?.doc,
    declaration,
    typed,
    uses: 0,
    ...more,
  };
  const before = c.scope.names.get(symbol.name) ??
    (symbol.inner === "variable" ? undefined : lookUp(c.scope, symbol.name));
  // Names that a sweep declares are known inside of the sweep alone: outside they would hide others.
  const isNew = !c.context.redefine || (c.scope.parent !== undefined && !c.scope.names.has(name));
  if (before && isNew && !before.inner) {
    const where = before.file === c.file ? "" : ` in ${before.file}`;
    c.error(
      symbol,
      `\`${symbol.name}\` is already ${aType(before.type)}${where}`,
      "a name is declared once: choose another",
    );
  } else if (before && symbol.inner && before.inner === symbol.inner) {
    c.error(symbol, `\`${symbol.name}\` is declared twice`, "choose another name");
  }
  bind(c.scope, symbol);
  c.symbols.push(symbol);
  return symbol;
}

/** Declares the name of a statement. */
export function declared(
  c: Checker,
  node: DeclarationStatement,
  typed: Typed,
  more: Partial<Symbol> = {},
): Symbol {
  return declare(c, node.name, typed, more, node);
}

/** Records that a name is used. */
export function use(c: Checker, span: Span, symbol: Symbol): void {
  symbol.uses++;
  c.references.push({ file: c.file, span, symbol });
}

/** A use of a name, with its declaration. A name without a declaration was reported, and such a program is not run. */
export function useOf(name: Name, symbol: Symbol | undefined): Use {
  return { symbol: symbol!, span: name.span };
}

/** The type of an expression; what is wrong inside is reported. */
export function typeOf(c: Checker, expression: Expression): CheckedExpression {
  return c.checks.expression(c, expression);
}

/** The type of an expression that must have one of these types. */
export function need(
  c: Checker,
  expression: Expression,
  wanted: readonly Type[],
): CheckedExpression {
  const typed = c.checks.expression(c, expression, wanted);
  if (typed.type === "unknown" || wanted.includes(typed.type)) return typed;
  const name = expression.kind === "Path" ? expression.text : undefined;
  c.error(expression, typeProblem(name, typed.type, wanted));
  return wrong(expression);
}

/** An expression whose error was reported. */
export function wrong({ span }: { readonly span: Span }): CheckedExpression {
  return { kind: "wrong", type: "unknown", span };
}

/** Symbol of a name, if it is of one of the wanted types; otherwise an error is reported. */
export function resolve(c: Checker, name: Name, wanted: readonly Type[]): Symbol | undefined {
  const symbol = lookUp(c.scope, name.text);
  if (!symbol) {
    reportUnknown(c, name, wanted);
    return undefined;
  }
  use(c, name.span, symbol);
  if (symbol.type === "unknown" || wanted.includes(symbol.type)) return symbol;
  c.error(name, typeProblem(name.text, symbol.type, wanted), candidates(c, wanted, name.text));
  return undefined;
}

export function reportUnknown(c: Checker, name: Name, wanted: readonly Type[]): void {
  if (c.excused.all || c.excused.names.has(name.text)) return;
  const later = c.later.get(name.text);
  if (later && (wanted.length === 0 || wanted.includes(later) || later === "unknown")) {
    c.error(
      name,
      `\`${name.text}\` is used before it is declared`,
      `move this below the declaration of \`${name.text}\``,
    );
    return;
  }
  const what = wanted.length === 1 ? wanted[0] : "name";
  c.error(name, `unknown ${what} \`${name.text}\``, candidates(c, wanted, name.text));
}

/** Diagnostics beyond which no nearest name is searched: they are not shown, and the search takes time. */
const MOST_SEARCHES = 25;

/** The nearest candidate as a help line, else what there is. */
export function help(
  c: Checker,
  word: string,
  candidates: Iterable<string>,
  what: string,
): string | undefined {
  if (c.diagnostics.length > MOST_SEARCHES) return undefined;
  return helpFor(word, candidates, what);
}

function candidates(c: Checker, wanted: readonly Type[], word: string): string | undefined {
  if (c.diagnostics.length > MOST_SEARCHES) return undefined;
  const names = visible(c.scope)
    .filter(({ name, type }) => name !== word && (wanted.length === 0 || wanted.includes(type)))
    .map(({ name }) => name);
  const what = wanted.length === 1 ? `${wanted[0]}s` : "names";
  return helpFor(word, new Set(names), `the ${what} declared so far`) ??
    (wanted.length === 1 ? `no ${wanted[0]} is declared above` : undefined);
}

/** Reports a word that is none of those allowed. Returns whether it is one. */
export function oneOf(
  c: Checker,
  word: Piece,
  allowed: readonly string[],
  what: string,
): boolean {
  if (allowed.includes(word.text)) return true;
  c.error(
    word,
    `unknown ${what} \`${word.text}\``,
    help(c, word.text, allowed, `the ${plural(what)} are`),
  );
  return false;
}

function plural(what: string): string {
  return what.endsWith("y") ? what.slice(0, -1) + "ies" : what.endsWith("s") ? what : what + "s";
}
