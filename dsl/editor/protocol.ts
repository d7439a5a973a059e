/** The language's things in the words of the language server protocol. @module */
import {
  CompletionItemKind,
  DiagnosticSeverity,
  type DocumentSymbol,
  type Range,
  SymbolKind,
} from "vscode-languageserver/node";
import type { Program, Span, Statement } from "../syntax/tree.ts";
import type { Completion } from "./complete.ts";

export const SEVERITIES = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
} as const;

export const COMPLETION_KINDS: Readonly<Record<Completion["kind"], CompletionItemKind>> = {
  word: CompletionItemKind.Keyword,
  field: CompletionItemKind.Property,
  name: CompletionItemKind.Variable,
  value: CompletionItemKind.EnumMember,
  function: CompletionItemKind.Function,
  component: CompletionItemKind.Unit,
  file: CompletionItemKind.File,
};

const KINDS: Partial<Record<Statement["kind"], SymbolKind>> = {
  ModelDeclaration: SymbolKind.Object,
  TaskDeclaration: SymbolKind.Class,
  CorruptionDeclaration: SymbolKind.Event,
  ScheduleDeclaration: SymbolKind.Struct,
  CircuitDeclaration: SymbolKind.Interface,
  ProgramDeclaration: SymbolKind.Function,
  LetStatement: SymbolKind.Variable,
};

/** The outline of a script: its declarations, those of a sweep inside of it. */
export function documentSymbols(tree: Program, range: (span: Span) => Range): DocumentSymbol[] {
  return outline(tree.statements, range);
}

function outline(statements: readonly Statement[], range: (span: Span) => Range): DocumentSymbol[] {
  return statements.flatMap((node): DocumentSymbol[] => {
    if (node.kind === "SweepStatement") {
      return [{
        name: `sweep ${node.variables.map(({ name }) => name.text).join(", ")}`,
        kind: SymbolKind.Namespace,
        range: range(node.span),
        selectionRange: range({ start: node.span.start, end: node.body.start }),
        children: outline(node.statements, range),
      }];
    }
    const kind = KINDS[node.kind];
    if (!kind || !("name" in node) || node.name.text === "") return [];
    return [{
      name: node.name.text,
      detail: node.kind === "LetStatement"
        ? "let"
        : node.kind.replace("Declaration", "").toLowerCase(),
      kind,
      range: range(node.span),
      selectionRange: range(node.name.span),
    }];
  });
}
