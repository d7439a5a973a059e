/** The tensors of a model folder: one safetensors file, or shards and their index. @module */
import { ModelError, parsedJson } from "./errors.ts";
import { roundTo } from "./families/parts.ts";
import { locationOf, readSafetensorsHeader, readValues, type StoredTensor } from "./safetensors.ts";

export const singleFile = "model.safetensors";
/** Index of weights that are spread over several files. */
export const indexFile = "model.safetensors.index.json";

/** True if an index may name a file: one of its own folder and nothing else, since an index may come from anywhere. */
export function isShardName(name: unknown): name is string {
  return typeof name === "string" && /^[^/\\]+\.safetensors$/.test(name);
}

/**
 * Lists a folder's tensors by name, without reading their values.
 *
 * @throws {ModelError} when there are no weights, a file is damaged, or shards do not add up to their index.
 */
export async function readCheckpoint(folder: string): Promise<Map<string, StoredTensor>> {
  if (await exists(`${folder}/${singleFile}`)) {
    const tensors = await readSafetensorsHeader(`${folder}/${singleFile}`);
    return new Map(tensors.map((tensor) => [tensor.name, tensor]));
  }
  if (await exists(`${folder}/${indexFile}`)) return await readShards(folder);
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) found.push(entry.name);
  const pickled = found.filter((name) => /\.(bin|pt|pth|ckpt)$/.test(name)).sort();
  if (pickled.length > 0) {
    throw new ModelError(
      `${folder} has its weights in ${pickled[0]}, which may hold code; safetensors are read`,
      `in Python: AutoModelForCausalLM.from_pretrained("${folder}").save_pretrained("${folder}")`,
    );
  }
  throw new ModelError(
    `${folder} holds neither ${singleFile} nor ${indexFile}`,
    `there is ${found.sort().join(", ") || "nothing"}`,
  );
}

/**
 * True if two tensors have the same shape and values; reads them piece by piece. Values of different types are the same when
 * each, rounded to the other's type, is the other.
 */
export async function sameValues(a: StoredTensor, b: StoredTensor): Promise<boolean> {
  if (a.dims.join() !== b.dims.join()) return false;
  const [left, right] = [locationOf(a), locationOf(b)];
  using first = await Deno.open(a.file, { read: true });
  using second = await Deno.open(b.file, { read: true });
  const count = a.dims.reduce((product, n) => product * n, 1);
  const step = 1 << 18;
  for (let at = 0; at < count; at += step) {
    const length = Math.min(step, count - at);
    const ours = await readValues(first, left, at, length);
    const theirs = await readValues(second, right, at, length);
    const same = (value: number, i: number) =>
      value === theirs[i] || roundTo(right.type, value) === roundTo(left.type, theirs[i]);
    if (!ours.every(same)) return false;
  }
  return true;
}

async function readShards(folder: string): Promise<Map<string, StoredTensor>> {
  const path = `${folder}/${indexFile}`;
  const places = parseIndex(path, await Deno.readTextFile(path));
  const tensors = new Map<string, StoredTensor>();
  for (const file of [...new Set(places.values())].sort()) {
    if (!await exists(`${folder}/${file}`)) {
      throw new ModelError(`${path} lists ${file}, which is not there`);
    }
    for (const tensor of await readSafetensorsHeader(`${folder}/${file}`)) {
      if (places.get(tensor.name) !== file) {
        const listed = places.get(tensor.name);
        const where = listed === undefined ? "not at all" : `in ${listed}`;
        throw new ModelError(`${file} has ${tensor.name}, which ${path} lists ${where}`);
      }
      tensors.set(tensor.name, tensor);
    }
  }
  for (const [name, file] of places) {
    if (!tensors.has(name)) {
      throw new ModelError(`${path} lists ${name} in ${file}, which has no such tensor`);
    }
  }
  return tensors;
}

/** Files by tensor. What else an index says, such as \`metadata.total_size\`, is no measure: programs write what they like. */
function parseIndex(path: string, text: string): Map<string, string> {
  const parsed = parsedJson(path, text) as { weight_map?: unknown } | null;
  const entries = Object.entries(parsed?.weight_map ?? {});
  const strange = entries.find(([, file]) => !isShardName(file));
  if (strange !== undefined) {
    throw new ModelError(
      `${path} lists ${JSON.stringify(strange[1])}, which is no plain name of a safetensors file`,
    );
  }
  if (entries.length === 0) throw new ModelError(`${path} has no \`weight_map\``);
  return new Map(entries as [string, string][]);
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
