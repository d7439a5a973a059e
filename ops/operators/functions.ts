/** Functions of one number: exponentials, roots, activations. @module */
import type { Operator, Value } from "../graph.ts";
import { add, mul, neg, scale, shift } from "./arithmetic.ts";

/** `derivative` gets the input and the output and returns d output / d input. */
function unary(
  name: string,
  derivative: (x: Value, y: Value) => Value,
  range?: readonly [number, number],
): Operator {
  const operator: Operator = {
    name,
    infer: ([x]) => [{ type: x.type, dims: x.dims }],
    gradient: ({ inputs: [x], outputs: [y] }, [seed]) => [mul(seed!, derivative(x, y))],
    cases: [{ dims: [[2, 5]], range, build: (x) => x.graph.apply(operator, [x]) }],
  };
  return operator;
}

const oneMinus = (x: Value) => shift(neg(x), 1);
const half = (x: Value) => scale(x, 0.5);

const Exp = unary("Exp", (_x, y) => y);
const Log = unary("Log", (x) => reciprocal(x), [0.5, 2]);
const Sqrt = unary("Sqrt", (_x, y) => half(reciprocal(y)), [0.5, 2]);
const Reciprocal = unary("Reciprocal", (_x, y) => neg(mul(y, y)), [0.5, 2]);
const Tanh = unary("Tanh", (_x, y) => oneMinus(mul(y, y)));
const Sigmoid = unary("Sigmoid", (_x, y) => mul(y, oneMinus(y)));
const Erf = unary("Erf", (x) => scale(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI)));
const Relu = unary("Relu", (x) => x.graph.apply(Sign, [relu(x)])[0], [0.1, 1]);
const Sign: Operator = { name: "Sign", infer: ([x]) => [{ type: x.type, dims: x.dims }] };

/**
 * Gaussian error linear unit, x * Phi(x) (Hendrycks & Gimpel 2016); `approximate: "tanh"` is GPT-2's form,
 * x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))).
 */
const Gelu: Operator = {
  name: "Gelu",
  infer: ([x]) => [{ type: x.type, dims: x.dims }],
  gradient: ({ inputs: [x], attributes }, [seed]) => [
    mul(seed!, attributes.approximate === "tanh" ? geluTanhDerivative(x) : geluDerivative(x)),
  ],
  cases: [
    { dims: [[3, 4]], range: [-3, 3], build: (x) => gelu(x) },
    { dims: [[3, 4]], range: [-3, 3], build: (x) => geluTanh(x) },
  ],
};

function geluDerivative(x: Value): Value {
  const density = scale(exp(scale(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  const cumulative = half(shift(erf(scale(x, Math.SQRT1_2)), 1));
  return add(cumulative, mul(x, density));
}

function geluTanhDerivative(x: Value): Value {
  const root = Math.sqrt(2 / Math.PI);
  const square = mul(x, x);
  const t = tanh(mul(x, shift(scale(square, root * 0.044715), root)));
  const slope = shift(scale(square, root * 3 * 0.044715), root);
  const inner = mul(mul(x, slope), oneMinus(mul(t, t)));
  return half(shift(add(t, inner), 1));
}

export const exp = (x: Value): Value => x.graph.apply(Exp, [x])[0];
export const log = (x: Value): Value => x.graph.apply(Log, [x])[0];
export const sqrt = (x: Value): Value => x.graph.apply(Sqrt, [x])[0];
export const reciprocal = (x: Value): Value => x.graph.apply(Reciprocal, [x])[0];
export const tanh = (x: Value): Value => x.graph.apply(Tanh, [x])[0];
export const sigmoid = (x: Value): Value => x.graph.apply(Sigmoid, [x])[0];
export const erf = (x: Value): Value => x.graph.apply(Erf, [x])[0];
export const relu = (x: Value): Value => x.graph.apply(Relu, [x])[0];
export const gelu = (x: Value): Value => x.graph.apply(Gelu, [x], { approximate: "none" })[0];
export const geluTanh = (x: Value): Value => x.graph.apply(Gelu, [x], { approximate: "tanh" })[0];
/** x * sigmoid(x). */
export const silu = (x: Value): Value => mul(x, sigmoid(x));
/** cap * tanh(x / cap). */
export const softCap = (x: Value, cap: number): Value => scale(tanh(scale(x, 1 / cap)), cap);

export const functions: readonly Operator[] = [
  Exp,
  Log,
  Sqrt,
  Reciprocal,
  Tanh,
  Sigmoid,
  Erf,
  Relu,
  Sign,
  Gelu,
];
