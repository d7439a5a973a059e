/** Graphviz, compiled to WebAssembly inside its npm package: loaded on first use, no network needed. @module */
import type { Graphviz } from "../../../base/packages/graphviz.ts";

let loaded: Promise<Graphviz> | undefined;

/** The one Graphviz of this process. */
export function graphviz(): Promise<Graphviz> {
  return loaded ??= import("../../../base/packages/graphviz.ts").then(({ Graphviz }) =>
    Graphviz.load()
  );
}
