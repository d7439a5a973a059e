/** Circuits: names, sets, reachability, files. @module */
export * from "./circuit.ts";
export * from "../universe/universe.ts";
export { CircuitError } from "../universe/errors.ts";
export { edgeBetween, parseEdge } from "../universe/names.ts";
export { reachable, reachableEdges } from "../universe/reachability.ts";
export { describeUniverse, requireSameUniverse } from "../universe/same.ts";
export { type Ablation, isMean } from "../universe/ablations.ts";
export {
  ablationOf,
  ablationProblem,
  derivedProvenance,
  expressionOf,
  type MeanOptions,
  meansOf,
  meansText,
  under,
  underAblation,
} from "./provenance.ts";
export {
  complement,
  difference,
  fullCircuit,
  intersection,
  makeCircuit,
  union,
  without,
  withoutScores,
} from "./sets.ts";
export {
  ofSize,
  requireScores,
  threshold,
  type Tie,
  tieOf,
  tieText,
  top,
  topShare,
} from "./ranking.ts";
export { type Overlap, overlap } from "./overlap.ts";
export { importCircuit, type MibFolder, openCircuit, openMibFolder, saveCircuit } from "./files.ts";
export * from "./forms/mod.ts";
export { circuitToSvg, type SvgOptions } from "./drawing/svg.ts";
export type { Cell, Table } from "../tables/table.ts";
export * from "../tables/forms/mod.ts";
export { displayWidth } from "../../base/display_width.ts";
export * from "./queries/query.ts";
export { runQuery } from "./queries/run.ts";
export { restrict } from "./queries/edges.ts";
export * from "./queries/build.ts";
export { escaped } from "./drawing/markup.ts";
export { circuitProperties, isProperty } from "./properties.ts";
export { ranking } from "./ranking.ts";
