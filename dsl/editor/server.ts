/** The language server: the editor's questions, answered over JSON-RPC. @module */
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type Connection,
  createConnection,
  ErrorCodes,
  type Range,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentPositionParams,
  TextDocuments,
  TextDocumentSyncKind,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { fileContext } from "../check/files.ts";
import { formatText } from "../format/format.ts";
import type { Span } from "../syntax/tree.ts";
import { complete } from "./complete.ts";
import { analyse, type Document, placesOf, symbolAt } from "./document.ts";
import { hoverAt } from "./hover.ts";
import { renamable, rename } from "./rename.ts";
import { COMPLETION_KINDS, documentSymbols, SEVERITIES } from "./protocol.ts";
import { warmUp } from "./warm_up.ts";

/**
 * Answers on a pair of streams until the client says `exit`.
 *
 * @param input where requests come from; standard input when left out
 * @param output where answers go; standard output when left out
 */
export function startLanguageServer(
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stdout,
): void {
  const connection = createConnection(
    new StreamMessageReader(input),
    new StreamMessageWriter(output),
  );
  serve(connection);
  connection.listen();
}

function serve(connection: Connection): void {
  const texts = new TextDocuments(TextDocument);
  const analysed = new Map<string, { version: number; document: Document }>();

  connection.onInitialize(() => ({
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      completionProvider: { triggerCharacters: [" ", ".", "{", '"', "="] },
      hoverProvider: true,
      definitionProvider: true,
      referencesProvider: true,
      renameProvider: { prepareProvider: true },
      documentSymbolProvider: true,
      documentFormattingProvider: true,
    },
    serverInfo: { name: "circ" },
  }));

  const documentOf = (uri: string) => {
    const text = texts.get(uri);
    if (!text) return undefined;
    const known = analysed.get(uri);
    const file = pathOf(uri);
    const document = known?.version === text.version
      ? known.document
      : analyse(text.getText(), file, contextFor(file, texts));
    analysed.set(uri, { version: text.version, document });
    return { text, document, range: (span: Span) => rangeIn(text, span) };
  };
  /** The document that a question is about, and the place in it. */
  const placeOf = ({ textDocument: { uri }, position }: TextDocumentPositionParams) => {
    const found = documentOf(uri);
    return found && { ...found, uri, offset: found.text.offsetAt(position) };
  };

  connection.onInitialized(warmUp);
  texts.onDidChangeContent(({ document: { uri } }) => {
    const found = documentOf(uri);
    if (!found) return;
    const { text, document, range } = found;
    const diagnostics = document.diagnostics.filter(({ file }) => file === document.file)
      .map(({ span, severity, message, help }) => ({
        range: range(span),
        severity: SEVERITIES[severity],
        source: "circ",
        message: message + (help ? `\nhelp: ${help}` : ""),
      }));
    connection.sendDiagnostics({ uri, version: text.version, diagnostics });
  });
  texts.onDidClose(({ document: { uri } }) => {
    analysed.delete(uri);
    connection.sendDiagnostics({ uri, diagnostics: [] });
  });

  connection.onCompletion((question) => {
    const place = placeOf(question);
    if (!place) return [];
    const { document, offset } = place;
    const { from, items } = complete(document.text, offset, {
      file: document.file,
      symbols: [
        ...document.checked.names.values(),
        ...document.checked.symbols.filter(({ inner }) => inner),
      ],
      files: (prefix) => filesBeginning(dirname(document.file), prefix),
    });
    const range = place.range({ start: from, end: offset });
    return items.map(({ label, kind, detail, documentation }) => ({
      label,
      kind: COMPLETION_KINDS[kind],
      textEdit: { range, newText: label },
      ...(detail && { detail }),
      ...(documentation && { documentation: { kind: "markdown" as const, value: documentation } }),
    }));
  });

  connection.onHover((question) => {
    const place = placeOf(question);
    const hover = place && hoverAt(place.document, place.offset);
    if (!hover) return null;
    return {
      contents: { kind: "markdown", value: hover.markdown },
      range: place.range(hover.span),
    };
  });

  connection.onDefinition((question) => {
    const place = placeOf(question);
    const named = place && symbolAt(place.document, place.offset);
    if (!named) return null;
    const { file, span } = named.symbol;
    if (file === place.document.file) return { uri: place.uri, range: place.range(span) };
    const other = textOf(file, texts);
    return other ? { uri: uriOf(file), range: rangeIn(other, span) } : null;
  });

  connection.onReferences((question) => {
    const place = placeOf(question);
    const named = place && symbolAt(place.document, place.offset);
    if (!named) return [];
    return placesOf(place.document, named.symbol)
      .filter(({ span }) => question.context.includeDeclaration || span !== named.symbol.span)
      .map(({ span }) => ({ uri: place.uri, range: place.range(span) }));
  });

  connection.onPrepareRename((question) => {
    const place = placeOf(question);
    const span = place && renamable(place.document, place.offset);
    return span ? place.range(span) : null;
  });

  connection.onRenameRequest((question) => {
    const place = placeOf(question);
    if (!place) return null;
    const { newName } = question;
    const renamed = rename(place.document, place.offset, newName);
    if (!renamed.ok) return new ResponseError(ErrorCodes.InvalidParams, renamed.reason);
    const edits = renamed.spans.map((span) => ({ range: place.range(span), newText: newName }));
    return { changes: { [place.uri]: edits } };
  });

  connection.onDocumentSymbol(({ textDocument: { uri } }) => {
    const found = documentOf(uri);
    return found ? documentSymbols(found.document.tree, found.range) : [];
  });

  connection.onDocumentFormatting(({ textDocument: { uri } }) => {
    const text = texts.get(uri);
    if (!text) return [];
    const before = text.getText();
    const formatted = formatText(before);
    if (!formatted.ok || formatted.text === before) return [];
    return [{ range: rangeIn(text, { start: 0, end: before.length }), newText: formatted.text }];
  });

  texts.listen(connection);
}

function rangeIn(text: TextDocument, { start, end }: Span): Range {
  return { start: text.positionAt(start), end: text.positionAt(end) };
}

function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch {
    // A text that was never saved has no place among files.
    return uri;
  }
}

function uriOf(file: string): string {
  return pathToFileURL(file).href;
}

/** Imports are read from the editor where they are open, else from disk. */
function contextFor(file: string, texts: TextDocuments<TextDocument>) {
  const onDisk = fileContext(file, dirname(file));
  return {
    ...onDisk,
    load: (path: string, from: string) => {
      const target = join(dirname(from), path);
      const open = texts.get(uriOf(target));
      return open ? { file: target, text: open.getText() } : onDisk.load!(path, from);
    },
  };
}

function textOf(file: string, texts: TextDocuments<TextDocument>): TextDocument | undefined {
  const open = texts.get(uriOf(file));
  if (open) return open;
  try {
    return TextDocument.create(uriOf(file), "circ", 0, Deno.readTextFileSync(file));
  } catch {
    return undefined;
  }
}

function filesBeginning(folder: string, prefix: string): string[] {
  const slash = prefix.lastIndexOf("/") + 1;
  try {
    return readdirSync(join(folder, prefix.slice(0, slash)), { withFileTypes: true })
      .filter(({ name }) => name.startsWith(prefix.slice(slash)) && !name.startsWith("."))
      .map((entry) => prefix.slice(0, slash) + entry.name + (entry.isDirectory() ? "/" : ""));
  } catch {
    return [];
  }
}
