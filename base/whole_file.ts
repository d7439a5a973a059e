/** Files as a whole: they appear whole or not at all, and are read where they are there. @module */

import { dirname, join } from "./paths.ts";

const isThere = (path: string) =>
  Deno.stat(path).then(() => true, (error) => !(error instanceof Deno.errors.NotFound));

const partOf = (path: string) => `${path}.${Deno.pid}-${crypto.randomUUID().slice(0, 8)}.part`;

/**
 * Text of a file's bytes; a byte-order mark is left out, unless it is to be kept.
 *
 * @throws {TypeError} for bytes that are not UTF-8; the message says so
 */
export function utf8(bytes: Uint8Array, { keepMark = false } = {}): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: keepMark }).decode(bytes);
  } catch {
    throw new TypeError("its bytes are not UTF-8");
  }
}

/**
 * Text of a file, without a byte-order mark.
 *
 * @throws {TypeError} for bytes that are not UTF-8; errors of the system likewise
 */
export async function readText(path: string): Promise<string> {
  return utf8(await Deno.readFile(path));
}

/** Text of a file, or null where there is none. */
export async function textIfThere(path: string): Promise<string | null> {
  try {
    return await readText(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Fails where writing a file would fail, whose folders are made if absent. Leaves nothing behind. */
export async function tryWriting(path: string): Promise<void> {
  const found = await Deno.stat(path).catch(() => null);
  if (found?.isDirectory) throw new Deno.errors.IsADirectory(path);
  let folder = dirname(path);
  for (let up = dirname(folder); up !== folder && !await isThere(folder); up = dirname(folder)) {
    folder = up;
  }
  const temporary = partOf(join(folder, path.slice(path.lastIndexOf("/") + 1)));
  await Deno.writeTextFile(temporary, "");
  await Deno.remove(temporary);
}

/**
 * Writes a file under a temporary name in the same folder, flushes it to the disk, then renames it. What fails leaves nothing
 * behind.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = partOf(path);
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  try {
    {
      using file = await Deno.open(temporary, { write: true, createNew: true });
      for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
      await file.syncData();
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}
