/**
 * Rules of the documentation.
 *
 * - A comment never begins with What, How, Whether or Where; the first word is a noun or verb of the field.
 * - Every public symbol, property and method has a comment, and every type in a public signature is public
 *   (`deno doc --lint`).
 * - The comment of a public symbol begins with a sentence.
 * - A public function that fails or that waits for something has `@throws`.
 * - The functions that the comment of `mod.ts` names have an `@example`.
 * - A public property, method or function that takes or gives numbers in a typed array says its shape, `[edges]` or
 *   `[examples, vocabulary]`, and so does every exported function of `runtime/`, but for bytes; a number whose name speaks of memory, time, length, width or sparsity says its unit.
 * - A record or module of a formula names a paper that `references.md` lists, or says that there is none (`sources.ts`).
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { root } from "./root.ts";

/** A comment as `deno doc --json` gives it. */
interface Comment {
  readonly doc?: string;
  readonly tags?: readonly { readonly kind: string; readonly doc?: string }[];
}

/** A public symbol; `place` is the file and line of its declaration. */
export interface PublicSymbol {
  readonly name: string;
  readonly kind: string;
  readonly file: string;
  readonly line: number;
  readonly waits: boolean;
  readonly comment: Comment;
  /** Itself, or its properties and methods. */
  readonly parts: readonly Part[];
}

/** A declaration with a type and a comment. */
interface Part {
  readonly name: string;
  readonly type: unknown;
  readonly comment: Comment;
}

interface Member {
  readonly name: string;
  readonly tsType?: unknown;
  readonly jsDoc?: Comment;
}

interface Declaration {
  readonly kind: string;
  readonly location: { readonly filename: string; readonly line: number };
  readonly jsDoc?: Comment;
  readonly def?: {
    readonly isAsync?: boolean;
    readonly returnType?: { readonly repr?: string };
    readonly properties?: readonly Member[];
    readonly methods?: readonly Member[];
  };
}

/** Output of `deno doc` on `mod.ts`, without colours. */
async function denoDoc(...options: string[]): Promise<{ out: string; err: string }> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", ...options, "mod.ts"],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { out, err };
}

/** The symbols of `mod.ts`. */
export async function face(): Promise<PublicSymbol[]> {
  const [module] = Object.values(JSON.parse((await denoDoc("--json")).out).nodes) as {
    readonly symbols: readonly {
      readonly name: string;
      readonly declarations: readonly Declaration[];
    }[];
  }[];
  return module.symbols.map(({ name, declarations: [{ kind, location, jsDoc, def }] }) => ({
    name,
    kind,
    file: fileURLToPath(location.filename),
    line: location.line,
    waits: def?.isAsync === true || def?.returnType?.repr === "Promise",
    comment: jsDoc ?? {},
    parts: def?.properties || def?.methods
      ? [...def.properties ?? [], ...def.methods ?? []].map((member) => ({
        name: `${name}.${member.name}`,
        type: member.tsType ?? member,
        comment: member.jsDoc ?? {},
      }))
      : [{ name, type: def, comment: jsDoc ?? {} }],
  }));
}

export async function faceProblems(symbols: readonly PublicSymbol[]): Promise<string[]> {
  return [...lintProblems((await denoDoc("--lint")).err), ...symbols.flatMap(problemsOf)];
}

/** Errors of `deno doc --lint`, with their places. Names of a table, `keyof typeof metrics`, do not need the table. */
function lintProblems(output: string): string[] {
  return [...output.matchAll(/^error\[[^\]]+\]: (.*)\n\s*--> (\S+)/gm)]
    .filter(([, problem]) => !/references private type '[a-z]/.test(problem))
    .map(([, problem, place]) => `${place.replace(root, "")}: ${problem}`);
}

const main = [...Deno.readTextFileSync(`${root}mod.ts`).split("*/")[0].matchAll(/@linkcode (\w+)/g)]
  .map(([, name]) => name);

const typedArray = /"(?:Big)?(?:Int|Uint|Float)\d+Array"/;
const shape = /\[[a-z][\w ,+*/]*\]/;

/** Units that numbers of such names have. */
const units: readonly (readonly [name: RegExp, unit: RegExp])[] = [
  [/memory|bytes/i, /\bbytes\b/i],
  [/seconds|time/i, /\bseconds\b/i],
  [/length/i, /\btokens\b/i],
  [/width|headSize/i, /\b(columns|dimensions|units|d_model)\b/i],
  [/sparsity/i, /\[0, 1\]/],
];

/** Shapes and units that are missing in the comment of a part. */
function measureProblems({ name, type, comment }: Part): string[] {
  const text = [comment, ...comment.tags ?? []].map(({ doc = "" }) => doc).join("\n");
  const missing = (type as { repr?: string } | undefined)?.repr === "number"
    ? units.filter(([of, unit]) => of.test(name.split(".").at(-1)!) && !unit.test(text))
    : [];
  return [
    ...(typedArray.test(JSON.stringify(type) ?? "") && !shape.test(text)
      ? [`${name}: the shape is missing`]
      : []),
    ...missing.map(([, unit]) => `${name}: the unit is missing (${unit.source})`),
  ];
}

export function problemsOf(symbol: PublicSymbol): string[] {
  const { name, kind, file, line, waits, comment, parts } = symbol;
  const has = (tag: string) => comment.tags?.some((one) => one.kind === tag) ?? false;
  const summary = (comment.doc ?? "").trim().split(/\n\n|(?<=:)\n/)[0];
  return [
    summary !== "" && !/^[\p{Lu}`(|].*[.:]$/su.test(summary) &&
    "the comment begins with no sentence",
    kind === "function" && (waits || fails(file, line)) && !has("throws") && "@throws is missing",
    main.includes(name) && !has("example") && "@example is missing",
    ...parts.flatMap(measureProblems),
  ].filter((problem) => problem !== false)
    .map((problem) => `${file.replace(root, "")}:${line}: ${name}: ${problem}`);
}

/** True where the function that begins at the line throws in its own body. */
function fails(file: string, line: number): boolean {
  const text = Deno.readTextFileSync(file).split("\n").slice(line - 1).join("\n");
  return /\bthrow\b/.test(text.slice(0, text.search(/^\}/m)));
}

/** Folders whose comments are checked. */
const sources = ["base", "bench", "cli", "docs", "dsl", "examples", "ops", "runtime", "tests"];

/** Lines of a text whose comments begin with What, How, Whether or Where. */
export function badOpenings(text: string): number[] {
  return [...text.matchAll(/\/\*\*[\s*]*(?:What|How|Whether|Where)\b/g)]
    .map(({ index }) => text.slice(0, index).split("\n").length);
}

/** Problems of all comments, public or not. */
export function commentProblems(): string[] {
  return sources.flatMap((folder) => [...modules(`${root}${folder}/`)]).flatMap((path) =>
    badOpenings(Deno.readTextFileSync(path)).map((line) =>
      `${path.replace(root, "")}:${line}: a comment begins with What, How, Whether or Where`
    )
  );
}

const exported =
  /((?:\/\*\*(?:(?!\*\/)[^])*\*\/\n)?)export (?:async )?function\*? (\w+)([^{}]*(?:\{[^{}]*\}[^{}]*)*?)\{\n/g;

/** Exported functions of a module that take or give an array of numbers whose shape their comment does not say. */
export function shapeless(text: string): string[] {
  return [...text.matchAll(exported)]
    .filter(([, comment, , signature]) =>
      /\b(?:Big)?(?:Int|Uint(?!8)|Float)\d+Array\b/.test(signature) && !shape.test(comment)
    )
    .map(([, , name]) => name);
}

/** Functions of `runtime/` without the shapes of their arrays. */
export function shapeProblems(): string[] {
  return [...modules(`${root}runtime/`)].flatMap((path) =>
    shapeless(Deno.readTextFileSync(path)).map((name) =>
      `${path.replace(root, "")}: ${name}: the shape is missing`
    )
  );
}

function* modules(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* modules(`${folder}${name}/`);
    else if (name.endsWith(".ts")) yield `${folder}${name}`;
  }
}
