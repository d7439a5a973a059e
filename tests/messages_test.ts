/**
 * Messages: errors about input are sentences in the words of scripts, those for programmers have the library's form.
 */
import { assert, assertEquals } from "@std/assert";

const root = new URL("../", import.meta.url);

function* modules(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(new URL(folder, root))) {
    const path = folder + entry.name;
    if (entry.isDirectory) yield* modules(path + "/");
    else if (path.endsWith(".ts")) yield path;
  }
}

const sources = ["base/", "ops/", "runtime/", "dsl/", "cli/"].flatMap((floor) =>
  [...modules(floor)].map((path) => ({ path, text: Deno.readTextFileSync(new URL(path, root)) }))
);

/** `UserError` and the classes that extend it. */
const classes = [
  "UserError",
  ...sources.flatMap(({ text }) =>
    [...text.matchAll(/class (\w+) extends UserError\b/g)].map((match) => match[1])
  ),
];

/** Texts of the literals between an opening parenthesis and the one that closes it, `…` for what is put into them. */
function literals(code: string, start: number): string[] {
  const texts: string[] = [];
  /** Literals that are open, each with the braces that are open in what is put into it. */
  const open: { readonly quote: string; text: string; braces: number }[] = [];
  for (let at = start, depth = 0; at < code.length; at++) {
    const [literal, character] = [open.at(-1), code[at]];
    if (literal?.braces === 0) {
      if (character === literal.quote) texts.push(open.pop()!.text);
      else if (literal.quote === "`" && code.startsWith("${", at)) {
        literal.text += "…";
        literal.braces = 1;
        at++;
      } else literal.text += character === "\\" ? code[++at] : character;
    } else if (character === '"' || character === "`") {
      open.push({ quote: character, text: "", braces: 0 });
    } else if (literal) literal.braces += Number(character === "{") - Number(character === "}");
    else if (character === "(") depth++;
    else if (character === ")" && --depth === 0) break;
  }
  return texts;
}

interface Site {
  readonly path: string;
  readonly name: string;
  /** Literals of the arguments. */
  readonly texts: readonly string[];
}

const sites: Site[] = sources.flatMap(({ path, text }) =>
  [...text.matchAll(/\bnew (\w*Error)\(/g)].map(({ 0: start, 1: name, index }) => ({
    path,
    name,
    texts: literals(text, index + start.length - 1),
  }))
);

const aboutInput = sites.filter(({ name }) => classes.includes(name));

/** Sites with a text of a pattern, as text. */
const found = (all: readonly Site[], pattern: RegExp): string[] =>
  all.flatMap(({ path, name, texts }) =>
    texts.filter((text) => pattern.test(text)).map((text) => `${path}: ${name}: ${text}`)
  );

Deno.test("the sites of errors are found", () => {
  assert(classes.includes("DiscoveryError") && classes.length > 7, String(classes));
  assert(aboutInput.length > 150, `only ${aboutInput.length} sites`);
  const code = 'new X(`a) ${b ? `c ${"d"}` : (e)} \\`f\\``, "g")) "h"';
  assertEquals(literals(code, 5), ["d", "c …", "a) … `f`", "g"]);
});

Deno.test("errors about input are sentences", () => {
  assertEquals(found(aboutInput, /current values?\b|^Cannot\b|^[A-Z][a-z]+ [a-z]/), []);
});

Deno.test("errors about input have no names of options or of parts of the runtime", () => {
  const plain = aboutInput.map((site) => ({
    ...site,
    texts: site.texts.map((text) => text.replace(/`[^`]*`/g, "")),
  }));
  assertEquals(found(plain, /\b(?:[a-z]+[A-Z]\w*|universe|prepared)\b/), []);
});

Deno.test("nothing but errors for programmers speaks of a current value", () => {
  const elsewhere = sources.flatMap(({ path, text }) => {
    const all = text.match(/current values?\b/g)?.length ?? 0;
    const ofProgrammers = sites.filter((site) =>
      site.path === path && !classes.includes(site.name) &&
      found([site], /current values?\b/).length > 0
    );
    return all > ofProgrammers.length ? [path] : [];
  });
  assertEquals(elsewhere, []);
});
