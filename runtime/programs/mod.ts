/** RASP programs compiled to the weights of a transformer, so that a model's own circuit is known. @module */
export * from "./program.ts";
export { itemText } from "./items.ts";
export { interpretProgram } from "./domain.ts";
export { type CompiledProgram, OUTPUT_LOGIT } from "./plan.ts";
export { compileProgram } from "./planner.ts";
export { computesProgram, knownEdges, type ProgramAblation, type Truth, truthOf } from "./truth.ts";
export { programTensors } from "./weights.ts";
export { openCompiledProgram, programOf, writeProgram } from "./folder.ts";
export { saveProgram, TRUTH_FILES } from "./save.ts";
export { type ProgramTaskDefinition, taskFromProgram } from "./task.ts";
