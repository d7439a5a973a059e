/** Graphviz, compiled to WebAssembly inside its npm package: loaded on first use, no network needed. @module */
import { load } from "../../../base/load.ts";
import type { Graphviz } from "../../../base/packages/graphviz.ts";

let loaded: Promise<Graphviz> | undefined;

/** The one Graphviz of this process. */
export function graphviz(): Promise<Graphviz> {
  return loaded ??= load<typeof import("../../../base/packages/graphviz.ts")>(
    import.meta.resolve("../../../base/packages/graphviz.ts"),
  ).then(({ Graphviz }) => Graphviz.load());
}
