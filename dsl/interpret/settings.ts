/** `--set name=value`: a script's `let` statements given other values, as if they had been written so. @module */
import { nearest } from "../../base/nearest.ts";
import { UserError } from "../../base/user_error.ts";
import { parse } from "../syntax/parse.ts";

/**
 * The script with the settings in place.
 *
 * @param settings each `name=value`, the value as the script would write it; a plain word may be given for a text
 * @throws {UserError} when a setting has another form, or the script has no such `let`
 */
export function withSettings(text: string, settings: readonly string[]): string {
  let resolved = text;
  for (const setting of settings) {
    const match = /^\s*([A-Za-z_]\w*)\s*=([^]*)$/.exec(setting);
    if (match === null) {
      throw new UserError(`--set takes name=value: this is ${JSON.stringify(setting)}`);
    }
    const [, name, given] = match;
    const lets = parse(resolved).tree.statements.filter((each) => each.kind === "LetStatement");
    const found = lets.find((each) => each.name.text === name);
    if (found === undefined) {
      const close = nearest(name, lets.map((each) => each.name.text));
      throw new UserError(
        `--set ${name}: the script has no \`let ${name}\`` +
          (close === undefined ? "" : `; the nearest is \`${close}\``),
      );
    }
    const { start, end } = found.value.span;
    const value = found.value.kind === "TextLiteral" && !/^\s*"/.test(given)
      ? JSON.stringify(given.trim())
      : given.trim();
    if (parse(`let ${name} = ${value}`).diagnostics.length > 0) {
      throw new UserError(`--set ${name}: ${JSON.stringify(given.trim())} is no value`);
    }
    resolved = resolved.slice(0, start) + value + resolved.slice(end);
  }
  return resolved;
}
