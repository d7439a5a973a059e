/**
 * Tasks: definitions to examples, files to examples, and what belongs to both.
 *
 * @module
 */
export * from "./task.ts";
export * from "./definition.ts";
export * from "./condition.ts";
export * from "./error.ts";
export * from "./values.ts";
export { parseTemplate, type TemplatePart, variablesOfTemplate } from "./template.ts";
export { checkCorruption, checkTask } from "./check.ts";
export { combinationCount } from "./draw.ts";
export type { TextPair } from "./pair.ts";
export { generatePairs, makeTask, type PairsBySplit, taskFromPairs } from "./make.ts";
export { type PairTokeniser, pairTokeniser, type TokeniseOptions } from "./tokenise.ts";
export {
  type DataDefinition,
  FILE_CORRUPTION,
  type LoadOptions,
  taskFromFiles,
} from "./files/load.ts";
export type { ColumnNames } from "./files/columns.ts";
export { type FileFormat, formatOf } from "./files/read.ts";
export { type Bucket, bucketByLength, MAX_PADDING } from "./buckets.ts";
export { showExample, showSamples } from "./samples.ts";
export { alignDifferent, alignEqual, type TokenRow, visibleToken } from "./align.ts";
export {
  type GeneratedDefinition,
  type GeneratedPair,
  generatePairsBy,
  type Generator,
  type GeneratorOption,
  type GeneratorOptions,
  GENERATORS,
  taskFromGenerator,
} from "./generators/mod.ts";
