/**
 * Circuits: names, sets, reachability, files.
 *
 * @module
 */
export * from "./circuit.ts";
export * from "../universe/universe.ts";
export { CircuitError } from "../universe/errors.ts";
export { type Flow, flowOf } from "../universe/flow.ts";
export {
  edgeBetween,
  namesOf,
  parseEdge,
  readerNumber,
  unknownComponent,
  writerNumber,
} from "../universe/names.ts";
export {
  isPattern,
  matchReaders,
  matchWriters,
  parsePattern,
  type Pattern,
  removalOf,
} from "../universe/patterns.ts";
export { liveNodes, reachable, reachableEdges } from "../universe/reachability.ts";
export { describeUniverse, requireSameUniverse, universeDifferences } from "../universe/same.ts";
export {
  complement,
  derivedProvenance,
  difference,
  expressionOf,
  fullCircuit,
  intersection,
  makeCircuit,
  operandOf,
  union,
  without,
} from "./sets.ts";
export { bestEdges, ofSize, requireScores, threshold, top, topShare } from "./ranking.ts";
export { logHypergeometricTail, type Overlap, overlap } from "./overlap.ts";
export { shortFloat32 } from "../../base/float_text.ts";
export { importCircuit, type MibFolder, openCircuit, openMibFolder, saveCircuit } from "./files.ts";
export * from "./forms/mod.ts";
export { circuitToSvg, type SvgOptions } from "./drawing/svg.ts";
export type { Cell, Table } from "../tables/table.ts";
export * from "../tables/forms/mod.ts";
export { displayWidth } from "../../base/display_width.ts";
export * from "./queries/query.ts";
export {
  edgeFields,
  type Field,
  fieldsOf,
  nodeFields,
  type OperatorFor,
  type ValueOf,
} from "./queries/fields.ts";
export { nodeByName, type QueryProblem, queryProblems, requireQuery } from "./queries/check.ts";
export { type QueryOptions, runQuery } from "./queries/run.ts";
export { queryEdges, restrict } from "./queries/edges.ts";
export { selectEdges } from "./queries/select.ts";
export { countPaths, type Path, pathText } from "./queries/paths.ts";
export { bestPaths } from "./queries/best_paths.ts";
export * from "./queries/build.ts";
