/** Symbols: declarations of names, and their types before anything runs. @module */
import type { Ablation } from "../../runtime/universe/ablations.ts";
import type { Universe } from "../../runtime/universe/universe.ts";
import type { DeclarationStatement, Span, TaskDeclaration } from "../syntax/tree.ts";
import type { Part } from "./program_parts.ts";

/** Type of a value or a name. */
export type Type =
  | "model"
  | "task"
  | "corruption"
  | "schedule"
  | "circuit"
  | "program"
  | "number"
  | "text"
  | "truth"
  | "list"
  | "table"
  /** Could be anything: nothing more is said about it. */
  | "unknown";

/** Facts about an expression's value. */
export interface Typed {
  readonly type: Type;
  /** Of a number: every value that it may have (several in a sweep). Of a text or list: unknown. */
  readonly values?: readonly number[];
  /** Of a number: whether it is written as a share, with `%`. */
  readonly share?: boolean;
  /** Of a circuit: the model that it is a circuit of, and the task that it was found for. */
  readonly model?: Symbol;
  readonly task?: Symbol;
  /** Of a circuit: the corruption that it was found with, null where there is none; undefined when unknown. */
  readonly corruption?: Symbol | null;
  /** Of a circuit: the ablation that it is measured under; undefined when unknown. */
  readonly ablation?: Ablation;
}

/** A declared name. */
export interface Symbol {
  readonly name: string;
  readonly type: Type;
  readonly file: string;
  /** Place of the name in its declaration. */
  readonly span: Span;
  readonly doc: string | undefined;
  /** `undefined` for variables of tasks, parts of programs and sweeps. */
  readonly declaration: DeclarationStatement | undefined;
  /** Kind of an inner name. */
  readonly inner?: "variable" | "part" | "sweep" | "answer";
  readonly typed: Typed;
  /** Of a model whose `config.json` is at hand. */
  readonly universe?: Universe;
  /** Of a task: its variables. */
  readonly variables?: ReadonlyMap<string, Symbol>;
  readonly task?: TaskDeclaration;
  /** Of a corruption: its task. */
  readonly of?: Symbol;
  /** Of a part of a program. */
  readonly part?: Part["kind"];
  /** Of a schedule: what its fields say, for overrides. */
  readonly schedule?: ScheduleFacts;
  uses: number;
}

export interface ScheduleFacts {
  readonly steps?: readonly number[];
  readonly over?: readonly number[];
  readonly edgeSparsity: boolean;
}

/** A place where a name is used. */
export interface Reference {
  readonly file: string;
  readonly span: Span;
  readonly symbol: Symbol;
}

export interface Scope {
  readonly names: Map<string, Symbol>;
  readonly parent: Scope | undefined;
  /** Corruptions that can be seen; a new list takes the place of this one when that changes. */
  corruptions: readonly Symbol[];
}

/** A scope inside of another, or the outermost one. */
export function scopeOf(symbols: Iterable<Symbol> = [], parent?: Scope): Scope {
  const scope = { names: new Map(), parent, corruptions: parent?.corruptions ?? [] };
  for (const symbol of symbols) bind(scope, symbol);
  return scope;
}

/** Declares a symbol: from here on its name means it. */
export function bind(scope: Scope, symbol: Symbol): void {
  const hidden = lookUp(scope, symbol.name);
  scope.names.set(symbol.name, symbol);
  if (symbol.type !== "corruption" && hidden?.type !== "corruption") return;
  const others = scope.corruptions.filter((each) => each !== hidden);
  scope.corruptions = symbol.type === "corruption" ? [...others, symbol] : others;
}

export function lookUp(scope: Scope | undefined, name: string): Symbol | undefined {
  for (let at = scope; at; at = at.parent) {
    const found = at.names.get(name);
    if (found) return found;
  }
}

/** All names that can be seen, inner ones first. */
export function* visible(scope: Scope | undefined): Generator<Symbol> {
  for (let at = scope; at; at = at.parent) yield* at.names.values();
}

/** `a task`, `an ...`: a type with its article. */
export function aType(type: Type): string {
  return type === "truth" ? "true or false" : type === "unknown" ? "a value" : `a ${type}`;
}

/** Two declarations in the words of a message: each by its name, and where that is the same, by which one it is. */
export function bothNames(
  { scope }: { readonly scope: Scope },
  a: Symbol,
  b: Symbol,
): [string, string] {
  const [one, other] = [`\`${a.name}\``, `\`${b.name}\``];
  if (a.name !== b.name) return [one, other];
  const now = lookUp(scope, a.name);
  if (a === now) return [`the present ${one}`, `an earlier ${other}`];
  return [`an earlier ${one}`, b === now ? `the present ${other}` : `another earlier ${other}`];
}
