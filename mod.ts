/**
 * Find and question circuits in transformers.
 *
 * The library in the order of its use: open a model ({@linkcode openModel}) on an engine
 * ({@linkcode openEngine}, {@linkcode openMasked}), say what it should do ({@linkcode makeTask}), find the
 * circuit that does it ({@linkcode discover}), measure it ({@linkcode measureCircuit}), ask about it
 * ({@linkcode edgesOf}), keep it ({@linkcode saveCircuit}). Scripts in the `.circ` language are read by
 * {@linkcode parse}, checked by {@linkcode checkText} and run by {@linkcode runScript}.
 *
 * Errors are of a class of their own for each part (`ModelError`, `TaskError`, `CircuitError`, ...), and
 * their messages show the values involved.
 *
 * @module
 */

// Models
export type * from "./runtime/models/architecture.ts";
export {
  familyNames,
  ModelError,
  openModel,
  openModelFrom,
  readArchitecture,
  readArchitectureFrom,
  shapeOf,
} from "./runtime/models/mod.ts";

// Tasks
export {
  type AnswerTemplate,
  type Change,
  type Condition as TaskCondition,
  type CorruptionDefinition,
  type DataDefinition,
  type Example,
  type GeneratedDefinition,
  makeTask,
  showSamples,
  type Split,
  type Task,
  type TaskDefinition,
  TaskError,
  taskFromFiles,
  taskFromGenerator,
  type VariableGroup,
} from "./runtime/tasks/mod.ts";

// Circuits, universes and queries
export * from "./runtime/circuits/mod.ts";

// Engines and masked models
export {
  chooseDevice,
  type Device,
  type DeviceChoice,
  DeviceError,
} from "./runtime/engine/device.ts";
export { type Engine } from "./runtime/engine/engine.ts";
export { openEngine } from "./runtime/stream/open_engine.ts";
export {
  defaultConvention,
  type Evaluation,
  type Loss,
  type MaskedModel,
  type MaskedOptions,
  type MaskGradient,
  masksTogether,
  openMasked,
  type PreparedExamples,
  someOf,
} from "./runtime/stream/masked.ts";

// Discovery
export {
  type Cost,
  discover,
  type Discovery,
  DiscoveryError,
  type DiscoveryHooks,
  type DiscoveryInput,
  type DiscoveryStep,
  type EdgePruningOptions,
  type EdgePruningState,
  type MethodName,
  methodNames,
  type OptionsOf,
  type SparsitySchedule,
} from "./runtime/discovery/mod.ts";
export { type Passes, passesOf } from "./runtime/discovery/passes.ts";

// Evaluation
export * from "./runtime/evaluation/mod.ts";
export type { AnswerExpression } from "./runtime/metrics/answer_expression.ts";

// Programs that compile to weights, so that the model's circuit is known
export {
  type Expression as ProgramExpression,
  interpret as runProgram,
  knownEdges,
  type Plan as CompiledProgram,
  planInFolder as openCompiledProgram,
  planOf as compileProgram,
  type Program as RaspProgram,
  type ProgramAblation,
  ProgramError,
  saveProgram,
  type Selector,
  taskFromProgram,
  type Truth,
  truthOf,
  writeProgram,
} from "./runtime/programs/mod.ts";

// Scripts
export { check, type CheckContext, type Checked } from "./dsl/check/check.ts";
export { type Diagnostic, hasErrors, render } from "./dsl/text/diagnostics.ts";
export { checkFile, type CheckResult, checkText } from "./dsl/check/files.ts";
export { type Formatted, formatText } from "./dsl/format/format.ts";
export { planOf as planScript, type PlanOptions } from "./dsl/interpret/plan/plan.ts";
export type { PlanStep } from "./dsl/interpret/plan/steps.ts";
export { type RunOptions, runScript, type ScriptResult } from "./dsl/interpret/script.ts";
export { ScriptError } from "./dsl/interpret/error.ts";
export type { Value } from "./dsl/interpret/values.ts";
export { parse, type Parsed } from "./dsl/syntax/parse.ts";

export { packageVersion } from "./base/version.ts";
