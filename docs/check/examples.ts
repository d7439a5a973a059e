/**
 * Examples: code in the comments of public symbols, and code in `docs/` that imports `mod.ts`, type-checked and run in
 * the repository's folder. An example in a comment may use every public symbol without importing it.
 *
 * @module
 */
import { root } from "./root.ts";
import type { PublicSymbol } from "./rules.ts";

interface Example {
  readonly name: string;
  readonly code: string;
}

const blocks = (text: string): string[] =>
  [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code);

function examplesOf({ name, comment }: PublicSymbol): Example[] {
  return (comment.tags ?? []).filter(({ kind }) => kind === "example")
    .flatMap(({ doc = "" }) => blocks(doc)).map((code) => ({ name, code }));
}

function pageExamples(): Example[] {
  return [...Deno.readDirSync(`${root}docs`)].filter(({ name }) => name.endsWith(".md"))
    .flatMap(({ name }) => {
      const text = Deno.readTextFileSync(`${root}docs/${name}`);
      return blocks(text).filter((code) => code.match(importOfFace) !== null)
        .map((code) => ({ name: `docs/${name}`, code }));
    });
}

/** Imports of `mod.ts`, which one import of all public symbols replaces. */
const importOfFace = /^import [^;]*\bmod\.ts";$/gm;

/** Runs every example as a function of its own; false if one has a type error or throws. */
export async function runExamples(symbols: readonly PublicSymbol[]): Promise<boolean> {
  const examples = [...symbols.flatMap(examplesOf), ...pageExamples()];
  const names = symbols.map(({ name, kind }) => isType(kind) ? `type ${name}` : name);
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const runs = examples.map(({ name, code }) =>
      `await run(${JSON.stringify(name)}, async () => {\n${code.replace(importOfFace, "")}});`
    );
    const face = `import { ${names.join(", ")} } from "${root}mod.ts";\n`;
    // An example that throws may leave an engine open, whose worker would keep the process alive.
    const end = "Deno.exit(Deno.exitCode);\n";
    await Deno.writeTextFile(file, [face, runner, ...runs, end].join("\n"));
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--check", "-A", "--quiet", `--config=${root}deno.json`, file],
      cwd: root,
      stdout: "null",
      stderr: "inherit",
    }).output();
    if (success) console.log(`${examples.length} examples ran`);
    return success;
  } finally {
    await Deno.remove(file);
  }
}

const isType = (kind: string) => kind === "interface" || kind === "typeAlias";

const runner = `
async function run(name: string, example: () => Promise<void>): Promise<void> {
  try {
    await example();
  } catch (error) {
    console.error(\`the example of \${name}:\`, error);
    Deno.exitCode = 1;
  }
}
`;
