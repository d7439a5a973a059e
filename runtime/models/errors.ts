/** The one error that reading a model raises on purpose. @module */
import { UserError } from "../../base/user_error.ts";

/** A model that cannot be used as it is: the message says which file, tensor or setting, and why. */
export class ModelError extends UserError {
  /** Name of the class. */
  override readonly name = "ModelError";
}

/** Why a place in the file system is no model: there is no folder, or it holds no `config.json`. */
export const notAModel = {
  folder: (folder: string): ModelError => new ModelError(`no such folder: ${folder}`),
  config: (folder: string): ModelError => new ModelError(`${folder} holds no config.json`, MODEL),
};

const MODEL =
  "a model is a folder with config.json, weights and a tokenizer, as Hugging Face writes it";

/** A text of JSON, parsed, with or without a byte-order mark; `path` is for messages. */
export function parsedJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    if (isPointer(text)) throw pointerError(path);
    throw new ModelError(`${path} is not JSON: ${(error as Error).message}`);
  }
}

/** True if a text is what Git LFS leaves in a file's place. */
export const isPointer = (text: string): boolean =>
  text.startsWith("version https://git-lfs.github.com/spec/");

/** The error about a file that was not fetched. */
export const pointerError = (path: string): ModelError =>
  new ModelError(`${path} is a Git LFS pointer, not the file itself`, "git lfs pull fetches it");
