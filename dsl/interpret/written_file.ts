/** Files that `save` and `plot` write: their names at a point of a sweep, and what happens where one cannot be written. @module */
import type { FileName, Piece } from "../check/program.ts";
import { shownShare } from "../../base/number_text.ts";
import { fileName } from "./run/file_name.ts";
import type { Context } from "./context.ts";
import { UnknownValue } from "./effects.ts";
import { fail, located, type Place, ScriptError } from "./error.ts";

/** The file's name with values in place of names. */
export function fileAt({ text, span, parts }: FileName, context: Context): Piece {
  const { env, sweep, source } = context;
  const texts = parts.map((part) => {
    if (typeof part === "string") return part;
    const choice = sweep?.choices.find(({ symbol }) => symbol === part);
    if (choice !== undefined) return fileName(choice.written);
    const value = env.get(part);
    if (value === undefined || value.kind === "unknown") throw new UnknownValue();
    if (value.kind === "number") {
      return value.percent ? shownShare(value.number) : String(value.number);
    }
    if (value.kind === "text") return fileName(value.text);
    return fail(
      source.place({ span }),
      `\`${part.name}\` in ${JSON.stringify(text)} is no number or text`,
    );
  });
  return { text: texts.join(""), span };
}

/** Writes something. A failure is reported to `unwritten` of the effects, or ends the script where they have none. */
export async function trying(
  place: Place,
  context: Context,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    const found = located(place, error);
    if (!(found instanceof ScriptError) || context.effects.unwritten === undefined) throw found;
    context.effects.unwritten(found.diagnostic, context);
  }
}
