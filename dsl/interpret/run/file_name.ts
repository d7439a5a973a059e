/** Names of a run's files. @module */

/** Signs that separate folders or that files cannot have; control signs cannot be written in a script's names. */
const BARRED = /[/\\:*?"<>|]/g;

/**
 * A circuit's name as a file's: the point of a sweep may hold signs that a file's name cannot. Percent signs of shares
 * stay unless they could be taken for the code of such a sign.
 */
export function fileName(name: string): string {
  const escaped = (sign: string) => `%${sign.charCodeAt(0).toString(16)}`;
  return name.replace(/%(?=[0-9a-f]{2})/gi, escaped("%")).replace(BARRED, escaped);
}
