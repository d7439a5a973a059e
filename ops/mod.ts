/**
 * A small differentiable graph language that becomes ONNX. Knows nothing of transformers, files or sessions.
 *
 * @module
 */
export * from "./graph.ts";
export * from "./gradient.ts";
export * from "./onnx.ts";
export * from "./operators/mod.ts";
