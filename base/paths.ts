/**
 * Paths as text. On Windows both slashes separate folders; elsewhere a backslash is a part of a name.
 *
 * There is no package in it, since `node:path`, or a package that uses Node, takes a tenth of `circ check` to load.
 *
 * @module
 */
const windows = Deno.build.os === "windows";

const ROOT = windows ? /^(?:[A-Za-z]:\/?|\/{0,2})/ : /^\/?/;

const plain = (path: string): string => windows ? path.replaceAll("\\", "/") : path;

/** True for a path from the root. */
export const isAbsolute = (path: string): boolean => ROOT.exec(plain(path))![0].endsWith("/");

/** A path without `.`, `..` and repeated slashes. */
export function normalize(path: string): string {
  const whole = plain(path);
  const [root] = ROOT.exec(whole)!;
  const parts: string[] = [];
  for (const part of whole.slice(root.length).split("/")) {
    if (part === "" || part === ".") continue;
    const isKept = part !== ".." || (parts.length === 0 ? root === "" : parts.at(-1) === "..");
    if (isKept) parts.push(part);
    else parts.pop();
  }
  return root + parts.join("/") || ".";
}

/** Parts as one path. */
export const join = (...parts: readonly string[]): string =>
  normalize(parts.filter((part) => part !== "").join("/"));

export function dirname(path: string): string {
  const [, folder = "."] = /^(.*?)\/+[^/]*\/*$/s.exec(plain(path)) ?? [];
  return folder || "/";
}

/** Last part of a path. */
export const basename = (path: string): string => normalize(path).split("/").at(-1)!;

/** A path from the root; it starts from the folder that the process runs in. */
export const resolve = (path: string): string =>
  isAbsolute(path) ? normalize(path) : join(Deno.cwd(), path);
