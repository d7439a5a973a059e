/** Bytes of a terminal as keys: printable text, named keys, pasted blocks. @module */

/** Names of keys. */
export type KeyName =
  | (typeof controls)[keyof typeof controls]
  | (typeof sequences)[keyof typeof sequences];

type KeyTable = Readonly<Record<string, KeyName | undefined>>;

export type Key =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "paste"; readonly text: string }
  | { readonly kind: "key"; readonly name: KeyName };

/** Control characters, as Emacs and most shells read them. */
const controls = {
  "\x01": "home",
  "\x02": "left",
  "\x03": "interrupt",
  "\x04": "end-of-input",
  "\x05": "end",
  "\x06": "right",
  "\x07": "escape",
  "\x08": "backspace",
  "\t": "tab",
  "\n": "enter",
  "\x0b": "kill-to-end",
  "\x0c": "clear",
  "\r": "enter",
  "\x0e": "down",
  "\x10": "up",
  "\x12": "search",
  "\x15": "kill-to-start",
  "\x17": "kill-word-left",
  "\x19": "yank",
  "\x7f": "backspace",
} as const;

/** Keys by the bytes after ESC. */
const sequences = {
  "[A": "up",
  "[B": "down",
  "[C": "right",
  "[D": "left",
  "[H": "home",
  "[F": "end",
  "OA": "up",
  "OB": "down",
  "OC": "right",
  "OD": "left",
  "OH": "home",
  "OF": "end",
  "[1~": "home",
  "[7~": "home",
  "[4~": "end",
  "[8~": "end",
  "[3~": "delete",
  "[1;5C": "word-right",
  "[1;3C": "word-right",
  "[1;5D": "word-left",
  "[1;3D": "word-left",
  "b": "word-left",
  "f": "word-right",
  "d": "kill-word-right",
  "\x7f": "kill-word-left",
  "\r": "newline",
  "\n": "newline",
} as const;

const pasteStart = "\x1b[200~";
const pasteEnd = "\x1b[201~";

/** Turns chunks of bytes into keys. It remembers a character, a sequence or a paste that a chunk cut in two. */
export class KeyReader {
  readonly #decoder = new TextDecoder();
  #rest = "";

  /** The keys that the bytes complete. */
  read(bytes: Uint8Array): Key[] {
    let text = this.#rest + this.#decoder.decode(bytes, { stream: true });
    this.#rest = "";
    const keys: Key[] = [];
    while (text !== "") {
      const step = next(text);
      if (step === null) {
        this.#rest = text;
        break;
      }
      if (step.key !== null) keys.push(step.key);
      text = text.slice(step.length);
    }
    return keys;
  }
}

/** The first key of a text; null when the text breaks off inside it. `key: null` is a sequence without a meaning. */
function next(text: string): { key: Key | null; length: number } | null {
  if (text.startsWith(pasteStart)) {
    const end = text.indexOf(pasteEnd);
    if (end < 0) return null;
    const pasted = text.slice(pasteStart.length, end).replace(/\r\n?/g, "\n");
    return { key: { kind: "paste", text: withoutControls(pasted) }, length: end + pasteEnd.length };
  }
  if (text[0] === "\x1b") return escape(text);
  const name = (controls as KeyTable)[text[0]];
  if (name !== undefined) return { key: { kind: "key", name }, length: 1 };
  // deno-lint-ignore no-control-regex
  const printable = /^[^\x00-\x1f\x7f]+/.exec(text)?.[0];
  if (printable === undefined) return { key: null, length: 1 };
  return { key: { kind: "text", text: printable }, length: printable.length };
}

function escape(text: string): { key: Key | null; length: number } | null {
  // A terminal sends a sequence at once, so an ESC that ends a chunk is the key itself.
  if (text.length === 1) return { key: { kind: "key", name: "escape" }, length: 1 };
  // deno-lint-ignore no-control-regex
  const match = /^\x1b(\[[0-9;?]*[ -/]*[@-~]|O[A-Za-z]|[^[O])/.exec(text);
  if (match === null) {
    // deno-lint-ignore no-control-regex
    return /^\x1b(\[[0-9;?]*|O)$/.test(text) ? null : { key: null, length: 2 };
  }
  const name = (sequences as KeyTable)[match[1]];
  return { key: name === undefined ? null : { kind: "key", name }, length: match[0].length };
}

/** Pasted text keeps its lines; tabs become spaces, other control characters go. */
function withoutControls(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll("\t", "  ").replace(/[\x00-\x09\x0b-\x1f\x7f]/g, "");
}
