/**
 * Circuits: names, sets, reachability, files.
 *
 * @module
 */
export * from "./circuit.ts";
export * from "./universe.ts";
export { CircuitError } from "./errors.ts";
export { type Flow, flowOf } from "./flow.ts";
export {
  edgeBetween,
  namesOf,
  parseEdge,
  readerNumber,
  unknownComponent,
  writerNumber,
} from "./names.ts";
export {
  isPattern,
  matchReaders,
  matchWriters,
  parsePattern,
  type Pattern,
  removalOf,
} from "./patterns.ts";
export {
  liveNodes,
  type Reachability,
  reachability,
  reachable,
  reachableEdges,
} from "./reachability.ts";
export {
  describeUniverse,
  requireSameUniverse,
  sameUniverse,
  universeDifferences,
} from "./same.ts";
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
export { logHypergeometricTail, type Overlap, overlap, overlapTable } from "./overlap.ts";
export { shortFloat32 } from "./numbers.ts";
export { CIRCUIT_JSON_VERSION, circuitFromJson, circuitToJson } from "./json.ts";
export { universeFromRecord, type UniverseRecord, universeRecord } from "./records.ts";
export {
  importCircuit,
  type MibFolder,
  openCircuit,
  openMibFolder,
  saveCircuit,
  saveMibFolder,
} from "./files.ts";
export { type CircuitForm, circuitForms, circuitFrom, formOf, type WriteOptions } from "./forms.ts";
export { circuitFromDot, circuitToDot } from "./exchange/dot.ts";
export { circuitToSvg, type SvgOptions } from "./draw/svg.ts";
export type { Cell, Table } from "./tables/table.ts";
export {
  renderCsv,
  renderJson,
  renderMarkdown,
  renderText,
  type TableForm,
  tableForms,
  type TextOptions,
} from "./tables/render.ts";
export { displayWidth } from "./tables/width.ts";
export * from "./queries/query.ts";
export {
  type EdgeField,
  edgeFields,
  type Field,
  fieldsOf,
  type NodeField,
  nodeFields,
} from "./queries/fields.ts";
export { nodeByName, type QueryProblem, queryProblems, requireQuery } from "./queries/check.ts";
export { type QueryOptions, runQuery } from "./queries/run.ts";
export { queryEdges, restrict } from "./queries/edges.ts";
export { selectEdges } from "./queries/select.ts";
export { countPaths, type Path, pathText } from "./queries/paths.ts";
export { bestPaths } from "./queries/best_paths.ts";
export * from "./queries/build.ts";
export { CIRCUIT_TEXT_VERSION, circuitFromText, circuitToText, universeText } from "./text.ts";
export type { Exported, Imported } from "./exchange/exchanged.ts";
export { circuitFromEdgeList, circuitToEdgeList } from "./exchange/edge_list.ts";
export { circuitFromEapIg, circuitToEapIg } from "./exchange/eap_ig.ts";
export {
  circuitToMibCircuits,
  circuitToMibImportances,
  mibImportances,
  type MibOptions,
  mibSizes,
} from "./exchange/mib.ts";
