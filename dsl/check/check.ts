/**
 * The checker: what a script means, as far as that is known before anything runs.
 *
 * @module
 */
import { type Diagnostic, hasErrors, sortDiagnostics } from "../text/diagnostics.ts";
import type { Program, Statement } from "../syntax/tree.ts";
import { type CheckContext, type Checker, warn } from "./checker.ts";
import { statement } from "./statements.ts";
import type { Reference, Scope, Symbol, Type } from "./symbols.ts";
import { unusedVariables } from "./tasks.ts";

export type { CheckContext } from "./checker.ts";
export type { Reference, Symbol, Type } from "./symbols.ts";

export interface Checked {
  readonly tree: Program;
  /** Top-level names, imported ones included. At a prompt, hand them to the next check as `known`. */
  readonly names: ReadonlyMap<string, Symbol>;
  /** Everything declared in this file, inner names included, in order. */
  readonly symbols: readonly Symbol[];
  /** Where names are used, in imported files too. */
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
  return checkProgram(program, context, []);
}

/** As {@linkcode check}, within a chain of imports. */
export function checkProgram(
  program: Program,
  context: CheckContext,
  importing: readonly string[],
): { checked: Checked; diagnostics: readonly Diagnostic[] } {
  const scope: Scope = { names: new Map(context.known ?? []), parent: undefined };
  const c: Checker = {
    file: program.file,
    context,
    diagnostics: [],
    references: [],
    symbols: [],
    excused: { names: excusedNames(program.statements), all: false },
    later: laterNames(program.statements),
    saved: new Set(),
    importing,
    scope,
  };
  for (const node of program.statements) statement(c, node);
  if (importing.length === 0) unused(c, program);
  return {
    checked: {
      tree: program,
      names: scope.names,
      symbols: c.symbols,
      references: c.references,
    },
    diagnostics: sortDiagnostics(c.diagnostics),
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

/** Warns of what nothing uses. A file of declarations only is there to be imported; a prompt goes on. */
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
    warn(c, symbol.span, `the ${what} \`${symbol.name}\` is never used`, "use it or remove it");
  }
}
