/** Scripts on the CPU, and everything that came of them. @module */
import { assert } from "@std/assert";
import { type RunOptions, runScript } from "../../../dsl/interpret/script.ts";
import type { Circuit, Table } from "../../../runtime/circuits/mod.ts";

export interface Outcome extends Awaited<ReturnType<typeof runScript>> {
  /** The tables that were shown, in order. */
  readonly tables: Table[];
  /** The lines that were shown. */
  readonly texts: string[];
  readonly notes: string[];
  /** The circuit of a name. */
  circuit(name: string): Circuit;
}

export async function outcomeOf(text: string, options: RunOptions = {}): Promise<Outcome> {
  const notes: string[] = [];
  const ran = await runScript(text, {
    device: "cpu",
    onNote: (note) => void notes.push(note),
    ...options,
  });
  return {
    ...ran,
    notes,
    tables: ran.shown.filter((each) => typeof each !== "string"),
    texts: ran.shown.filter((each) => typeof each === "string"),
    circuit: (name) => {
      const value = ran.names.get(name);
      assert(value?.kind === "circuit", `\`${name}\` is no circuit`);
      return value.circuit;
    },
  };
}

/** A function that makes a value when it is first called: several tests look at one outcome. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
