/** Fixtures, and model folders made for a test. @module */
import { type DenseTensor, openModel } from "../../../runtime/models/mod.ts";
import { readTensor } from "./values.ts";

/** Models that examples run on, which tests use where they lie. */
const shipped = ["sorting-gpt", "stories260k"];

/** Path of a fixture. */
export function fixture(name: string): string {
  const [folder] = name.split("/");
  const parent = shipped.includes(folder) ? "../../../examples/models" : "../../fixtures";
  return new URL(`${parent}/${name}`, import.meta.url).pathname;
}

/** A fixture's JSON. */
export function readJson<T>(name: string): T {
  return JSON.parse(Deno.readTextFileSync(fixture(name)));
}

/** Runs a test with an empty folder, which is removed afterwards. */
export async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Copies a fixture's files, with changes to its config.json (undefined removes a key). */
export async function copyModel(
  name: string,
  folder: string,
  changes: Record<string, unknown> = {},
): Promise<void> {
  for await (const { name: file } of Deno.readDir(fixture(name))) {
    await Deno.copyFile(`${fixture(name)}/${file}`, `${folder}/${file}`);
  }
  if (Object.keys(changes).length > 0) await changeConfig(folder, changes);
}

/** Changes keys of a folder's config.json. */
export async function changeConfig(
  folder: string,
  changes: Record<string, unknown>,
): Promise<void> {
  const path = `${folder}/config.json`;
  const config = JSON.parse(await Deno.readTextFile(path));
  await Deno.writeTextFile(path, JSON.stringify({ ...config, ...changes }));
}

/** All tensors of a fixture's model, in memory. */
export async function tensorsOf(name: string): Promise<Map<string, DenseTensor>> {
  const model = await openModel(fixture(name));
  const tensors = new Map<string, DenseTensor>();
  for (const [key, location] of model.tensors) tensors.set(key, await readTensor(location));
  return tensors;
}

export function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
}
