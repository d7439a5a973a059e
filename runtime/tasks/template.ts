/** Templates: text with `{variables}`. @module */
import { TaskError } from "./error.ts";
import type { Values } from "./condition.ts";

/** A stretch of plain text, or the name of a variable. */
export type TemplatePart = { readonly text: string } | { readonly variable: string };

const parsed = new Map<string, readonly TemplatePart[]>();

/**
 * The parts of a template. `{A}` is a variable (a letter or `_`, then letters, digits and `_`); `{{` and `}}` are
 * one brace.
 *
 * @throws {TaskError} for a brace that is not closed or not opened, and for a name that is no name
 */
export function parseTemplate(template: string, place: string): readonly TemplatePart[] {
  const known = parsed.get(template);
  if (known !== undefined) return known;
  const parts: TemplatePart[] = [];
  let text = "";
  for (const match of template.matchAll(/\{\{|\}\}|\{([^}]*)\}|[{}]|[^{}]+/g)) {
    const { 0: piece, 1: name, index } = match;
    if (name !== undefined && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) {
      if (text !== "") parts.push({ text });
      text = "";
      parts.push({ variable: name });
    } else if (piece === "{{" || piece === "}}") {
      text += piece[0];
    } else if (!/^[{}]/.test(piece)) {
      text += piece;
    } else {
      const problem = name !== undefined
        ? `${piece} is no variable`
        : `the brace at column ${index + 1} of the template ${
          piece === "{" ? "is never closed" : "was never opened"
        }`;
      throw new TaskError(
        place,
        `${problem}: ${JSON.stringify(template)}`,
        "write {{ and }} for braces that are meant as text",
        { template },
      );
    }
  }
  if (text !== "") parts.push({ text });
  // Tasks have a handful of templates; the bound only guards a program that makes them up by the million.
  if (parsed.size >= 1000) parsed.clear();
  parsed.set(template, parts);
  return parts;
}

/** Names of a template's variables, each once, in order of appearance. */
export function variablesOfTemplate(template: string, place: string): string[] {
  const names = parseTemplate(template, place).flatMap((part) =>
    "variable" in part ? [part.variable] : []
  );
  return [...new Set(names)];
}

/**
 * The template with every variable's value in its place.
 *
 * @throws {TaskError} for a variable without a value
 */
export function fillTemplate(template: string, values: Values, place: string): string {
  let text = "";
  for (const part of parseTemplate(template, place)) {
    if ("text" in part) {
      text += part.text;
    } else {
      if (!Object.hasOwn(values, part.variable)) {
        throw new TaskError(
          place,
          `the template uses {${part.variable}}, which nothing declares: ${
            JSON.stringify(template)
          }`,
          undefined,
          { template },
        );
      }
      text += values[part.variable];
    }
  }
  return text;
}
