/** The operator table. @module */
import type { Operator } from "../graph.ts";
import { arithmetic } from "./arithmetic.ts";
import { broadcasts } from "./broadcast.ts";
import { distributions } from "./distribution.ts";
import { functions } from "./functions.ts";
import { indexings } from "./indexing.ts";
import { layouts } from "./layout.ts";
import { matrices } from "./matrix.ts";
import { reductions } from "./reduction.ts";
import { slicings } from "./slicing.ts";

export * from "./arithmetic.ts";
export { expand, reduceSum } from "./broadcast.ts";
export * from "./distribution.ts";
export * from "./functions.ts";
export * from "./indexing.ts";
export * from "./layout.ts";
export * from "./matrix.ts";
export * from "./reduction.ts";
export * from "./slicing.ts";

/** Every operator that a graph may hold. */
export const operators: readonly Operator[] = [
  ...arithmetic,
  ...functions,
  ...broadcasts,
  ...reductions,
  ...layouts,
  ...slicings,
  ...matrices,
  ...distributions,
  ...indexings,
];
