/** Softmax and its logarithm along the last axis. @module */
import type { Operator, Value } from "../graph.ts";
import { mul, sub } from "./arithmetic.ts";
import { exp } from "./functions.ts";
import { reduceSum } from "./broadcast.ts";

const last = (x: Value) => [x.dims.length - 1];

const Softmax: Operator = {
  name: "Softmax",
  infer: ([x]) => [{ type: x.type, dims: x.dims }],
  gradient: ({ outputs: [y] }, [seed]) => [
    mul(y, sub(seed!, reduceSum(mul(seed!, y), last(y), true))),
  ],
  cases: [{ dims: [[2, 3, 4]], range: [-2, 2], build: (x) => softmax(x) }],
};

const LogSoftmax: Operator = {
  name: "LogSoftmax",
  infer: ([x]) => [{ type: x.type, dims: x.dims }],
  gradient: ({ outputs: [y] }, [seed]) => [
    sub(seed!, mul(exp(y), reduceSum(seed!, last(y), true))),
  ],
  cases: [{ dims: [[2, 3, 4]], range: [-2, 2], build: (x) => logSoftmax(x) }],
};

export const softmax = (x: Value): Value => x.graph.apply(Softmax, [x], { axis: -1 })[0];
export const logSoftmax = (x: Value): Value => x.graph.apply(LogSoftmax, [x], { axis: -1 })[0];

export const distributions: readonly Operator[] = [Softmax, LogSoftmax];
