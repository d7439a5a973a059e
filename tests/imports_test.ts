/**
 * Who may import whom: floors, rooms in order on each, and the library's face, whose packages any folder finds.
 */
import { assert, assertEquals } from "@std/assert";
import { floors } from "./support/floors.ts";

const root = new URL("../", import.meta.url);

/** Text of a module without its comments. */
const codeOf = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");

/** Import specifiers of a module's text: static, dynamic, re-exported, and workers by URL. */
function specifiers(text: string): string[] {
  const code = codeOf(text);
  const patterns = [
    /\b(?:import|export)\b[^"'`;]*?\bfrom\s*["']([^"']+)["']/g,
    /\bimport\s*["']([^"']+)["']/g,
    /\bimport\s*\(\s*["']([^"']+)["']/g,
    /\bnew URL\(\s*["']([^"']+\.ts)["']\s*,\s*import\.meta\.url/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1]));
}

/** Import specifiers of what a module's text loads as soon as it is imported: static, and not of types alone. */
function loaded(text: string): string[] {
  const code = codeOf(text);
  const typesOnly = (clause: string) =>
    /^\s*type\b/.test(clause) ||
    /^\s*\{(\s*type\s[^,}]*,?)*\s*\}\s*$/.test(clause);
  const clauses = code.matchAll(
    /\b(?:import|export)\b([^"'`;]*?)\bfrom\s*["']([^"']+)["']/g,
  );
  return [
    ...[...clauses].filter(([, clause]) => !typesOnly(clause)).map((match) => match[2]),
    ...[...code.matchAll(/\bimport\s*["']([^"']+)["']/g)].map((match) => match[1]),
  ];
}

/** Import specifiers of what Deno reads as a program with the module starts: loaded, or named by an `import()`. */
function readAtStart(text: string): string[] {
  const named = codeOf(text).matchAll(/(?<!typeof )\bimport\s*\(\s*["']([^"']+)["']/g);
  return [...loaded(text), ...[...named].map((match) => match[1])];
}

function* modules(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(new URL(folder, root))) {
    const path = folder + entry.name;
    if (entry.isDirectory) {
      if (entry.name !== "node_modules" && !entry.name.startsWith(".")) yield* modules(path + "/");
    } else if (entry.name.endsWith(".ts")) yield path;
  }
}

/** Imports of a module: files as paths from the repository's root, packages as they are. */
function importsOf(path: string, read = specifiers): string[] {
  const here = new URL(path, root);
  return read(Deno.readTextFileSync(here)).map((specifier) =>
    specifier.startsWith(".") ? new URL(specifier, here).href.slice(root.href.length) : specifier
  );
}

const isFile = (specifier: string) => /\.tsx?$|\.json$/.test(specifier);
const isPackage = (specifier: string) => /^(?!node:)[@\w]/.test(specifier) && !isFile(specifier);

/** Rooms in order, as folders; a floor without rooms is one, and files beside rooms stand above them. */
const rooms = floors.flatMap((
  [floor, names],
) => [...names.map((name) => `${floor}${name}/`), floor]);

const roomOf = (path: string) => rooms.findIndex((room) => path.startsWith(room));

Deno.test("a room imports only itself and rooms below", () => {
  const found = [...modules("")].filter((path) => roomOf(path) >= 0);
  assert(found.length > 100, `only ${found.length} modules in rooms`);
  const wrong = found.flatMap((path) =>
    importsOf(path).filter(isFile)
      .filter((target) => roomOf(target) < 0 || roomOf(target) > roomOf(path))
      .map((target) => `${path} imports ${target}`)
  );
  assertEquals(wrong, []);
});

Deno.test("runtime/ has no file outside of its rooms", () => {
  const loose = [...modules("runtime/")].filter((path) => rooms[roomOf(path)] === "runtime/");
  assertEquals(loose, []);
});

/**
 * Rooms that others enter by their doors only: `mod.ts`, and files that the checker loads where `mod.ts` would load more than it
 * needs. A file of a room's own says what it loads.
 */
const doors: Readonly<Record<string, readonly string[]>> = {
  "ops/": ["mod.ts"],
  "runtime/metrics/": ["mod.ts"],
  "runtime/engine/": ["mod.ts", "devices.ts", "session.ts"],
  "runtime/models/": [
    "mod.ts",
    "families/mod.ts",
    "config.ts",
    "errors.ts",
    "hub_name.ts",
    "shape.ts",
  ],
  "runtime/tasks/": ["mod.ts", "definition.ts", "generators/table.ts"],
  "runtime/circuits/": [
    "mod.ts",
    "forms/mod.ts",
    "overlap.ts",
    "properties.ts",
    "provenance.ts",
    "queries/fields.ts",
    "sets.ts",
  ],
  "runtime/circuits/forms/": ["mod.ts"],
  "runtime/stream/": ["mod.ts", "memory.ts", "stream.ts"],
  "runtime/evaluation/": ["mod.ts", "evaluate.ts", "measures/mod.ts", "plots/mod.ts"],
  "runtime/programs/": ["mod.ts"],
  "runtime/discovery/": ["mod.ts", "fields.ts", "passes.ts"],
};

Deno.test("rooms with doors are entered by them", () => {
  // Tests, benchmarks and trainers look inside; the library's face picks what it shows.
  const all = [...modules("")].filter((path) =>
    path !== "mod.ts" && !/^(tests|bench|examples)\//.test(path)
  );
  const wrong = Object.entries(doors).flatMap(([room, names]) =>
    all.filter((path) => !path.startsWith(room)).flatMap((path) =>
      importsOf(path)
        .filter((target) => target.startsWith(room) && !names.includes(target.slice(room.length)))
        .map((target) => `${path} imports ${target}`)
    )
  );
  assertEquals(wrong, []);
});

Deno.test("no circle of values between files", () => {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]) => {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(" -> "));
    if (done.has(path)) return;
    done.add(path);
    for (const target of importsOf(path, loaded)) {
      if (roomOf(target) >= 0) visit(target, [...way, path]);
    }
  };
  for (const path of modules("")) if (roomOf(path) >= 0) visit(path, []);
  assertEquals(found, []);
});

/** Importer of every module that some modules reach; "" for these themselves. */
function reach(from: readonly string[], read = specifiers): Map<string, string> {
  const importer = new Map(from.map((path) => [path, ""]));
  for (const [path] of importer) {
    if (!path.endsWith(".ts") || path.includes(":")) continue;
    for (const target of importsOf(path, read)) {
      if (!importer.has(target)) importer.set(target, path);
    }
  }
  return importer;
}

/** The way that {@linkcode reach} took to a module. */
function wayTo(target: string, importer: ReadonlyMap<string, string>): string {
  const before = importer.get(target);
  return before ? `${wayTo(before, importer)} -> ${target}` : target;
}

Deno.test("base/, ops/, runtime/ and mod.ts take packages from base/packages/ alone", () => {
  const floors = ["base/", "ops/", "runtime/"].flatMap((floor) => [...modules(floor)]);
  const library = reach(["mod.ts", ...floors]);
  // A name that only deno.json explains cannot be imported from another folder.
  const wrong = [...library].filter(([target, importer]) =>
    isPackage(target) && !(importer.startsWith("base/packages/") && target.startsWith("npm:"))
  );
  assertEquals(wrong.map(([target]) => wayTo(target, library)), []);
  assert(library.size > 100, `mod.ts reaches only ${library.size} modules`);
});

Deno.test("a package has its version in one file", async () => {
  const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const listed = Object.values<string>(config.imports);
  const packages = (
    specifiers: readonly string[],
  ) => [
    ...new Set(
      specifiers.map((specifier) => specifier.match(/^\w+:(@?[^@/]+(\/[^@/]+)?@[^/]+)/)![1]),
    ),
  ];
  const names = [...modules("base/packages/")].flatMap((path) =>
    packages(importsOf(path).filter(isPackage))
  )
    .concat(packages(listed)).map((name) => name.replace(/(?<=.)@.*/, ""));
  assert(names.length > listed.length);
  assertEquals(names.length, new Set(names).size);
});

Deno.test("checking scripts, and the runtime that it may know, load no onnxruntime", () => {
  const light = ["dsl/check/", "dsl/reference/", "runtime/discovery/", "runtime/evaluation/"];
  const reached = reach(
    [
      ...light.flatMap((folder) => [...modules(folder)]),
      "runtime/engine/mod.ts",
      "runtime/stream/mod.ts",
    ],
    loaded,
  );
  assertEquals(
    [...reached.keys()].filter((target) => /onnxruntime/.test(target))
      .map((target) => wayTo(target, reached)),
    [],
  );
  assert(reached.size > 50, `only ${reached.size} modules are reached`);
});

Deno.test("checking a script and reading the reference load neither graphs nor engine", () => {
  const reached = reach(["cli/check_script.ts", "dsl/reference/mod.ts"], readAtStart);
  const heavy = [...reached.keys()].filter((path) =>
    /^(ops|runtime\/engine)\/(?!devices\.ts$)/.test(path)
  );
  assertEquals(heavy.map((target) => wayTo(target, reached)), []);
  assert(reached.has("runtime/evaluation/measures/mod.ts"));
  // Records of methods are there, and what methods do is loaded when they run.
  assert(reached.has("runtime/discovery/methods/acdc.ts"));
  const algorithms =
    /^runtime\/discovery\/(objective|(selection|scoring|elimination|training)\/\w+)\.ts$/;
  const records = /\/(\w*options|method|shapes|sparsity|stages)\.ts$/;
  assertEquals(
    [...reached.keys()].filter((path) => algorithms.test(path) && !records.test(path)),
    [],
  );
});

Deno.test("checking a script reads one package, and no module of Node", () => {
  const read = [...reach(["cli.ts"], readAtStart).keys()].filter((target) =>
    /^[\w@:./-]+$/.test(target) && !isFile(target)
  );
  assertEquals(read.map((target) => target.replace(/@[\d.]+$/, "")), ["npm:chevrotain"]);
});

Deno.test("a module that is loaded later is named as its type is", () => {
  const pattern =
    /load<typeof import\(\s*"([^"]+)",?\s*\)>\(\s*import\.meta\.resolve\("([^"]+)"\)/g;
  const found = ["cli/", "dsl/", "runtime/"].flatMap((floor) => [...modules(floor)]).flatMap(
    (path) => {
      const code = codeOf(Deno.readTextFileSync(new URL(path, root)));
      const pairs = [...code.matchAll(pattern)];
      assertEquals(pairs.length, code.split("load<typeof").length - 1, path);
      return pairs.map(([, type, url]) => [`${path}: ${type}`, `${path}: ${url}`]);
    },
  );
  for (const [type, url] of found) assertEquals(type, url);
  assert(found.length > 10);
});

Deno.test("nothing outside tests/ imports from tests/", () => {
  const wrong = [...modules("")]
    .filter((path) => !path.startsWith("tests/"))
    .flatMap((path) =>
      importsOf(path).filter((target) => target.startsWith("tests/")).map((target) =>
        `${path} imports ${target}`
      )
    );
  assertEquals(wrong, []);
});

Deno.test("the import reader sees every way of importing", () => {
  const text = `
    import a from "./a.ts";
    import { b,
      c } from './b.ts';
    import "./c.ts";
    export * from "./d.ts";
    const e = await import("./e.ts");
    new Worker(new URL("./f.ts", import.meta.url));
    import type { G } from "./g.ts";
    import { type H, type I } from "./h.ts";
    export type * from "./i.ts";
    import { type J, j } from "./j.ts";
    // import "./not.ts";
    /* import "./neither.ts"; */`;
  const files = (letters: string) => [...letters].map((x) => `./${x}.ts`);
  assertEquals(specifiers(text).sort(), files("abcdefghij"));
  assertEquals(loaded(text).sort(), files("abcdj"));
});
