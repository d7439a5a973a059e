/** Saving a compiled program for good: a model folder with its own circuit in it. @module */
import { makeCircuit, saveCircuit } from "../circuits/mod.ts";
import { parseEdge } from "../universe/names.ts";
import { universeOf } from "../universe/universe.ts";
import { openModel } from "../models/mod.ts";
import { PROGRAM_FILE, writeProgram } from "./folder.ts";
import type { CompiledProgram } from "./plan.ts";
import { ProgramError } from "./program.ts";
import { knownEdges, programShape } from "./truth.ts";

/** Names of the files of a saved program's known circuit, by ablation. Embeddings and q, k and v are split. */
export const TRUTH_FILES = {
  interchange: "truth.interchange.circuit.json",
  zero: "truth.zero.circuit.json",
} as const;

/**
 * Saves a compiled program as a model folder: `config.json`, `model.safetensors`, `tokenizer.json`, `program.json` and its
 * known circuit under either ablation. The folder appears whole or not at all. A folder that holds a compiled program
 * is replaced; any other folder with files in it is left alone.
 *
 * @throws {ProgramError} if there is something else at the path
 */
export async function saveProgram(plan: CompiledProgram, folder: string): Promise<void> {
  const { name } = plan.program;
  const path = folder.replace(/[/\\]+$/, "");
  const there = await whatIsAt(path);
  if (there === "other") {
    throw new ProgramError(
      name,
      `cannot be saved to ${path}: there is something else, and only a saved program is replaced`,
    );
  }
  const temporary = `${path}.${Deno.pid}.partial`;
  const earlier = `${path}.${Deno.pid}.earlier`;
  try {
    await writeProgram(plan, temporary);
    await writeTruths(plan, temporary);
    if (there === "program") await Deno.rename(path, earlier);
    if (there === "empty") await Deno.remove(path);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary, { recursive: true }).catch(() => {});
    throw error;
  }
  if (there === "program") await Deno.remove(earlier, { recursive: true });
}

async function writeTruths(plan: CompiledProgram, folder: string): Promise<void> {
  const universe = universeOf(programShape(plan), { embeddings: "split", qkv: "split" });
  const hash = await (await openModel(folder)).hash();
  for (const ablation of ["interchange", "zero"] as const) {
    const edges = knownEdges(plan, ablation).map((edge) => parseEdge(universe, edge));
    const circuit = makeCircuit(universe, edges, null, {
      expression: "ground_truth",
      model: { name: plan.program.name, hash },
      options: { ablation },
    });
    await saveCircuit(`${folder}/${TRUTH_FILES[ablation]}`, circuit);
  }
}

async function whatIsAt(path: string): Promise<"nothing" | "empty" | "program" | "other"> {
  let entries: string[];
  try {
    entries = (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "nothing";
    if (error instanceof Deno.errors.NotADirectory) return "other";
    throw error;
  }
  return entries.length === 0 ? "empty" : entries.includes(PROGRAM_FILE) ? "program" : "other";
}
