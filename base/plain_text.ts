/**
 * Plain values as JSON text that reads back exactly: typed arrays keep their type and bits, and numbers that JSON lacks (NaN,
 * infinite ones, -0) their value.
 *
 * @module
 */
import { Buffer } from "node:buffer";

const arrays = {
  Float32Array,
  Float64Array,
  Int32Array,
  Uint32Array,
  Uint8Array,
  BigUint64Array,
} as const;
type ArrayName = keyof typeof arrays;

/** A plain value as text. */
export function plainToText(value: unknown): string {
  return JSON.stringify(value, (_, part) => {
    if (typeof part === "number" && (!Number.isFinite(part) || Object.is(part, -0))) {
      return { $number: Object.is(part, -0) ? "-0" : String(part) };
    }
    if (typeof part === "bigint") return { $bigint: String(part) };
    if (!ArrayBuffer.isView(part)) return part;
    const name = part.constructor.name;
    if (!(name in arrays)) throw new TypeError(`Cannot write a ${name} as text`);
    const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    return { $array: name, base64: bytes.toString("base64") };
  });
}

/**
 * The value of a text of {@link plainToText}.
 *
 * @throws {Error} if the text is not one
 */
export function plainFromText(text: string): unknown {
  return JSON.parse(text, (_, part) => {
    if (part === null || typeof part !== "object") return part;
    if (typeof part.$number === "string") return Number(part.$number);
    if (typeof part.$bigint === "string") return BigInt(part.$bigint);
    if (typeof part.$array !== "string") return part;
    // A copy begins where its numbers are aligned.
    const bytes = Uint8Array.from(Buffer.from(part.base64, "base64"));
    return new arrays[part.$array as ArrayName](bytes.buffer);
  });
}
