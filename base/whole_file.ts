/** Files as a whole: they appear whole or not at all, and are read where they are there. @module */

const partOf = (path: string) => `${path}.${Deno.pid}-${crypto.randomUUID().slice(0, 8)}.part`;

/** Text of a file, or null where there is none. */
export async function textIfThere(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Fails where writing a file would fail, and leaves nothing behind. */
export async function tryWriting(path: string): Promise<void> {
  const found = await Deno.stat(path).catch(() => null);
  if (found?.isDirectory) throw new Deno.errors.IsADirectory(path);
  const temporary = partOf(path);
  await Deno.writeTextFile(temporary, "");
  await Deno.remove(temporary);
}

/** Writes text under a temporary name in the same folder, then renames it. What fails leaves nothing behind. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = partOf(path);
  try {
    await Deno.writeTextFile(temporary, text);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}
