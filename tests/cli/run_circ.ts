/**
 * Runs the real command in a folder of its own.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The toy model that the examples use. */
export const toy = join(root, "examples/models/toy");
export const cli = join(root, "cli.ts");
export { root };

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Arguments of `deno` that run the command as users run it; types are checked by another task. */
export function commandLine(args: readonly string[]): string[] {
  return ["run", "-A", "--quiet", "--no-check", "--config", join(root, "deno.json"), cli, ...args];
}

/** Place that a program runs in, and the text on its standard input. */
export interface RunOptions {
  readonly cwd: string;
  readonly input?: string | Uint8Array;
  readonly env?: Record<string, string>;
}

/** Runs a program and waits for its end. */
export async function ran(
  program: string,
  args: readonly string[],
  { cwd, input, env }: RunOptions,
): Promise<Ran> {
  const child = new Deno.Command(program, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  if (input !== undefined) {
    // The command may end before it has read everything: that is its right.
    const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
    await writer.write(bytes).catch(() => {});
  }
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { status: code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Runs `circ` and waits for its end. */
export const circ = (args: readonly string[], options: RunOptions): Promise<Ran> =>
  ran(Deno.execPath(), commandLine(args), options);

/** Runs a test in a folder that holds these files and goes when it ends. */
export async function inFolder<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  test: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      await Deno.mkdir(join(path, ".."), { recursive: true });
      if (typeof content === "string") await Deno.writeTextFile(path, content);
      else await Deno.writeFile(path, content);
    }
    return await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** All files below a folder with their sizes. */
export async function filesBelow(folder: string, prefix = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) found.push(...await filesBelow(path, `${prefix}${entry.name}/`));
    else found.push(`${prefix}${entry.name} ${(await Deno.stat(path)).size}`);
  }
  return found.sort();
}
