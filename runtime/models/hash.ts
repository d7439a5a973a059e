/** A model's identity, for provenance. @module */
import { createHash, type Hash } from "node:crypto";
import type { TensorLocation } from "./architecture.ts";

/** Bytes read at a time. */
const chunk = 1 << 20;

/**
 * SHA-256, hex, over config.json, each tensor in order of names, and tokenizer.json when there is one.
 * Each part is preceded by a line with what it is and how long, so that parts cannot run into each
 * other. How tensors are spread over files does not enter.
 */
export async function hashModel(
  folder: string,
  tensors: ReadonlyMap<string, TensorLocation>,
): Promise<string> {
  const hash = createHash("sha256");
  await hashFile(hash, `${folder}/config.json`, "config.json");
  for (const name of [...tensors.keys()].sort()) {
    const { file, offset, length, type, dims } = tensors.get(name)!;
    hash.update(`${name} ${type} [${dims.join(",")}] ${length}\n`);
    using opened = await Deno.open(file, { read: true });
    await opened.seek(offset, Deno.SeekMode.Start);
    await hashBytes(hash, opened, length);
  }
  try {
    await hashFile(hash, `${folder}/tokenizer.json`, "tokenizer.json");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return hash.digest("hex");
}

async function hashFile(hash: Hash, path: string, label: string): Promise<void> {
  using file = await Deno.open(path, { read: true });
  const { size } = await file.stat();
  hash.update(`${label} ${size}\n`);
  await hashBytes(hash, file, size);
}

async function hashBytes(hash: Hash, file: Deno.FsFile, length: number): Promise<void> {
  const buffer = new Uint8Array(Math.min(chunk, length));
  for (let left = length; left > 0;) {
    const n = await file.read(buffer.subarray(0, Math.min(left, buffer.length)));
    if (n === null) throw new Deno.errors.UnexpectedEof(`the file ended ${left} bytes early`);
    hash.update(buffer.subarray(0, n));
    left -= n;
  }
}
