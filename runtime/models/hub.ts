/**
 * Models of the Hugging Face hub, `hub:owner/name` or `hub:owner/name@revision`: downloaded once into the
 * cache that Hugging Face's own tools use. Only descriptions, safetensors and tokenizer files come
 * down; nothing that could be executed ever does.
 *
 * @module
 */
import { join } from "node:path";
import type { Architecture, Model } from "./architecture.ts";
import { indexFile, isShardName, singleFile } from "./checkpoint.ts";
import { parseConfig } from "./config.ts";
import { ModelError } from "./errors.ts";
import { describeModel } from "./families/mod.ts";
import {
  absenceNote,
  cachedCommit,
  fileExists,
  type HubSettings,
  hubSettings,
  linkBlob,
  noteAbsence,
  noteCommit,
  repositoryFolder,
  snapshotFolder,
} from "./hub_cache.ts";
import { downloadBlob, type HubFile } from "./hub_download.ts";
import { byteSource, currentCommit, listFiles, noAnswer } from "./hub_client.ts";
import { type HubName, parseHubName, shown } from "./hub_name.ts";
import { openModelFolder, readArchitectureFolder } from "./open.ts";
import { TOKENIZER_FILES, VOCABULARY_FILES } from "./tokenizer/files.ts";

/** Options of {@linkcode openModel} and {@linkcode readArchitecture}. */
export interface ModelOptions {
  /** Name of the model in circuits and messages; default: the folder's base name, or the hub's `owner/name`. */
  readonly name?: string;
  /**
   * Cache and address of the hub; default: the environment's (`HF_HOME`, `HF_ENDPOINT`, `HF_TOKEN`, ...).
   *
   * @internal
   */
  readonly settings?: HubSettings;
  /** Receives the progress of a download: the file that is received, and bytes of all files so far and in all. */
  readonly onProgress?: (
    progress: {
      readonly model: string;
      readonly file: string;
      readonly received: number;
      readonly size: number;
    },
  ) => void;
  /** Receives a sentence when the cache is used because the hub did not answer. */
  readonly onNote?: (note: string) => void;
}

/**
 * Opens a model: a Hugging Face folder (`config.json`, safetensors and, if there is one, `tokenizer.json`), or a model of
 * the hub, whose files are downloaded once into the cache that Hugging Face's own tools use. No weight is read yet.
 *
 * @param place path of a folder, or `hub:owner/name[@revision]`
 * @throws {ModelError} if a file or tensor is missing, damaged or of a kind that is not implemented; if the hub does not
 *   have the model or does not answer
 *
 * @example
 * ```ts
 * const model = await openModel("examples/models/sorting-gpt");
 * model.architecture.layers; // 3
 * model.tokenizer?.encode("3 1 2");
 * ```
 */
export async function openModel(place: string, options: ModelOptions = {}): Promise<Model> {
  const model = parseHubName(place);
  if (model === null) return await openModelFolder(place, options.name);
  return await openModelFolder(await hubFolder(model, "all", options), options.name ?? model.name);
}

/**
 * Reads a model's `config.json` alone: enough for its edge universe and for an estimate of memory.
 *
 * @param place path of a folder, or `hub:owner/name[@revision]`, of which only `config.json` is downloaded
 * @throws {ModelError} if there is no `config.json`, or it describes a model that is not implemented
 *
 * @example
 * ```ts
 * const { layers, heads } = await readArchitecture("examples/models/sorting-gpt");
 * ```
 */
export async function readArchitecture(
  place: string,
  options: ModelOptions = {},
): Promise<Architecture> {
  const model = parseHubName(place);
  return await readArchitectureFolder(
    model === null ? place : await hubFolder(model, "config", options),
  );
}

/**
 * A local folder with a hub model's files, downloading what is missing.
 *
 * @param want `config` for config.json alone, `all` for weights and tokenizer too.
 * @throws {ModelError} when the model, a file of it or the network is not there, or a checksum differs.
 */
export async function hubFolder(
  model: HubName,
  want: Want,
  options: ModelOptions = {},
): Promise<string> {
  const settings = options.settings ?? hubSettings();
  const known = cachedCommit(settings, model);
  // A commit never changes; a branch may have.
  if (
    known !== undefined && known === model.revision && await isSettled(settings, model, known, want)
  ) {
    return snapshotFolder(settings, model, known);
  }
  const usable = known !== undefined &&
    await isUsable(snapshotFolder(settings, model, known), want);
  if (settings.offline) {
    if (usable) return snapshotFolder(settings, model, known);
    throw new ModelError(
      `${shown(model)} is ${
        known === undefined ? "absent" : "incomplete"
      } in the cache ${settings.cache}`,
      "nothing is downloaded while HF_HUB_OFFLINE is set",
    );
  }
  const commit = await currentCommit(settings, model);
  if (commit === null) {
    if (!usable) throw noAnswer(settings, model);
    options.onNote?.(`${shown(model)}: ${settings.endpoint} did not answer, using the cache`);
    return snapshotFolder(settings, model, known);
  }
  if (!await isSettled(settings, model, commit, want)) {
    await download(settings, model, commit, want, options);
  }
  await noteCommit(settings, model, commit);
  return snapshotFolder(settings, model, commit);
}

type Want = "config" | "all";

/** Files of a tokenizer; the vocabulary alone is fetched only where no `tokenizer.json` holds it. */
const tokenizerFiles = (whole: boolean): readonly string[] =>
  whole ? TOKENIZER_FILES : [...TOKENIZER_FILES, ...VOCABULARY_FILES];

/** True if a folder has all that a model cannot do without. */
async function isUsable(folder: string, want: Want): Promise<boolean> {
  if (!await fileExists(join(folder, "config.json"))) return false;
  if (want === "config" || await fileExists(join(folder, singleFile))) return true;
  if (!await fileExists(join(folder, indexFile))) return false;
  for (const shard of shardNames(await Deno.readTextFile(join(folder, indexFile)))) {
    if (!await fileExists(join(folder, shard))) return false;
  }
  return true;
}

/** True if nothing is left to ask the hub for: what may be missing is there or noted as not existing. */
async function isSettled(
  settings: HubSettings,
  model: HubName,
  commit: string,
  want: Want,
): Promise<boolean> {
  const folder = snapshotFolder(settings, model, commit);
  if (!await isUsable(folder, want)) return false;
  const whole = await fileExists(join(folder, TOKENIZER_FILES[0]));
  for (const file of want === "all" ? tokenizerFiles(whole) : []) {
    const noted = absenceNote(settings, model, commit, file);
    if (!await fileExists(join(folder, file)) && !await fileExists(noted)) return false;
  }
  return true;
}

async function download(
  settings: HubSettings,
  model: HubName,
  commit: string,
  want: Want,
  options: ModelOptions,
): Promise<void> {
  const folder = snapshotFolder(settings, model, commit);
  const listed = await listFiles(settings, model, commit);
  const wanted = new Map<string, HubFile>();
  const need = (path: string) => {
    const file = listed.get(path);
    if (file !== undefined) wanted.set(path, file);
    return file !== undefined;
  };
  const arrived = new Map<string, number>();
  const fetchFile = async (path: string) => {
    const file = wanted.get(path)!;
    const blob = join(repositoryFolder(settings, model), "blobs", file.checksum);
    await downloadBlob(file, blob, byteSource(settings, model, commit, path), (bytes) => {
      arrived.set(path, bytes);
      const received = [...arrived.values()].reduce((sum, n) => sum + n, 0);
      const size = [...wanted.values()].reduce((sum, one) => sum + one.size, 0);
      options.onProgress?.({ model: model.name, file: path, received, size });
    });
    await linkBlob(blob, join(folder, path));
  };

  if (!need("config.json")) throw lacking(model, "config.json", listed);
  await fetchFile("config.json");
  if (want === "config") return;
  // A model that cannot be run is refused before its weights come down.
  const config = join(folder, "config.json");
  describeModel(parseConfig(`${shown(model)} config.json`, await Deno.readTextFile(config)));

  for (const file of tokenizerFiles(listed.has(TOKENIZER_FILES[0]))) {
    if (need(file)) await fetchFile(file);
    else await noteAbsence(settings, model, commit, file);
  }
  if (need(singleFile)) return await fetchFile(singleFile);
  if (!need(indexFile)) throw lacking(model, `${singleFile} or ${indexFile}`, listed);
  await fetchFile(indexFile);
  const shards = shardNames(await Deno.readTextFile(join(folder, indexFile)));
  for (const shard of shards) if (!need(shard)) throw lacking(model, shard, listed);
  for (const shard of shards) await fetchFile(shard);
}

/** Shards that an index names, if they are plain names of safetensors files; others are left for `openModel` to refuse. */
function shardNames(text: string): string[] {
  let index: { weight_map?: Record<string, unknown> } | null;
  try {
    index = JSON.parse(text);
  } catch {
    return [];
  }
  return [...new Set(Object.values(index?.weight_map ?? {}))].filter(isShardName).sort();
}

function lacking(
  model: HubName,
  file: string,
  listed: ReadonlyMap<string, HubFile>,
): ModelError {
  const found = [...listed.keys()].join(", ") || "no files";
  return new ModelError(`${shown(model)} has no ${file}`, `there is ${found}`);
}
