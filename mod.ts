/**
 * Find and question circuits in transformers.
 *
 * The library in the order of its use: open a model ({@linkcode openModel}) on an engine
 * ({@linkcode openEngine}, {@linkcode openMasked}), make a task ({@linkcode makeTask}), find a circuit
 * ({@linkcode discover}), evaluate it ({@linkcode evaluateCircuit}, {@linkcode measureCircuit}), query it
 * ({@linkcode edgesOf}), draw it ({@linkcode circuitToSvg}) and save it ({@linkcode saveCircuit}). A program that is
 * compiled to weights ({@linkcode compileProgram}) is a model whose circuit is known. Scripts in the `.circ`
 * language are checked by {@linkcode checkText} and run by {@linkcode runScript}.
 *
 * Errors about input are a sentence that shows the values involved, and a `help` line: each part has its own class
 * (`ModelError`, `TaskError`, `CircuitError`, ...) of {@linkcode UserError}. Arguments that only a programmer can get
 * wrong end in a `RangeError`.
 *
 * @module
 */

// Models
export {
  type Architecture,
  type Model,
  ModelError,
  type ModelOptions,
  openModel,
  readArchitecture,
  shapeOf,
  type Tokenizer,
} from "./runtime/models/mod.ts";

// Edges of a model
export { parseEdge } from "./runtime/universe/names.ts";
export { type Convention, defaultConvention } from "./runtime/universe/conventions.ts";
export {
  edgeName,
  type Reader,
  type Shape,
  type Universe,
  universeOf,
  type Writer,
} from "./runtime/universe/universe.ts";

// Engines and masked models
export {
  type Device,
  type DeviceChoice,
  DeviceError,
  type EngineOptions,
} from "./runtime/engine/mod.ts";
export type { Loss } from "./runtime/metrics/loss.ts";
export {
  type Ablation,
  type Engine,
  type Evaluation,
  type MaskedModel,
  type MaskedOptions,
  type MaskGradient,
  openEngine,
  openMasked,
  type PreparedExamples,
} from "./runtime/stream/mod.ts";

// Tasks
export {
  type AnswerTemplate,
  type Change,
  type CorruptionDefinition,
  type DataDefinition,
  type Example,
  type GeneratedDefinition,
  type LoadOptions,
  makeTask,
  type Split,
  type Task,
  type TaskCondition,
  type TaskDefinition,
  TaskError,
  taskFromFiles,
  taskFromGenerator,
  type TokeniseOptions,
  type VariableGroup,
} from "./runtime/tasks/mod.ts";

// Discovery
export {
  type CleanUpProgress,
  type Cost,
  discover,
  type Discovery,
  DiscoveryError,
  type DiscoveryHooks,
  type DiscoveryStep,
  type InputOf,
  type MethodName,
  methodNames,
  type OptionsOf,
  type SparsitySchedule,
  type SparsityShape,
} from "./runtime/discovery/mod.ts";

// Evaluation
export type { AnswerExpression } from "./runtime/metrics/answer_expression.ts";
export {
  type Agreement,
  circuitValues,
  compareCircuits,
  type ComparedCircuit,
  compareWithTruth,
  type Estimate,
  evaluateCircuit,
  evaluateCorrupted,
  evaluateFull,
  EvaluationError,
  type ExampleValues,
  expressionMetric,
  type Interval,
  type IntervalOptions,
  maskOf,
  measureCircuit,
  type MeasureName,
  measureNames,
  type Metric,
  type MetricChoice,
  type MetricName,
  metricNames,
} from "./runtime/evaluation/mod.ts";

// Circuits and their sets
export {
  ablationOf,
  type Circuit,
  CircuitError,
  complement,
  difference,
  fullCircuit,
  intersection,
  makeCircuit,
  ofSize,
  type Overlap,
  overlap,
  type Provenance,
  reachable,
  threshold,
  top,
  under,
  union,
  without,
} from "./runtime/circuits/mod.ts";

// Queries
export {
  all,
  any,
  type Cell,
  type Condition,
  type EdgesBuilder,
  edgesOf,
  is,
  type NodesBuilder,
  nodesOf,
  not,
  type PathsBuilder,
  pathsOf,
  type QueryBuilder,
  renderCsv,
  renderJson,
  renderMarkdown,
  renderText,
  type Table,
  type TextOptions,
  why,
} from "./runtime/circuits/mod.ts";

// Drawings
export { circuitToSvg, type SvgOptions } from "./runtime/circuits/mod.ts";
export { layersToSvg, type NamedCircuit, overlapToSvg } from "./runtime/evaluation/mod.ts";

// Files
export {
  type MibFolder,
  openCircuit,
  openMibFolder,
  saveCircuit,
  type WriteOptions,
} from "./runtime/circuits/mod.ts";

// Programs that compile to weights, so that the model's circuit is known
export {
  type CompiledProgram,
  compileProgram,
  interpretProgram,
  type Item,
  knownEdges,
  openCompiledProgram,
  type ProgramAblation,
  ProgramError,
  type ProgramTaskDefinition,
  type RaspExpression,
  type RaspProgram,
  type RaspSelector,
  saveProgram,
  taskFromProgram,
  type Truth,
  truthOf,
} from "./runtime/programs/mod.ts";

// Scripts
export { type Diagnostic, renderDiagnostics } from "./dsl/text/diagnostics.ts";
export { type Source, type Span } from "./dsl/text/source.ts";
export { checkFile, type CheckResult, checkText } from "./dsl/check/files.ts";
export { type Formatted, formatText } from "./dsl/format/format.ts";
export { ScriptError } from "./dsl/interpret/error.ts";
export { type PlanOptions, planScript } from "./dsl/interpret/plan/plan.ts";
export type { PlanStep } from "./dsl/interpret/plan/steps.ts";
export { type RunOptions, runScript, type ScriptResult } from "./dsl/interpret/script.ts";
export type { ScriptValue } from "./dsl/interpret/values.ts";

export { UserError } from "./base/user_error.ts";
