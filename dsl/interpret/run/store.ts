/**
 * The store of results, `runs/store`, shared by all scripts and prompts: circuits, states of searches and measurements, each
 * under the key of everything that decided it.
 *
 * An entry is one file, which begins with a line that names its kind, its key and the SHA-256 of the rest. An entry that does
 * not match its line is set aside, said, and computed anew.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { fileProblem } from "../../../base/file_problem.ts";
import { hashOfBytes } from "../../../base/hash.ts";
import { isLease, type Lease, takeLease } from "../../../base/lease.ts";
import { plainFromText, plainToText } from "../../../base/plain_text.ts";
import { writeWhole } from "../../../base/whole_file.ts";
import {
  type Circuit,
  circuitFrom,
  circuitToJson,
  type Universe,
} from "../../../runtime/circuits/mod.ts";
import type { DiscoveryStep } from "../../../runtime/discovery/mod.ts";
import type { Measured } from "../effects.ts";

/** A circuit that was found, with the steps of its search, and a remark on it that holds whoever takes it up. */
export interface FoundCircuit {
  readonly circuit: Circuit;
  readonly remark?: string;
  readonly steps: readonly DiscoveryStep[];
}

/** A search that was not finished. */
export interface SearchState {
  readonly state: unknown;
  readonly steps: readonly DiscoveryStep[];
}

type Kind = "circuits" | "states" | "measurements";

export interface Store {
  readonly path: string;
  circuit(key: string, universe: Universe): Promise<FoundCircuit | null>;
  keepCircuit(key: string, found: FoundCircuit): Promise<void>;
  state(key: string): Promise<SearchState | null>;
  keepState(key: string, state: SearchState): Promise<void>;
  /** Forgets the state of a search that is finished. */
  dropState(key: string): Promise<void>;
  measured(key: string): Promise<Measured | null>;
  keepMeasured(key: string, measured: Measured): Promise<void>;
  /**
   * Makes this process the only one that works on a key; waits for another one.
   *
   * @param onWait called where there is another one
   * @returns null if the signal stopped the waiting
   */
  own(key: string, signal: AbortSignal, onWait: () => void): Promise<Lease | null>;
}

export interface StoreOptions {
  /** The folder of all runs, which holds the store. */
  readonly runs: string;
  /** Sets each result of earlier runs aside at its first use. */
  readonly fresh?: boolean;
  /** Leaves everything where it is, damaged entries too. */
  readonly onlyReads?: boolean;
  /** Receives remarks: results that are taken up, and damaged ones. */
  note(text: string): void;
}

/** Milliseconds between two looks at a lease of another process. */
const PATIENCE = 500;

export const storeIn = (runs: string): string => join(runs, "store");

/** Opens the store of a folder of runs. Nothing is made until something is kept. */
export function openStore({ runs, fresh = false, onlyReads = false, note }: StoreOptions): Store {
  const path = storeIn(runs);
  const fileOf = (kind: Kind, key: string) => join(path, kind, key.slice(0, 2), key);
  const asideOf = (kind: Kind, key: string) => join(path, "aside", kind, `${key} ${Date.now()}`);
  /** Entries that this process has written, or has set aside because it begins anew. */
  const own = new Set<string>();
  let told = false;
  let full = false;

  const move = async (kind: Kind, key: string) => {
    const target = asideOf(kind, key);
    try {
      await Deno.mkdir(dirname(target), { recursive: true });
      await Deno.rename(fileOf(kind, key), target);
      return target;
    } catch {
      return null;
    }
  };
  /** The content of an entry, or null. `takes` makes a value of it, and throws where that cannot be. */
  const read = async <T>(
    kind: Kind,
    key: string,
    takes: (content: Uint8Array) => T | Promise<T>,
  ): Promise<T | null> => {
    const known = own.has(kind + key);
    if (fresh && !known) {
      own.add(kind + key);
      if (await move(kind, key) !== null) {
        tell(`results of earlier runs go to ${join(path, "aside")}`);
      }
      return null;
    }
    const bytes = await Deno.readFile(fileOf(kind, key)).catch(() => null);
    if (bytes === null) return null;
    try {
      const value = await takes(await contentOf(bytes, kind, key));
      if (!known) tell(`results of earlier runs are taken up from ${path} (--fresh computes anew)`);
      return value;
    } catch {
      if (onlyReads) return null;
      const target = await move(kind, key);
      note(`note: ${fileOf(kind, key)} is damaged: it is ${target} now, and computed anew`);
      return null;
    }
  };
  const tell = (text: string) => {
    if (!told) note(text);
    told = true;
  };
  /** Says that results are not kept: the next run computes them again, and this one continues. */
  const failed = (error: unknown) => {
    if (!full) note(`note: results cannot be kept in ${path}: ${fileProblem(error)}`);
    full = true;
  };
  const write = async (kind: Kind, key: string, content: Uint8Array<ArrayBuffer>) => {
    const file = fileOf(kind, key);
    try {
      await Deno.mkdir(dirname(file), { recursive: true });
      await writeWhole(file, await entryOf(kind, key, content));
      own.add(kind + key);
    } catch (error) {
      failed(error);
    }
  };

  return {
    path,
    circuit: (key, universe) =>
      read("circuits", key, async (content) => {
        const { circuit, ...rest } = JSON.parse(decoder.decode(content));
        return { ...rest, circuit: (await circuitFrom(circuit, universe)).circuit };
      }),
    keepCircuit: (key, { circuit, ...rest }) =>
      write("circuits", key, bytesOf(JSON.stringify({ circuit: circuitToJson(circuit), ...rest }))),
    state: (key) =>
      read("states", key, (content) => plainFromText(decoder.decode(content)) as SearchState),
    keepState: (key, state) => write("states", key, bytesOf(plainToText(state))),
    dropState: (key) => Deno.remove(fileOf("states", key)).catch(() => {}),
    measured: (key) => read("measurements", key, (content) => JSON.parse(decoder.decode(content))),
    keepMeasured: async (key, measured) => {
      // JSON has no numbers that are not finite.
      const numbers = Object.values(measured).filter((each) => typeof each === "number");
      if (!numbers.every(Number.isFinite)) return;
      await write("measurements", key, bytesOf(JSON.stringify(measured)));
    },
    own: async (key, signal, onWait) => {
      for (let told = false; !signal.aborted; told = true) {
        const taken = await takeLease(join(path, "owners", key)).catch(failed);
        if (taken === undefined) return { release: () => Promise.resolve() };
        if (isLease(taken)) return taken;
        if (!told) onWait();
        await new Promise((go) => setTimeout(go, PATIENCE));
      }
      return null;
    },
  };
}

const decoder = new TextDecoder();
const bytesOf = (text: string) => new TextEncoder().encode(text);

async function entryOf(kind: Kind, key: string, content: Uint8Array<ArrayBuffer>) {
  const line = bytesOf(`circ ${kind} ${key} ${await hashOfBytes(content)}\n`);
  const entry = new Uint8Array(line.length + content.length);
  entry.set(line);
  entry.set(content, line.length);
  return entry;
}

/** @throws {Error} if the entry is not what was written under this key */
async function contentOf(entry: Uint8Array<ArrayBuffer>, kind: Kind, key: string) {
  const content = entry.subarray(entry.indexOf(10) + 1);
  const line = decoder.decode(entry.subarray(0, entry.length - content.length));
  if (line !== `circ ${kind} ${key} ${await hashOfBytes(content)}\n`) {
    throw new Error("The digest is another one");
  }
  return content;
}
