/** Downloading one file of the hub into the cache: resumed where it broke off, checked against its checksum. @module */
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { ModelError } from "./errors.ts";
import { fileExists } from "./hub_cache.ts";

/** A file as the hub lists it. */
export interface HubFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Hex digest that the content must have, and the blob's name in the cache. */
  readonly checksum: string;
  /** `sha256` of the content for large files; `git` for small ones: SHA-1 of `blob SIZE\0` and the content. */
  readonly digest: "sha256" | "git";
}

/** Opens a file's bytes from an offset on, or from the beginning where the other side cannot do that. */
export type ByteSource = (
  offset: number,
) => Promise<{ readonly stream: ReadableStream<Uint8Array>; readonly offset: number }>;

/** Milliseconds without a byte after which a download counts as cut short. */
const patience = 60_000;

/**
 * Brings a file's bytes to `blob`. What an earlier attempt left in `blob.incomplete` is kept and gone on from.
 *
 * @param received called with the bytes there are so far.
 * @throws {ModelError} when the bytes end early (what came is kept for the next attempt) or their checksum differs (it is thrown away).
 */
export async function downloadBlob(
  file: HubFile,
  blob: string,
  source: ByteSource,
  received: (bytes: number) => void,
): Promise<void> {
  if (await fileExists(blob)) return received(file.size);
  await Deno.mkdir(dirname(blob), { recursive: true });
  const incomplete = `${blob}.incomplete`;
  let found: string;
  {
    using opened = await Deno.open(incomplete, { read: true, write: true, create: true });
    // Another process may be at the same file: the second waits, then finds it done.
    await opened.lock(true);
    if (await fileExists(blob)) return received(file.size);
    const have = (await opened.stat()).size;
    if (have !== file.size) await goOn(file, opened, have < file.size ? have : 0, source, received);
    found = await digestOf(file, opened);
  }
  if (found !== file.checksum) {
    await Deno.remove(incomplete);
    throw new ModelError(
      `${file.path} has the checksum ${found}, and the hub names ${file.checksum}`,
      "what was downloaded has been removed",
    );
  }
  await Deno.rename(incomplete, blob);
}

async function goOn(
  file: HubFile,
  opened: Deno.FsFile,
  start: number,
  source: ByteSource,
  received: (bytes: number) => void,
): Promise<void> {
  let have = start;
  try {
    const { stream, offset } = await source(start);
    have = offset;
    await opened.truncate(have);
    await opened.seek(have, Deno.SeekMode.Start);
    received(have);
    const reader = stream.getReader();
    try {
      while (have < file.size) {
        const { done, value } = await inTime(reader.read());
        if (done) break;
        const bytes = value.subarray(0, file.size - have);
        for (let written = 0; written < bytes.length;) {
          written += await opened.write(bytes.subarray(written));
        }
        have += bytes.length;
        received(have);
      }
    } finally {
      await reader.cancel().catch(() => {});
    }
  } catch (error) {
    if (error instanceof ModelError) throw error;
    throw cutShort(file, have, (error as Error).message);
  }
  if (have < file.size) throw cutShort(file, have);
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no bytes for ${patience / 1000} s`)), patience);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The file's digest, from its beginning: a part may have come in an earlier attempt. */
async function digestOf(file: HubFile, opened: Deno.FsFile): Promise<string> {
  const hash = createHash(file.digest === "git" ? "sha1" : "sha256");
  if (file.digest === "git") hash.update(`blob ${file.size}\0`);
  await opened.seek(0, Deno.SeekMode.Start);
  const buffer = new Uint8Array(1 << 20);
  for (let n = await opened.read(buffer); n !== null; n = await opened.read(buffer)) {
    hash.update(buffer.subarray(0, n));
  }
  return hash.digest("hex");
}

function cutShort(file: HubFile, have: number, reason?: string): ModelError {
  const because = reason === undefined ? "" : ` (${reason})`;
  return new ModelError(
    `only ${have} of ${file.size} bytes of ${file.path} arrived${because}`,
    "the next attempt goes on from there",
  );
}
