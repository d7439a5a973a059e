/**
 * Files that appear whole or not at all.
 *
 * @module
 */

/** Writes text under a temporary name in the same folder, then renames it. What fails leaves nothing behind. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = `${path}.${Deno.pid}-${crypto.randomUUID().slice(0, 8)}.part`;
  try {
    await Deno.writeTextFile(temporary, text);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}
