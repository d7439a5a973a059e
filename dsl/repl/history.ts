/** History of entries, kept between sessions in the user's state directory, readable by the user only. @module */
import { dirname } from "node:path";

/** Entries that are kept. */
const longest = 5000;

export interface History {
  /** Oldest first. */
  readonly entries: readonly string[];
  /** Adds an entry, unless it is empty or repeats the last one. */
  add(entry: string): void;
}

/** Opens a history; one that cannot be read or written lasts for this session only. */
export function openHistory(path: string | undefined): History {
  const entries = path === undefined ? [] : read(path);
  return {
    entries,
    add(entry) {
      if (entry.trim() === "" || entry === entries.at(-1)) return;
      entries.push(entry);
      if (path !== undefined) append(path, entry);
    },
  };
}

/** One entry a line, as a JSON string, so that entries of several lines stay whole. */
function read(path: string): string[] {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch {
    return [];
  }
  const entries = text.split("\n").flatMap((line) => {
    try {
      const entry = JSON.parse(line);
      return typeof entry === "string" ? [entry] : [];
    } catch {
      return [];
    }
  });
  if (entries.length <= longest) return entries;
  const kept = entries.slice(-longest);
  try {
    const temporary = `${path}.${Deno.pid}`;
    Deno.writeTextFileSync(temporary, kept.map((entry) => JSON.stringify(entry) + "\n").join(""), {
      mode: 0o600,
    });
    Deno.renameSync(temporary, path);
  } catch {
    // The file only stays longer than it need be.
  }
  return kept;
}

function append(path: string, entry: string): void {
  try {
    Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    Deno.writeTextFileSync(path, JSON.stringify(entry) + "\n", {
      append: true,
      create: true,
      mode: 0o600,
    });
  } catch {
    // A prompt whose history cannot be kept is still a prompt.
  }
}
