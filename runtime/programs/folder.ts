/** A compiled program as an ordinary model folder. @module */
import {
  emptyTokenizer,
  programConfig,
  readAt,
  readCheckpoint,
  specialToken,
  writeSafetensors,
} from "../models/mod.ts";
import { textIfThere, writeWhole } from "../../base/whole_file.ts";
import type { CompiledProgram } from "./plan.ts";
import { compileProgram } from "./planner.ts";
import { ProgramError, type RaspProgram } from "./program.ts";
import { programTensors, sizesOf } from "./weights.ts";

/** Name of the program's file in its model folder. */
export const PROGRAM_FILE = "program.json";
const VERSION = 1;

/**
 * Writes `config.json`, `model.safetensors` (float32), `tokenizer.json` and `program.json` into a folder, which is made if
 * need be; each file appears whole or not at all. The same program gives the same bytes.
 */
export async function writeProgram(plan: CompiledProgram, folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const tensors = [...programTensors(plan)].map(([name, { dims, data }]) => ({
    name,
    dims,
    data,
    type: "float32" as const,
  }));
  await writeSafetensors(`${folder}/model.safetensors`, tensors);
  await writeJson(`${folder}/tokenizer.json`, tokenizerOf(plan.tokens));
  await writeJson(`${folder}/${PROGRAM_FILE}`, { version: VERSION, program: plan.program });
  await writeJson(`${folder}/config.json`, programConfig(sizesOf(plan)));
}

/**
 * The program that a model folder was compiled from, or null when it is no compiled program. `compileProgram` gives its circuit.
 *
 * @throws {ProgramError} when the folder's record of it cannot be read
 */
export async function programOf(folder: string): Promise<RaspProgram | null> {
  const text = await textIfThere(`${folder}/${PROGRAM_FILE}`);
  if (text === null) return null;
  let record: { version?: unknown; program?: RaspProgram };
  try {
    record = JSON.parse(text);
  } catch {
    throw new ProgramError(folder, `${PROGRAM_FILE} is not JSON`);
  }
  if (record.version !== VERSION || record.program === undefined) {
    throw new ProgramError(
      folder,
      `${PROGRAM_FILE} has version ${record.version}, and version ${VERSION} is read`,
    );
  }
  return record.program;
}

/**
 * Opens the program that a model folder was compiled from. Null for a folder that holds no compiled program, or whose
 * weights are not the program's any more.
 *
 * @throws {ProgramError} if the folder's record of the program cannot be read
 */
export async function openCompiledProgram(folder: string): Promise<CompiledProgram | null> {
  const program = await programOf(folder);
  if (program === null) return null;
  const plan = compileProgram(program);
  const stored = await readCheckpoint(folder);
  for (const [name, { data }] of programTensors(plan)) {
    const tensor = stored.get(name);
    if (tensor === undefined || tensor.length !== data.byteLength) return null;
    using file = await Deno.open(tensor.file);
    const { buffer } = await readAt(file, tensor.offset, tensor.length);
    const values = new Float32Array(buffer);
    if (!data.every((value, i) => value === values[i])) return null;
  }
  return plan;
}

/** Tokens are words between spaces, with the beginning token put before them. */
function tokenizerOf(tokens: readonly string[]): Record<string, unknown> {
  const id = tokens.length - 1;
  const content = tokens[id];
  return {
    ...emptyTokenizer,
    added_tokens: [specialToken(id, content)],
    pre_tokenizer: { type: "WhitespaceSplit" },
    post_processor: {
      type: "TemplateProcessing",
      single: [{ SpecialToken: { id: content, type_id: 0 } }, {
        Sequence: { id: "A", type_id: 0 },
      }],
      pair: [
        { SpecialToken: { id: content, type_id: 0 } },
        { Sequence: { id: "A", type_id: 0 } },
        { Sequence: { id: "B", type_id: 1 } },
      ],
      special_tokens: { [content]: { id: content, ids: [id], tokens: [content] } },
    },
    // Whole words only: no token begins with the prefix of a word's continuation.
    model: {
      type: "WordPiece",
      unk_token: content,
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(tokens.map((token, i) => [token, i])),
    },
  };
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeWhole(path, JSON.stringify(value, null, 2) + "\n");
}
