/** Completions at the prompt: of dot commands here, of all else by the editor's core. @module */
import { dirname, join } from "node:path";
import { check } from "../check/check.ts";
import { complete as completeScript } from "../editor/complete.ts";
import { ENTRIES } from "../reference/mod.ts";
import { parse } from "../syntax/parse.ts";
import { commands } from "./commands.ts";
import type { Completion } from "./editor.ts";
import type { Repl } from "./repl.ts";

/** Candidates for the word at the cursor. */
export function complete(text: string, cursor: number, repl: Repl): Completion {
  const before = text.slice(0, cursor);
  const command = /^\s*\.([a-z]*)(?:(\s+)(?:[^]*\s)?(\S*))?$/.exec(before);
  if (command === null) return inScript(text, cursor, repl);
  const [, name, space, argument = ""] = command;
  if (space === undefined) return matching(cursor, name, commands.map((each) => each.name));
  return matching(cursor, argument, argumentsOf(name, argument, repl));
}

function inScript(text: string, cursor: number, { symbols, options }: Repl): Completion {
  // What the entry itself declares so far, its inner names too.
  const { checked } = check(parse(text).tree, { known: symbols, redefine: true });
  const known = new Set([...symbols.values(), ...checked.symbols]);
  const files = (prefix: string) => [...filesFrom(prefix, options.folder)];
  const { from, items } = completeScript(text, cursor, { symbols: known, files });
  return matching(cursor, text.slice(from, cursor), items.map(({ label }) => label));
}

function matching(cursor: number, typed: string, words: Iterable<string>): Completion {
  const candidates = [...new Set(words)].filter((word) => word.startsWith(typed)).sort();
  return { start: cursor - typed.length, candidates };
}

function* argumentsOf(command: string, typed: string, { symbols, options }: Repl) {
  if (command === "read" || command === "save" || command === "output") {
    yield* filesFrom(typed, options.folder);
  } else if (command === "help") {
    yield* symbols.keys();
    yield* ENTRIES.map(({ word }) => word);
  } else if (command === "plot") {
    for (const [name, { type }] of symbols) if (type === "circuit" || type === "table") yield name;
  } else if (command === "show") {
    for (const [name, { type }] of symbols) if (type === "circuit") yield name;
  } else {yield* commands.find(({ name }) =>
      name === command
    )?.form.match(/^[a-z|]+$/)?.[0].split("|") ?? [];}
}

/** Names in the folder of a path's beginning. */
function* filesFrom(typed: string, folder: string): Generator<string> {
  const inside = typed.endsWith("/") ? typed : typed.includes("/") ? dirname(typed) + "/" : "";
  try {
    for (const entry of Deno.readDirSync(inside.startsWith("/") ? inside : join(folder, inside))) {
      if (entry.name.startsWith(".") && !typed.startsWith(".")) continue;
      yield inside + entry.name + (entry.isDirectory ? "/" : "");
    }
  } catch {
    // No such folder, so there is nothing to offer.
  }
}
