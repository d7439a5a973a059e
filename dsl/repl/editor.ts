/** The line editor of the prompt: reads keys, keeps the screen in step, and hands over whole entries. @module */
import { displayWidth } from "../../base/display_width.ts";
import { printableLine } from "../../base/printable.ts";
import { type Buffer, bufferOf, edit, insert, moveLine } from "./buffer.ts";
import type { History } from "./history.ts";
import { type Key, KeyReader } from "./keys.ts";
import { layout, type Span } from "./layout.ts";

/** A terminal in raw mode, as the editor uses it. */
export interface Screen {
  /** The next bytes typed; null when the input has ended. */
  read(): Promise<Uint8Array | null>;
  write(text: string): void;
  /** Columns. */
  width(): number;
}

/** Completions of the word at the cursor. */
export interface Completion {
  /** Start of the word that is completed. */
  readonly start: number;
  readonly candidates: readonly string[];
}

export interface EditorOptions {
  readonly screen: Screen;
  readonly history: History;
  readonly prompt: string;
  readonly continuation: string;
  /** True if Enter ends the entry; otherwise Enter starts another line. */
  isComplete(text: string): boolean;
  complete(text: string, cursor: number): Completion;
  highlight(text: string): readonly Span[];
}

/** An entry of the user: a text, Ctrl-C, or the end of the input. */
export type Entry =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "interrupt" }
  | { readonly kind: "end" };

/** One search through the history, as Ctrl-R starts it. */
interface Search {
  readonly query: string;
  /** Entry that is shown, or -1. */
  readonly found: number;
  readonly before: Buffer;
}

/** Bracketed paste lets the terminal say what was pasted, so that its line ends do not count as Enter. */
const pasteOn = "\x1b[?2004h";
const pasteOff = "\x1b[?2004l";

/** A line editor. Keys that were typed ahead wait for the next entry. */
export class LineEditor {
  readonly #options: EditorOptions;
  readonly #reader = new KeyReader();
  #waiting: Key[] = [];
  #buffer = bufferOf("");
  /** Row of the cursor within what is drawn. */
  #cursorRow = 0;
  #search: Search | null = null;

  constructor(options: EditorOptions) {
    this.#options = options;
  }

  async readEntry(): Promise<Entry> {
    const { screen, history } = this.#options;
    this.#buffer = bufferOf("", this.#buffer.cut);
    this.#search = null;
    this.#cursorRow = 0;
    // What the user was typing before walking into the past, and where in the past the walk stands.
    let draft = "";
    let place = history.entries.length;
    let tabs = 0;
    screen.write(pasteOn);
    this.redraw();
    try {
      while (true) {
        const key = await this.#nextKey();
        if (key === null) {
          this.#leave();
          return { kind: "end" };
        }
        tabs = key.kind === "key" && key.name === "tab" ? tabs + 1 : 0;
        if (this.#search !== null && this.#searchKey(key)) continue;
        if (key.kind === "key") {
          switch (key.name) {
            case "enter":
              if (!this.#options.isComplete(this.#buffer.text)) {
                this.#buffer = insert(this.#buffer, "\n");
                this.redraw();
                continue;
              }
              this.#leave();
              history.add(this.#buffer.text);
              return { kind: "text", text: this.#buffer.text };
            case "interrupt":
              this.#leave();
              return { kind: "interrupt" };
            case "end-of-input":
              if (this.#buffer.text === "") {
                this.#leave();
                return { kind: "end" };
              }
              this.#apply({ kind: "key", name: "delete" });
              continue;
            case "clear":
              screen.write("\x1b[2J\x1b[H");
              this.#cursorRow = 0;
              this.redraw();
              continue;
            case "tab":
              this.#complete(tabs > 1);
              continue;
            case "search":
              this.#search = { query: "", found: -1, before: this.#buffer };
              this.redraw();
              continue;
            case "up":
            case "down": {
              const by = key.name === "up" ? -1 : 1;
              const moved = moveLine(this.#buffer, by);
              if (moved !== null) this.#buffer = moved;
              else if (place + by >= 0 && place + by <= history.entries.length) {
                if (place === history.entries.length) draft = this.#buffer.text;
                place += by;
                this.#buffer = bufferOf(history.entries[place] ?? draft, this.#buffer.cut);
              }
              this.redraw();
              continue;
            }
          }
        }
        this.#apply(key);
      }
    } finally {
      screen.write(pasteOff);
    }
  }

  /** Draws the entry anew; also called when the window changed its size. */
  redraw(): void {
    const { screen, prompt, continuation, highlight } = this.#options;
    const search = this.#search;
    const { text, cursor } = this.#buffer;
    const laid = layout({
      text,
      cursor,
      prompt: search === null
        ? prompt
        : `search "${search.query}"${search.found < 0 && search.query !== "" ? " (none)" : ""}: `,
      continuation,
      width: screen.width(),
      spans: highlight(text),
    });
    const up = this.#cursorRow > 0 ? `\x1b[${this.#cursorRow}A` : "";
    const back = laid.rows.length - 1 - laid.cursorRow;
    screen.write(
      `${up}\r\x1b[J${laid.rows.join("\r\n")}` + (back > 0 ? `\x1b[${back}A` : "") +
        `\r${laid.cursorColumn > 0 ? `\x1b[${laid.cursorColumn}C` : ""}`,
    );
    this.#cursorRow = laid.cursorRow;
  }

  async #nextKey(): Promise<Key | null> {
    while (this.#waiting.length === 0) {
      const bytes = await this.#options.screen.read();
      if (bytes === null) return null;
      this.#waiting = this.#reader.read(bytes);
    }
    return this.#waiting.shift()!;
  }

  #apply(key: Key): void {
    const edited = edit(this.#buffer, key);
    if (edited === null) return;
    this.#buffer = edited;
    // Text that is already waiting comes in at once: one drawing is enough for a fast typist.
    if (this.#waiting.length === 0 || this.#waiting[0].kind === "key") this.redraw();
  }

  /** Leaves the entry on the screen and the cursor on the line below it. */
  #leave(): void {
    this.#search = null;
    this.#buffer = { ...this.#buffer, cursor: this.#buffer.text.length };
    this.redraw();
    this.#options.screen.write("\r\n");
    this.#cursorRow = 0;
  }

  /** Handles a key while searching; false when the key ends the search and counts as usual. */
  #searchKey(key: Key): boolean {
    const search = this.#search!;
    if (key.kind !== "key") this.#find(search.query + key.text);
    else if (key.name === "search") {
      this.#find(search.query, search.found < 0 ? undefined : search.found);
    } else if (key.name === "backspace") this.#find(search.query.slice(0, -1));
    else {
      this.#search = null;
      const given = key.name === "escape" || key.name === "interrupt";
      if (given) this.#buffer = search.before;
      this.redraw();
      return given;
    }
    this.redraw();
    return true;
  }

  /** Shows the newest entry before `end` that contains the query. */
  #find(query: string, end = Infinity): void {
    const { entries } = this.#options.history;
    let found = entries.findLastIndex((entry, i) =>
      i < end && query !== "" && entry.includes(query)
    );
    const search = this.#search!;
    // A further search that finds nothing older keeps what is shown.
    if (found < 0 && query === search.query) found = search.found;
    if (found >= 0) {
      const text = entries[found];
      this.#buffer = { ...bufferOf(text, this.#buffer.cut), cursor: text.indexOf(query) };
    }
    this.#search = { ...search, query, found };
  }

  #complete(again: boolean): void {
    const { text, cursor } = this.#buffer;
    const before = text.slice(text.lastIndexOf("\n", cursor - 1) + 1, cursor);
    const { start, candidates } = before.trim() === "" && cursor > 0
      ? { start: cursor, candidates: [] }
      : this.#options.complete(text, cursor);
    const typed = text.slice(start, cursor);
    const common = commonPrefix(candidates);
    if (candidates.length === 0 && before.trim() === "") {
      this.#buffer = insert(this.#buffer, "  ");
    } else if (candidates.length === 1 || common.length > typed.length) {
      const space = candidates.length === 1 && /[\w%]$/.test(common) ? " " : "";
      this.#buffer = {
        ...this.#buffer,
        text: text.slice(0, start) + common + space + text.slice(cursor),
        cursor: start + common.length + space.length,
      };
    } else if (again && candidates.length > 1) {
      this.#list(candidates);
    }
    this.redraw();
  }

  /** Writes the candidates in columns below the entry, which is then drawn again. */
  #list(candidates: readonly string[]): void {
    const { screen } = this.#options;
    const shown = candidates.slice(0, 100).map((word) => printableLine(word));
    const size = Math.max(...shown.map(displayWidth)) + 2;
    const perRow = Math.max(1, Math.floor(screen.width() / size));
    const padded = shown.map((word) => word + " ".repeat(size - displayWidth(word)));
    const rows: string[] = [];
    for (let i = 0; i < padded.length; i += perRow) {
      rows.push(padded.slice(i, i + perRow).join("").trimEnd());
    }
    if (candidates.length > shown.length) rows.push(`... ${candidates.length - shown.length} more`);
    const { cursor } = this.#buffer;
    this.#buffer = { ...this.#buffer, cursor: this.#buffer.text.length };
    this.redraw();
    this.#buffer = { ...this.#buffer, cursor };
    screen.write("\r\n" + rows.join("\r\n") + "\r\n");
    this.#cursorRow = 0;
  }
}

function commonPrefix(words: readonly string[]): string {
  let prefix = words[0] ?? "";
  for (const word of words) {
    while (!word.startsWith(prefix)) prefix = prefix.slice(0, -1);
  }
  return prefix;
}
