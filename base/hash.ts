/** Hashes, which stand in for texts where only equality counts. @module */

/** SHA-256 of a text as UTF-8, in hexadecimal digits. */
export async function hashOfText(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
