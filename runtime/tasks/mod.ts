/** Tasks: definitions to examples, files to examples, and what belongs to both. @module */
export * from "./task.ts";
export * from "./definition.ts";
export * from "./condition.ts";
export * from "./error.ts";
export * from "./values.ts";
export { checkCorruption, checkTask } from "./check.ts";
export { combinationCount } from "./draw.ts";
export { generatePairs, makeTask } from "./make.ts";
export type { TokeniseOptions } from "./tokenise.ts";
export { type DataDefinition, type LoadOptions, taskFromFiles } from "./files/load.ts";
export { bucketByLength } from "./buckets.ts";
export { showSamples } from "./samples.ts";
export { alignDifferent, alignEqual } from "./align.ts";
export { checkKnown } from "./tokenise.ts";
export { type GeneratedDefinition, generatePairsBy, taskFromGenerator } from "./generators/mod.ts";
export { GENERATORS } from "./generators/table.ts";
