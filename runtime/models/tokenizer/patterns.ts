/** Regular expressions of a tokenizer's description, and which of them are known to end. @module */

type Json = Record<string, unknown>;

/** Regular expressions anywhere in a part of `tokenizer.json`. */
export function patternsOf(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(patternsOf);
  if (part === null || typeof part !== "object") return [];
  const { Regex: own } = part as Json;
  return typeof own === "string" ? [own] : Object.values(part).flatMap(patternsOf);
}

/** One character: a class, an escaped one, or itself. No references to earlier groups. */
const CHARACTER = String
  .raw`(?:\\[pP]\{\^?\w+\}|\\[^\dcgkpuxKPRX]|\[\^?(?:\\.|&(?!&)|[^[\]\\&])+\]|[^\\()[\]{}|*+?])`;
const TIMES = String.raw`(?<times>[*+]|\{\d+,\}|\{\d(?:,\d)?\}|\?|)\??`;
const CHARACTERS = new RegExp(CHARACTER + TIMES, "uy");
/** A choice of words (`(?i:'s|'t)`), perhaps optional, or a look at the character before or after. */
const GROUP = new RegExp(
  String
    .raw`(?:\((?:\?i?:)?${CHARACTER}+(?:\|${CHARACTER}+)*\)(?<times>\??)|\(\?<?[=!]${CHARACTER}\))`,
  "uy",
);

/**
 * True if the time that a match takes surely grows no faster than the text: alternatives in which one character repeats
 * without end, or two where nothing has to follow the second. Others may go back and forth without end, or more often than
 * the library's engine allows, which ends the process.
 */
export function endsSurely(pattern: string): boolean {
  let repeats = 0;
  for (let i = 0; i < pattern.length;) {
    if (pattern[i] === "|") {
      repeats = 0;
      i++;
      continue;
    }
    const unit = [CHARACTERS, GROUP].find((each) => (each.lastIndex = i, each.test(pattern)));
    if (unit === undefined) return false;
    const end = unit.lastIndex;
    unit.lastIndex = i;
    const times = unit.exec(pattern)!.groups!.times ?? "";
    const endless = /[*+]|,\}$/.test(times);
    // Behind two endless units, a part that must match makes the engine try every way to share the text between them.
    if (repeats === 2 && (endless || times !== "?")) return false;
    if (endless) repeats++;
    i = end;
  }
  return true;
}
