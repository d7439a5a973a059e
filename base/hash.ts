/** Hashes, which stand in for texts where only equality counts. @module */

/** SHA-256 of a text as UTF-8, in hexadecimal digits. */
export function hashOfText(text: string): Promise<string> {
  return hashOfBytes(new TextEncoder().encode(text));
}

/** SHA-256 of bytes, in hexadecimal digits. */
export async function hashOfBytes(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
