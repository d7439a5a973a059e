/**
 * The formatter: one canonical form, made from the syntax tree, with comments kept where they belong.
 *
 * - One statement or field to a line; a block's fields are indented by two and their values aligned.
 * - A block of a single field without comments stays on one line.
 * - A blank line between statements or fields is kept, several become one; declarations of several
 *   lines are set apart.
 * - A comment of its own line stays above what follows it; a comment behind code stays behind it.
 * - Line ends are those of the first line, LF or CRLF.
 *
 * @module
 */
import { type Diagnostic, hasErrors } from "../text/diagnostics.ts";
import { parse } from "../syntax/parse.ts";
import type { Program, Span, Statement } from "../syntax/tree.ts";
import { type CommentQueue, commentQueue } from "./comments.ts";
import { columnsOf, fieldLines, NO_COLUMNS } from "./fields.ts";
import { fitted, flat, INDENT, type Item, type Line, WIDTH } from "./layout.ts";
import { inline } from "./text.ts";

/** A formatted text, or the diagnostics of a text that does not parse. */
export type Formatted =
  | { readonly ok: true; readonly text: string }
  /** The text does not parse, and is left alone. */
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Formats a script in its one canonical form. Formatting it again changes nothing, and the syntax tree stays the same.
 *
 * @param file name of the script in diagnostics
 *
 * @example
 * ```ts
 * const formatted = formatText("let   n=3");
 * formatted.ok && formatted.text; // "let n = 3\n"
 * ```
 */
export function formatText(text: string, file = "-"): Formatted {
  const { tree, diagnostics } = parse(text, file);
  if (hasErrors(diagnostics)) return { ok: false, diagnostics };
  // Line ends stay those of the first line.
  if (!/^[^\n]*\r\n/.test(text)) return { ok: true, text: formatTree(tree, text) };
  const plain = text.replaceAll("\r\n", "\n");
  return { ok: true, text: formatTree(parse(plain, file).tree, plain).replaceAll("\n", "\r\n") };
}

/** The canonical form of a tree without errors; `text` is what it was parsed from. */
export function formatTree(tree: Program, text: string): string {
  const comments = commentQueue(tree.comments, text);
  const lines = statementLines(tree.statements, comments, text, 0, text.length);
  const body = lines.map(({ depth, text }) => text === "" ? "" : INDENT.repeat(depth) + text);
  return body.length === 0 ? "" : body.join("\n") + "\n";
}

/** Lines of statements, with the comments before, behind and after them, up to `end`. */
function statementLines(
  statements: readonly Statement[],
  comments: CommentQueue,
  text: string,
  depth: number,
  end: number,
): Line[] {
  const items = statements.map((node) => statementItem(node, comments, text, depth));
  return joined(items, comments, depth, end, true);
}

function statementItem(node: Statement, comments: CommentQueue, text: string, depth: number): Item {
  const lines = () => {
    if ("fields" in node) return blockLines(node, comments, depth);
    if (node.kind !== "SweepStatement") return fitted(inline(node), depth);
    const { statements, body } = node;
    return braced(
      node,
      statements,
      comments,
      depth,
      () => statementLines(statements, comments, text, depth + 1, body.end - 1),
    );
  };
  return { ...node.span, lines };
}

type Block = Extract<Statement, { readonly fields: unknown }>;

function blockLines(node: Block, comments: CommentQueue, depth: number): Line[] {
  const head = flat(inline(node));
  const { fields, body } = node;
  const quiet = !comments.within(body.start, body.end);
  if (fields.length === 0 && quiet) return [{ depth, text: `${head} {}` }];
  if (fields.length === 1 && quiet) {
    const [first, ...rest] = fieldLines(fields[0], depth + 1, NO_COLUMNS);
    const line = `${head} { ${first.text} }`;
    if (rest.length === 0 && line.length + depth * INDENT.length <= WIDTH) {
      return [{ depth, text: line }];
    }
  }
  return braced(node, fields, comments, depth, () => {
    const columns = columnsOf(fields);
    const items = fields.map((field): Item => ({
      ...field.span,
      lines: () => fieldLines(field, depth + 1, columns),
    }));
    return joined(items, comments, depth + 1, body.end - 1, false);
  });
}

/** Lines of a block that is set out: its head, its content further in, and its closing brace. */
function braced(
  node: Extract<Statement, { readonly body: unknown }>,
  content: readonly { readonly span: Span }[],
  comments: CommentQueue,
  depth: number,
  inside: () => Line[],
): Line[] {
  const { start, end } = node.body;
  comments.demote(start);
  const comment = comments.behind(start + 1, content[0]?.span.start ?? end);
  const head = { depth, text: `${flat(inline(node))} {`, comment };
  return [head, ...inside(), { depth, text: "}" }];
}

/** Items one below the other, comments and blank lines between them. */
function joined(
  items: readonly Item[],
  comments: CommentQueue,
  depth: number,
  end: number,
  apart: boolean,
): Line[] {
  const result: Line[] = [];
  let tall = false;
  const blank = () => {
    if (result.length > 0 && result.at(-1)!.text !== "") result.push({ depth, text: "" });
  };
  items.forEach((item, i) => {
    const above = comments.before(item.start);
    const lines = item.lines();
    comments.demote(item.end);
    const within = comments.before(item.end);
    const behind = comments.behind(item.end, items[i + 1]?.start ?? end);
    // Comments from inside a line go above it, and above its doc comment.
    const nowTall = apart && lines.length > 1;
    if (tall || nowTall) blank();
    for (const comment of [...within.map(({ text }) => ({ text, gap: false })), ...above]) {
      if (comment.gap) blank();
      result.push({ depth, text: comment.text });
    }
    if (comments.gapBefore(item.start)) blank();
    result.push(...lines);
    if (behind) result.push({ ...result.pop()!, comment: behind });
    tall = nowTall;
  });
  const rest = comments.before(end);
  rest.forEach((comment, i) => {
    if (comment.gap || (i === 0 && tall)) blank();
    result.push({ depth, text: comment.text });
  });
  return result.map(({ depth, text, comment }) => ({
    depth,
    text: comment ? `${text}  ${comment}` : text,
  }));
}
