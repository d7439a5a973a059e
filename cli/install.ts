/** `deno task install [--bin FOLDER]`: puts a command `circ` on the path that runs this checkout. @module */
import { parseArgs } from "@std/cli/parse-args";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { batchLauncher, launcherMark, shellLauncher } from "./launcher.ts";

const root = resolve(fileURLToPath(new URL("../", import.meta.url)));
const isWindows = Deno.build.os === "windows";
const pathFolders = (Deno.env.get("PATH") ?? "").split(delimiter).filter((name) => name !== "");
const isOnPath = (folder: string) => pathFolders.some((entry) => resolve(entry) === folder);

/** Folders for commands: of the user, of Deno, of the machine, of npm. */
function usualFolders(): string[] {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? root;
  const npm = Deno.env.get("npm_config_global_prefix");
  return [
    join(home, ".local", "bin"),
    join(Deno.env.get("DENO_INSTALL_ROOT") ?? join(home, ".deno"), "bin"),
    ...(isWindows ? [] : ["/usr/local/bin"]),
    ...(npm === undefined ? [] : [isWindows ? npm : join(npm, "bin")]),
  ].map((folder) => resolve(folder));
}

/** Fetches the packages of all commands, so that `circ` needs no network later. */
async function fetchPackages(): Promise<void> {
  const commands = [...Deno.readDirSync(join(root, "cli"))].map(({ name }) => join("cli", name));
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet", "--entrypoint", "cli.ts", "mod.ts", ...commands],
    cwd: root,
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("The packages of circ could not be fetched");
}

/**
 * Writes the command into a folder, in place of an older one.
 *
 * @throws {Error} when another program has its name
 */
async function writeCommand(folder: string): Promise<string> {
  const file = join(folder, isWindows ? "circ.cmd" : "circ");
  const old = await Deno.readTextFile(file).catch(() => launcherMark);
  if (!old.includes(launcherMark)) throw new Error(`${file} is another program`);
  const launcher = isWindows ? batchLauncher : shellLauncher;
  const text = launcher({ root, deno: Deno.execPath(), version: Deno.version.deno });
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(file, text, { mode: 0o755 });
  return file;
}

/** Writes the command into the first of the folders that takes it. */
async function install(folders: readonly string[]): Promise<string> {
  const refusals: string[] = [];
  for (const folder of folders) {
    try {
      return await writeCommand(folder);
    } catch (error) {
      refusals.push(`${folder}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new Error(`No folder takes the command; name one with --bin.\n${refusals.join("\n")}`);
}

const { bin, _: others } = parseArgs(Deno.args, { string: ["bin"] });
if (others.length > 0 || bin === "") {
  console.error("Usage: deno task install [--bin FOLDER]");
  Deno.exit(2);
}
try {
  await fetchPackages();
  const usual = usualFolders();
  const folders = bin === undefined ? [...usual.filter(isOnPath), usual[0]] : [resolve(bin)];
  const file = await install(folders);
  const folder = resolve(file, "..");
  console.log(`Installed ${file}; it runs the checkout in ${root}`);
  console.log(
    isOnPath(folder)
      ? `${folder} is on the path: try "circ --version" in any folder.`
      : `${folder} is not on the path yet: ${
        isWindows ? "add it" : `run export PATH="${folder}:$PATH", and put the line in your profile`
      }.`,
  );
  console.log(`To uninstall: ${isWindows ? "del" : "rm"} "${file}"`);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
