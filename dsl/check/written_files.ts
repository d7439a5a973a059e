/** Checks of files that `save` and `plot` write: their names may hold `{values}`. @module */
import type { Name, TextLiteral } from "../syntax/tree.ts";
import { type Checker, use, useOf } from "./checker.ts";
import type { FileName, Use } from "./program.ts";
import { lookUp, type Scope, type Symbol } from "./symbols.ts";

/** The variables of the sweeps around a place, the inner ones first. */
function sweptAround(scope: Scope | undefined): Symbol[] {
  const own = [...scope?.names.values() ?? []].filter(({ inner }) => inner === "sweep");
  return scope === undefined ? [] : [...own, ...sweptAround(scope.parent)];
}

/** The variable that `over` names, which is one of a sweep around. */
export function sweptName(c: Checker, name: Name | undefined): Use | undefined {
  if (name === undefined) return undefined;
  const around = sweptAround(c.scope);
  const symbol = around.find((each) => each.name === name.text);
  if (symbol !== undefined) use(c, name.span, symbol);
  else {
    c.error(
      name,
      `\`over\` takes a variable of the sweep around, and \`${name.text}\` is none`,
      around.length === 0
        ? "it stands inside of a `sweep`"
        : `the variables are ${around.map((each) => `\`${each.name}\``).join(", ")}`,
    );
  }
  return useOf(name, symbol);
}

/**
 * A file's name with the declarations of its `{values}`. Every point of a sweep needs another one.
 *
 * @param once true where the file is written once for the whole sweep
 */
export function fileName(c: Checker, file: TextLiteral, once: boolean): FileName {
  const parts: (string | Symbol)[] = [];
  for (const piece of file.pieces) {
    if (piece.kind === "Characters") parts.push(piece.text);
    else if (piece.kind === "Stray") {
      c.error(
        piece,
        "a brace in the name of a file is doubled",
        `write \`${piece.text.repeat(2)}\``,
      );
    } else {
      const symbol = lookUp(c.scope, piece.name);
      if (symbol === undefined) c.error(piece, `unknown name \`${piece.name}\``);
      else if (symbol.inner !== "sweep" && !["number", "text", "unknown"].includes(symbol.type)) {
        c.error(
          piece,
          `\`${piece.name}\` is a ${symbol.type}`,
          "numbers and texts stand in names of files",
        );
      } else {
        use(c, piece.span, symbol);
        parts.push(symbol);
      }
    }
  }
  const around = sweptAround(c.scope);
  const named = parts.filter((part) => typeof part !== "string");
  if (once) {
    const inside = named.find((symbol) => around.includes(symbol));
    if (inside) {
      c.error(
        file,
        `one file is written for the whole sweep, and its name holds \`{${inside.name}}\``,
      );
    }
  } else if (!named.some((symbol) => declaredInside(c.scope, symbol))) {
    // A value that is declared inside of the sweep may depend on all of its variables.
    const missing = around.filter((symbol) =>
      !named.includes(symbol) && symbol.typed.values?.length !== 1
    );
    if (missing.length > 0) {
      c.error(
        file,
        "every point of the sweep would write this file again",
        `put ${missing.map(({ name }) => `\`{${name}}\``).join(" and ")} into its name`,
      );
    }
  }
  return { text: file.value, span: file.span, parts };
}

/** True for a name that a statement inside of a sweep declares. */
function declaredInside(scope: Scope | undefined, symbol: Symbol): boolean {
  for (let at = scope; at?.parent; at = at.parent) {
    if (at.names.get(symbol.name) === symbol) return symbol.inner !== "sweep";
  }
  return false;
}
