/** Opening a model folder: its description checked against its files, no weight read. @module */
import { basename } from "node:path";
import { fileProblem } from "../../base/file_problem.ts";
import type { Architecture, Model, TensorLocation, WeightMap } from "./architecture.ts";
import { readCheckpoint, sameValues } from "./checkpoint.ts";
import { readConfig } from "./config.ts";
import { ModelError, notAModel } from "./errors.ts";
import { describeModel, familyOf } from "./families/mod.ts";
import type { Family } from "./families/family.ts";
import { hashModel } from "./hash.ts";
import { locationOf, type StoredTensor } from "./safetensors.ts";
import { readTokenizer } from "./tokenizer.ts";
import { renameTensors, viewsOf } from "./views.ts";

/**
 * Opens a Hugging Face folder: `config.json`, safetensors and, if there is one, `tokenizer.json`.
 *
 * @param folder path of the folder.
 * @param name what to call the model; the folder's base name unless given.
 * @throws {ModelError} when something is missing, damaged or not implemented, named.
 */
export async function openModelFolder(folder: string, name?: string): Promise<Model> {
  const resolved = await resolveFolder(folder);
  const config = await readConfig(`${folder}/config.json`);
  const { architecture, weights: declared } = describeModel(config);
  const stored = withoutWrappers(await readCheckpoint(folder));
  const weights = withStoredHead(withStoredNames(familyOf(config), declared, stored), stored);
  const tensors = checkTensors(folder, familyOf(config), weights, stored);
  await checkTiedHead(folder, weights, stored);
  let hash: Promise<string> | undefined;
  return {
    name: name ?? basename(resolved),
    folder: resolved,
    architecture,
    weights,
    tensors,
    hash: () => hash ??= hashModel(resolved, tensors),
    tokenizer: await readTokenizer(folder),
  };
}

/** Reads only a folder's `config.json`: enough for the edge universe and for memory to be planned. */
export async function readArchitectureFolder(folder: string): Promise<Architecture> {
  await resolveFolder(folder);
  return describeModel(await readConfig(`${folder}/config.json`)).architecture;
}

async function resolveFolder(folder: string): Promise<string> {
  try {
    if ((await Deno.stat(folder)).isDirectory) return await Deno.realPath(folder);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw notAModel.folder(folder);
    throw new ModelError(`cannot open ${folder}: ${fileProblem(error)}`);
  }
  throw new ModelError(`a model is a folder, and ${folder} is a file`);
}

/** Names without what PyTorch puts before all of them when a compiled or distributed model is saved. */
function withoutWrappers(stored: ReadonlyMap<string, StoredTensor>): Map<string, StoredTensor> {
  let tensors = [...stored.values()];
  for (let wrapper: string | undefined = ""; wrapper !== undefined;) {
    wrapper = ["_orig_mod.", "module."].find((prefix) =>
      tensors.length > 0 && tensors.every(({ name }) => name.startsWith(prefix))
    );
    const { length = 0 } = wrapper ?? "";
    tensors = tensors.map((tensor) => ({ ...tensor, name: tensor.name.slice(length) }));
  }
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

/** Takes a tied embedding from the head's tensor where the checkpoint stores it under that name alone. */
function withStoredHead(weights: WeightMap, stored: ReadonlyMap<string, StoredTensor>): WeightMap {
  const { tokenEmbedding: { tensor }, unembedding } = weights;
  const head = heads.find((name) => stored.has(name));
  if (unembedding.tensor !== tensor || stored.has(tensor) || head === undefined) return weights;
  return renameTensors(weights, (name) => name === tensor ? head : name);
}

/** Drops the base model's prefix from all names when the checkpoint stores the base model alone. */
function withStoredNames(
  family: Family,
  weights: WeightMap,
  stored: ReadonlyMap<string, StoredTensor>,
): WeightMap {
  if ([...stored.keys()].some((name) => name.startsWith(family.prefix))) return weights;
  return renameTensors(
    weights,
    (name) => name.startsWith(family.prefix) ? name.slice(family.prefix.length) : name,
  );
}

function checkTensors(
  folder: string,
  family: Family,
  weights: WeightMap,
  stored: ReadonlyMap<string, StoredTensor>,
): Map<string, TensorLocation> {
  const views = viewsOf(weights);
  const wanted = new Map(views.map((view) => [view.tensor, view.dims]));
  const missing = [...wanted.keys()].filter((name) => !stored.has(name));
  if (missing.length > 0) {
    throw new ModelError(`the weights in ${folder} lack ${listed(missing)}`);
  }
  const surplus = [...stored.keys()].filter((name) =>
    !wanted.has(name) && !heads.includes(name) &&
    !family.buffers.some((pattern) => pattern.test(name))
  );
  if (surplus.length > 0) {
    throw new ModelError(
      `the weights in ${stored.get(surplus[0])!.file} have ${
        listed(surplus)
      }, unknown in a model of type ${family.name}`,
    );
  }
  const tensors = new Map<string, TensorLocation>();
  for (const [name, dims] of wanted) {
    const tensor = stored.get(name)!;
    if (tensor.dims.join() !== dims.join()) {
      const [expected, found] = [dims, tensor.dims].map((d) => `[${d.join(", ")}]`);
      throw new ModelError(
        `${name} in ${tensor.file} has shape ${found}, and config.json asks for ${expected}`,
      );
    }
    tensors.set(name, locationOf(tensor));
  }
  return tensors;
}

/** Names that families give to a head of its own. */
const heads = ["lm_head.weight", "embed_out.weight"];

/** Refuses a stored head that differs from the embedding to which the configuration ties it. */
async function checkTiedHead(
  folder: string,
  weights: WeightMap,
  stored: ReadonlyMap<string, StoredTensor>,
): Promise<void> {
  const used = new Set(viewsOf(weights).map((view) => view.tensor));
  const embedding = weights.tokenEmbedding.tensor;
  for (const name of heads.filter((one) => stored.has(one) && !used.has(one))) {
    if (await sameValues(stored.get(name)!, stored.get(embedding)!)) continue;
    throw new ModelError(
      `the weights in ${folder} have ${name}, which differs from ${embedding}, and \`tie_word_embeddings\` is true`,
      `set \`tie_word_embeddings\` to false in config.json to use ${name}`,
    );
  }
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(", ");
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown;
}
