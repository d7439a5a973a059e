/** Element-wise arithmetic with broadcasting: Add, Sub, Mul, Div, Neg, Where, Cast. @module */
import {
  type DataType,
  type Dims,
  GraphError,
  isFloat,
  type Operator,
  showType,
  type Type,
  type Value,
} from "../graph.ts";
import { broadcast, sumTo } from "./broadcast.ts";

const pairs = [[[2, 3], [2, 3]], [[2, 3], [3]], [[2, 1, 3], [4, 1]], [[], [
  2,
]]] as readonly (readonly [Dims, Dims])[];

function binary(
  name: string,
  gradient: (a: Value, b: Value, seed: Value, out: Value) => [() => Value, () => Value],
  range?: readonly [number, number],
): Operator {
  const operator: Operator = {
    name,
    infer: ([a, b]) => [{ type: sameType(name, a, b), dims: broadcast(name, a.dims, b.dims) }],
    gradient: ({ inputs: [a, b], outputs: [out] }, [seed], wanted) =>
      gradient(a, b, seed!, out).map((rule, i) =>
        wanted[i] ? sumTo(rule(), [a, b][i].dims) : undefined
      ),
    cases: pairs.map((dims) => ({ dims, range, build: (a, b) => a.graph.apply(operator, [a, b]) })),
  };
  return operator;
}

function sameType(name: string, a: Type, b: Type): DataType {
  if (a.type !== b.type) {
    throw new GraphError(`Cannot apply ${name} to ${showType(a)} and ${showType(b)}`);
  }
  return a.type;
}

const Add = binary("Add", (_a, _b, seed) => [() => seed, () => seed]);
const Sub = binary("Sub", (_a, _b, seed) => [() => seed, () => neg(seed)]);
const Mul = binary("Mul", (a, b, seed) => [() => mul(seed, b), () => mul(seed, a)]);
const Div = binary(
  "Div",
  (_a, b, seed, out) => [() => div(seed, b), () => neg(mul(seed, div(out, b)))],
  [0.5, 2],
);

const Neg: Operator = {
  name: "Neg",
  infer: ([x]) => [x],
  gradient: (_node, [seed]) => [neg(seed!)],
  cases: [{ dims: [[2, 3]], build: (x) => neg(x) }],
};

const Where: Operator = {
  name: "Where",
  infer: ([condition, a, b]) => {
    if (condition.type !== "bool") {
      throw new GraphError(`Cannot apply Where to the condition ${showType(condition)}`);
    }
    return [{
      type: sameType("Where", a, b),
      dims: broadcast("Where", condition.dims, broadcast("Where", a.dims, b.dims)),
    }];
  },
  gradient: ({ inputs: [condition, a, b] }, [seed], wanted) => {
    const zero = seed!.graph.scalar(0, seed!.type);
    return [
      undefined,
      wanted[1] ? sumTo(where(condition, seed!, zero), a.dims) : undefined,
      wanted[2] ? sumTo(where(condition, zero, seed!), b.dims) : undefined,
    ];
  },
  cases: [{
    dims: [[2, 3], [3]],
    build: (a, b) => where(a.graph.constant(Uint8Array.of(1, 0, 1, 0, 0, 1), "bool", [2, 3]), a, b),
  }],
};

const Cast: Operator = {
  name: "Cast",
  infer: ([x], attributes) => [{ type: dataTypeOf(attributes.to as number), dims: x.dims }],
  gradient: ({ inputs: [x] }, [seed]) => [isFloat(x.type) ? cast(seed!, x.type) : undefined],
  cases: [{ dims: [[2, 2]], build: (x) => cast(cast(x, "float32"), x.type) }],
};

/** TensorProto.DataType numbers of the ONNX format. */
export const onnxTypeNumber: Readonly<Record<DataType, number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
};

function dataTypeOf(number: number): DataType {
  const found = Object.entries(onnxTypeNumber).find(([, n]) => n === number);
  if (!found) {
    throw new GraphError(`Cannot cast to ONNX element type ${number}: it is not supported`);
  }
  return found[0] as DataType;
}

export const add = (a: Value, b: Value): Value => a.graph.apply(Add, [a, b])[0];
export const sub = (a: Value, b: Value): Value => a.graph.apply(Sub, [a, b])[0];
export const mul = (a: Value, b: Value): Value => a.graph.apply(Mul, [a, b])[0];
export const div = (a: Value, b: Value): Value => a.graph.apply(Div, [a, b])[0];
export const neg = (x: Value): Value => x.graph.apply(Neg, [x])[0];
export const where = (condition: Value, a: Value, b: Value): Value =>
  a.graph.apply(Where, [condition, a, b])[0];
/** Changes the element type; nothing is added when it is that type already. */
export const cast = (x: Value, type: DataType): Value =>
  x.type === type ? x : x.graph.apply(Cast, [x], { to: onnxTypeNumber[type] })[0];
/** x times a number. */
export const scale = (x: Value, factor: number): Value =>
  factor === 1 ? x : mul(x, x.graph.scalar(factor, x.type));
/** x plus a number. */
export const shift = (x: Value, offset: number): Value =>
  offset === 0 ? x : add(x, x.graph.scalar(offset, x.type));

export const arithmetic: readonly Operator[] = [Add, Sub, Mul, Div, Neg, Where, Cast];
