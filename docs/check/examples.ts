/**
 * Examples: the blocks of code in the comments of public symbols and in `docs/`, type-checked and run.
 *
 * An example in a comment may use every public symbol without importing it. It runs in the repository's folder.
 *
 * @module
 */
import { type PublicSymbol, root } from "./rules.ts";

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
      return blocks(text).map((code) => ({ name: `docs/${name}`, code }));
    });
}

/** The public symbols that a text uses, imported; names that it declares or imports by itself are left out. */
function importsOf(code: string, symbols: readonly PublicSymbol[]): string {
  const used = symbols.map(({ name }) => name).filter((name) =>
    new RegExp(`(?<![.\\w"])${name}\\b(?!:)`).test(code) &&
    !new RegExp(`(const|let|function) ${name}\\b|import [^;]*\\b${name}\\b`).test(code)
  );
  return used.length === 0 ? "" : `import { ${used.join(", ")} } from "${root}mod.ts";\n`;
}

/** Runs every example as a module of its own; false if one has a type error or throws. */
export async function runExamples(symbols: readonly PublicSymbol[]): Promise<boolean> {
  const examples = [...symbols.flatMap(examplesOf), ...pageExamples()];
  const folder = await Deno.makeTempDir();
  try {
    const runs = await Promise.all(examples.map(async ({ name, code }, i) => {
      const file = `${i}_${name.replace(/\W/g, "_")}.ts`;
      const module = `${importsOf(code, symbols)}${code}\nexport {};\n`;
      await Deno.writeTextFile(`${folder}/${file}`, module);
      return `await run(${JSON.stringify(name)}, () => import("./${file}"));`;
    }));
    await Deno.writeTextFile(`${folder}/main.ts`, `${runner}${runs.join("\n")}\n`);
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--check", "-A", "--quiet", `--config=${root}deno.json`, `${folder}/main.ts`],
      cwd: root,
      stdout: "null",
      stderr: "inherit",
    }).output();
    if (success) console.log(`${examples.length} examples ran`);
    return success;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const runner = `
async function run(name: string, load: () => Promise<unknown>): Promise<void> {
  try {
    await load();
  } catch (error) {
    console.error(\`the example of \${name}:\`, error);
    Deno.exitCode = 1;
  }
}
`;
