/** Matrix products: MatMul (batched, broadcasting) and Gemm (two axes, either side transposed). @module */
import { type Dims, GraphError, type Operator, showDims, type Value } from "../graph.ts";
import { broadcast, sumTo } from "./broadcast.ts";
import { transposeLast } from "./layout.ts";

const MatMul: Operator = {
  name: "MatMul",
  infer: ([a, b]) => {
    if (
      a.dims.length < 2 || b.dims.length < 2 || a.dims.at(-1) !== b.dims.at(-2) || a.type !== b.type
    ) {
      throw new GraphError(`Cannot apply MatMul to ${showDims(a.dims)} and ${showDims(b.dims)}`);
    }
    const batch = broadcast("MatMul", a.dims.slice(0, -2), b.dims.slice(0, -2));
    return [{ type: a.type, dims: [...batch, a.dims.at(-2)!, b.dims.at(-1)!] }];
  },
  gradient: ({ inputs: [a, b] }, [seed], wanted) => [
    wanted[0] ? sumTo(matmul(seed!, transposeLast(b)), a.dims) : undefined,
    wanted[1] ? sumTo(matmul(transposeLast(a), seed!), b.dims) : undefined,
  ],
  cases: [
    { dims: [[2, 3], [3, 4]], build: (a, b) => matmul(a, b) },
    { dims: [[2, 2, 3], [3, 4]], build: (a, b) => matmul(a, b) },
    { dims: [[2, 1, 2, 3], [5, 3, 2]], build: (a, b) => matmul(a, b) },
  ],
};

/** op(A) op(B) for two-axis A and B, where op transposes if asked. */
const Gemm: Operator = {
  name: "Gemm",
  infer: ([a, b], { transA, transB }) => {
    const [m, k] = turned(a.dims, transA === 1);
    const [l, n] = turned(b.dims, transB === 1);
    if (a.dims.length !== 2 || b.dims.length !== 2 || k !== l || a.type !== b.type) {
      throw new GraphError(
        `Cannot apply Gemm to ${showDims(a.dims)}${transA ? "^T" : ""} and ${showDims(b.dims)}${
          transB ? "^T" : ""
        }`,
      );
    }
    return [{ type: a.type, dims: [m, n] }];
  },
  gradient: ({ inputs: [a, b], attributes: { transA, transB } }, [seed], wanted) => {
    const ta = transA === 1;
    const tb = transB === 1;
    return [
      wanted[0] ? (ta ? gemm(b, seed!, tb, true) : gemm(seed!, b, false, !tb)) : undefined,
      wanted[1] ? (tb ? gemm(seed!, a, true, ta) : gemm(a, seed!, !ta, false)) : undefined,
    ];
  },
  cases: [
    { dims: [[2, 3], [3, 4]], build: (a, b) => gemm(a, b, false, false) },
    { dims: [[3, 2], [3, 4]], build: (a, b) => gemm(a, b, true, false) },
    { dims: [[2, 3], [4, 3]], build: (a, b) => gemm(a, b, false, true) },
    { dims: [[3, 2], [4, 3]], build: (a, b) => gemm(a, b, true, true) },
  ],
};

function turned(dims: Dims, transposed: boolean): Dims {
  return transposed ? [dims[1], dims[0]] : dims;
}

/** Matrix product over the last two axes; leading axes broadcast. */
export const matmul = (a: Value, b: Value): Value => a.graph.apply(MatMul, [a, b])[0];

/** Product of two matrices, either one transposed without a copy. */
export const gemm = (a: Value, b: Value, transposeA: boolean, transposeB: boolean): Value =>
  a.graph.apply(Gemm, [a, b], { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 })[0];

export const matrices: readonly Operator[] = [MatMul, Gemm];
