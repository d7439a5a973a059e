/**
 * Paths, without a Node module: both slashes separate folders on Windows; elsewhere a backslash is a part of a name.
 *
 * @module
 */
import * as paths from "./packages/pathe.ts";

const windows = Deno.build.os === "windows";

/** pathe takes a backslash for a slash everywhere; a sign that no path holds stands in for it. */
const kept = (path: string) => windows ? path : path.replaceAll("\\", "\0");
const back = (path: string) => windows ? path : path.replaceAll("\0", "\\");

/** Last part of a path. */
export const basename = (path: string): string => back(paths.basename(kept(path)));

/** Folder that a path is in. */
export const dirname = (path: string): string => back(paths.dirname(kept(path)));

/** True for a path from the root. */
export const isAbsolute = (path: string): boolean => paths.isAbsolute(kept(path));

/** Parts as one path. */
export const join = (...parts: readonly string[]): string => back(paths.join(...parts.map(kept)));

/** A path without `.`, `..` and repeated slashes. */
export const normalize = (path: string): string => back(paths.normalize(kept(path)));

/** A path from the root; it starts from the folder that the process runs in. */
export const resolve = (path: string): string => back(paths.resolve(kept(Deno.cwd()), kept(path)));
