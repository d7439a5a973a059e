/**
 * The cache that Hugging Face's own tools keep: where it is, and what a model's folder in it holds.
 *
 *     models--OWNER--NAME/refs/REVISION          the commit of a branch or tag
 *     models--OWNER--NAME/snapshots/COMMIT/FILE  a link into blobs
 *     models--OWNER--NAME/.no_exist/COMMIT/FILE  an empty file: the commit is known to lack this one
 *     models--OWNER--NAME/blobs/CHECKSUM         the bytes; CHECKSUM.incomplete while they arrive
 *
 * @module
 */
import { homedir } from "node:os";
import { dirname, join, relative } from "node:path";
import { writeWhole } from "../../base/whole_file.ts";
import type { HubName } from "./hub_name.ts";

/** The environment that decides where things are and who asks; given as a record so that tests can choose it. */
export interface HubSettings {
  /** Folder of the cache. */
  readonly cache: string;
  /** Address of the hub, without a slash at the end. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /** Never ask the network. */
  readonly offline: boolean;
}

/** Settings from HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE, as Hugging Face's tools read them. */
export function hubSettings(
  variable: (name: string) => string | undefined = (name) => Deno.env.get(name),
): HubSettings {
  const set = (name: string) => variable(name) || undefined;
  const home = set("HF_HOME") ??
    join(set("XDG_CACHE_HOME") ?? join(homedir(), ".cache"), "huggingface");
  return {
    cache: set("HF_HUB_CACHE") ?? set("HUGGINGFACE_HUB_CACHE") ?? join(home, "hub"),
    endpoint: (set("HF_ENDPOINT") ?? "https://huggingface.co").replace(/\/+$/, ""),
    token: set("HF_TOKEN") ?? readTrimmed(set("HF_TOKEN_PATH") ?? join(home, "token")),
    offline: /^(1|true|yes|on)$/i.test(set("HF_HUB_OFFLINE") ?? ""),
  };
}

export function repositoryFolder(settings: HubSettings, { name }: HubName): string {
  return join(settings.cache, `models--${name.replace("/", "--")}`);
}

/** Folder of one commit's files. */
export function snapshotFolder(settings: HubSettings, model: HubName, commit: string): string {
  return join(repositoryFolder(settings, model), "snapshots", commit);
}

/** The file that says that a commit lacks one. */
export function absenceNote(
  settings: HubSettings,
  model: HubName,
  commit: string,
  file: string,
): string {
  return join(repositoryFolder(settings, model), ".no_exist", commit, file);
}

/** Notes that a commit lacks a file. */
export async function noteAbsence(
  settings: HubSettings,
  model: HubName,
  commit: string,
  file: string,
): Promise<void> {
  const note = absenceNote(settings, model, commit, file);
  await Deno.mkdir(dirname(note), { recursive: true });
  await Deno.writeTextFile(note, "");
}

/** The commit of a revision at the last request for it; undefined if there was none. */
export function cachedCommit(settings: HubSettings, model: HubName): string | undefined {
  if (isCommit(model.revision)) return model.revision;
  return readTrimmed(join(repositoryFolder(settings, model), "refs", model.revision));
}

/** Notes the commit of a revision. */
export async function noteCommit(
  settings: HubSettings,
  model: HubName,
  commit: string,
): Promise<void> {
  if (isCommit(model.revision)) return;
  const path = join(repositoryFolder(settings, model), "refs", model.revision);
  await Deno.mkdir(dirname(path), { recursive: true });
  await writeWhole(path, commit);
}

/** Puts a blob under its file name into a commit's folder: a link, or a copy where links are not allowed. */
export async function linkBlob(blob: string, file: string): Promise<void> {
  await Deno.mkdir(dirname(file), { recursive: true });
  await Deno.remove(file).catch(() => {});
  try {
    await Deno.symlink(relative(dirname(file), blob), file);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    await Deno.copyFile(blob, file);
  }
}

/** True if a file is there (links followed). */
export async function fileExists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}

export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

function readTrimmed(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path).trim() || undefined;
  } catch {
    return undefined;
  }
}
