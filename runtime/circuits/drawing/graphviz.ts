/**
 * Graphviz, compiled to WebAssembly inside its npm package: loaded on first use, no network needed.
 *
 * @module
 */
import type { Graphviz } from "@hpcc-js/wasm-graphviz";

let loaded: Promise<Graphviz> | undefined;

/** The one Graphviz of this process. */
export function graphviz(): Promise<Graphviz> {
  return loaded ??= import("@hpcc-js/wasm-graphviz").then(({ Graphviz }) => Graphviz.load());
}
