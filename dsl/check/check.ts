/** The checker: what a script means, as far as that is known before anything runs. @module */
import { dirname } from "../../base/paths.ts";
import { type Diagnostic, hasErrors, sortDiagnostics } from "../text/diagnostics.ts";
import type { Program, Statement } from "../syntax/tree.ts";
import type { Source } from "../text/source.ts";
import {
  type CheckContext,
  type Checker,
  type Checks,
  type Imported,
  reporting,
} from "./checker.ts";
import { expression } from "./expressions.ts";
import type { CheckedProgram } from "./program.ts";
import { statement } from "./statements.ts";
import { type Reference, type Scope, scopeOf, type Symbol, type Type } from "./symbols.ts";
import { unusedVariables } from "./tasks.ts";

export type { CheckContext, Imported } from "./checker.ts";
export type { CheckedProgram, CheckedStatement } from "./program.ts";
export type { Reference, Symbol, Type } from "./symbols.ts";

export interface Checked {
  readonly tree: Program;
  /** The program that runs, if there are no errors. */
  readonly program: CheckedProgram;
  /** Top-level names, imported ones included. At a prompt, hand them to the next check as `known`. */
  readonly names: ReadonlyMap<string, Symbol>;
  /** Everything declared in this file, inner names included, in order. */
  readonly symbols: readonly Symbol[];
  /** Uses of names, in imported files too. */
  readonly references: readonly Reference[];
}

/**
 * Checks a parsed script: names, kinds, units, ranges, and components against the model when its
 * `config.json` is at hand. Never throws on account of the script.
 */
export function check(
  program: Program,
  context: CheckContext = {},
): { checked: Checked; diagnostics: readonly Diagnostic[] } {
  const scope = scopeOf(context.known?.values());
  const source = context.source ?? { file: program.file, text: "" };
  const c = checkerOf(program, context, source.text, { importing: [], imports: new Map(), scope });
  const statements = program.statements.flatMap((node) => statement(c, node) ?? []);
  unused(c, program);
  return {
    checked: {
      tree: program,
      program: { source, folder: context.folder ?? dirname(program.file), statements },
      names: scope.names,
      symbols: c.symbols,
      references: c.references,
    },
    diagnostics: sortDiagnostics(c.diagnostics),
  };
}

const checks: Checks = { expression, imported };

/** Declarations of an imported script, whose commands do nothing. */
function imported(importer: Checker, tree: Program, source: Source): Imported {
  const scope = scopeOf();
  const { known: _, redefine: _again, ...context } = importer.context;
  const importing = [...importer.importing, importer.file];
  const c = checkerOf(tree, context, source.text, { importing, imports: importer.imports, scope });
  const statements = tree.statements.flatMap((node) => {
    const checked = statement(c, node);
    return checked && DECLARING.has(node.kind) ? [checked] : [];
  });
  return {
    text: source.text,
    parts: c.parts,
    program: { source, folder: dirname(source.file), statements },
    names: scope.names,
    references: c.references,
    diagnostics: c.diagnostics,
  };
}

function checkerOf(
  program: Program,
  context: CheckContext,
  text: string,
  rest: Pick<Checker, "importing" | "imports"> & { readonly scope: Scope },
): Checker {
  return {
    file: program.file,
    checks,
    written: ({ span }) => text.slice(span.start, span.end),
    context,
    ...reporting(program.file),
    references: [],
    symbols: [],
    excused: { names: excusedNames(program.statements), all: false },
    later: laterNames(program.statements),
    saved: new Set(),
    parts: new Map(),
    ...rest,
  };
}

function excusedNames(statements: readonly Statement[]): Set<string> {
  return new Set(
    statements.flatMap((node) =>
      node.kind === "BrokenStatement"
        ? node.names
        : node.kind === "SweepStatement"
        ? [...excusedNames(node.statements)]
        : []
    ),
  );
}

const TYPES: Partial<Record<Statement["kind"], Type>> = {
  ModelDeclaration: "model",
  TaskDeclaration: "task",
  CorruptionDeclaration: "corruption",
  ScheduleDeclaration: "schedule",
  CircuitDeclaration: "circuit",
  ProgramDeclaration: "program",
  LetStatement: "unknown",
};

/** Names that the file declares somewhere, to tell "unknown" from "not yet". */
function laterNames(statements: readonly Statement[]): Map<string, Type> {
  const names = new Map<string, Type>();
  for (const node of statements) {
    const type = TYPES[node.kind];
    if (type && "name" in node) names.set(node.name.text, type);
    if (node.kind === "SweepStatement") {
      for (const [name, inner] of laterNames(node.statements)) names.set(name, inner);
    }
  }
  return names;
}

/** Statements that an import takes over. */
const DECLARING: ReadonlySet<Statement["kind"]> = new Set([
  ...Object.keys(TYPES) as Statement["kind"][],
  "ImportStatement",
]);

const COMMANDS: ReadonlySet<Statement["kind"]> = new Set([
  "CircuitDeclaration",
  "SweepStatement",
  "PlotStatement",
  "SaveStatement",
  "ExpectStatement",
  "ShowStatement",
]);

/** Types whose declaration has no effect unless something uses it. */
const IDLE: ReadonlySet<Type> = new Set(["model", "task", "corruption", "schedule", "program"]);

/** Warns of what nothing uses. A file of declarations only is there to be imported; at a prompt more follows. */
function unused(c: Checker, program: Program): void {
  // Next to a mistake, what looks unused may only be misspelt.
  const broken = program.statements.some((node) =>
    node.kind === "BrokenStatement" || ("damaged" in node && node.damaged)
  );
  if (broken || hasErrors(c.diagnostics)) return;
  for (const symbol of c.symbols) if (symbol.type === "task") unusedVariables(c, symbol);
  if (c.context.redefine || !program.statements.some(({ kind }) => COMMANDS.has(kind))) return;
  for (const symbol of c.symbols) {
    const { declaration } = symbol;
    if (symbol.uses > 0 || !declaration || ("damaged" in declaration && declaration.damaged)) {
      continue;
    }
    if (!IDLE.has(symbol.type) && declaration.kind !== "LetStatement") continue;
    const what = declaration.kind === "LetStatement" ? "name" : symbol.type;
    c.warn(symbol, `the ${what} \`${symbol.name}\` is never used`, "use it or remove it");
  }
}
