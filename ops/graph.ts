/**
 * Typed values and nodes: a graph under construction.
 *
 * A graph only grows. Every value knows its element type and its shape from the moment it is made, so a
 * wrong shape is an error where it is written, not when a session opens. Gradients are more nodes of the
 * same graph (see gradient.ts); what is not needed for the outputs is left out when the graph is
 * serialised (see onnx.ts).
 *
 * @module
 */

/** Element types. `float64` exists for checking gradients; models run in float32. */
export type DataType = "float32" | "float64" | "float16" | "bfloat16" | "int32" | "int64" | "bool";

export type Dims = readonly number[];

/** Element type and shape of a value. */
export interface Type {
  readonly type: DataType;
  readonly dims: Dims;
}

/** Bytes of a file: an initializer that costs no memory until a session maps it. */
export interface FileSlice {
  /** File name relative to the folder that the session is given. */
  readonly file: string;
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

export type ConstantData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** Origin of a value. */
export type Origin =
  | { readonly kind: "input" }
  | { readonly kind: "slice"; readonly slice: FileSlice }
  | { readonly kind: "constant"; readonly data: ConstantData }
  | { readonly kind: "node"; readonly node: Node; readonly output: number };

export interface Value extends Type {
  readonly graph: Graph;
  readonly name: string;
  readonly origin: Origin;
}

export type Attribute = number | string | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

export interface Node {
  readonly operator: Operator;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
  /** Position in the graph's list of nodes: inputs always come from smaller positions. */
  readonly index: number;
}

/**
 * One entry of the operator table: a shape rule beside a gradient rule.
 */
export interface Operator {
  /** ONNX operator name. */
  readonly name: string;
  /** ONNX operator set, when not the default one. */
  readonly domain?: "com.microsoft";
  /** Types of the outputs; throws a {@link GraphError} when the inputs do not fit. */
  readonly infer: (
    inputs: readonly Type[],
    attributes: Attributes,
    values: readonly Value[],
  ) => readonly Type[];
  /**
   * Vector-Jacobian product. `seeds[i]` is the derivative with respect to output i (undefined when it
   * does not matter); the result has one entry per input, undefined where `wanted` is false or the
   * derivative is zero. Absent: the operator cannot be differentiated through.
   */
  readonly gradient?: (
    node: Node,
    seeds: readonly (Value | undefined)[],
    wanted: readonly boolean[],
  ) => readonly (Value | undefined)[];
  /** Small cases on which the rule is compared with finite differences. */
  readonly cases?: readonly OperatorCase[];
}

/** Builds one application of an operator from float inputs of the given shapes. */
export interface OperatorCase {
  readonly dims: readonly Dims[];
  readonly build: (...inputs: Value[]) => Value | readonly Value[];
  /** Range of the random inputs; default -1..1. */
  readonly range?: readonly [number, number];
}

/** A graph that cannot be built, differentiated or written. */
export class GraphError extends Error {
  override name = "GraphError";
}

/** A growing list of inputs, initializers and nodes. */
export class Graph {
  readonly name: string;
  readonly inputs: Value[] = [];
  readonly initializers: Value[] = [];
  readonly nodes: Node[] = [];
  readonly #names = new Set<string>();
  readonly #scalars = new Map<string, Value>();

  constructor(name: string) {
    this.name = name;
  }

  /** A value that is fed at every run. */
  input(name: string, type: DataType, dims: Dims): Value {
    const value = this.#value(name, type, dims, { kind: "input" });
    this.inputs.push(value);
    return value;
  }

  /**
   * A weight that stays in its file.
   *
   * @throws {GraphError} if the slice's length is not what type and shape need.
   */
  slice(name: string, type: DataType, dims: Dims, slice: FileSlice): Value {
    const needed = sizeOf(dims) * bytesPerElement[type];
    if (needed !== slice.length) {
      throw new GraphError(
        `Cannot use ${slice.length} bytes of ${slice.file} as ${name}: ${
          showType({ type, dims })
        } needs ${needed}`,
      );
    }
    const value = this.#value(name, type, dims, { kind: "slice", slice });
    this.initializers.push(value);
    return value;
  }

  /** A value known at build time and stored in the graph itself. */
  constant(data: ConstantData, type: DataType, dims: Dims, name?: string): Value {
    if (data.length !== sizeOf(dims)) {
      throw new GraphError(
        `Cannot use ${data.length} elements as a constant of shape ${showDims(dims)}`,
      );
    }
    const value = this.#value(name ?? "c", type, dims, { kind: "constant", data });
    this.initializers.push(value);
    return value;
  }

  /** A floating-point number; equal ones are shared. */
  scalar(number: number, type: DataType = "float32"): Value {
    const key = `${type}:${number}`;
    let value = this.#scalars.get(key);
    if (!value) {
      const data = type === "float64" ? Float64Array.of(number) : Float32Array.of(number);
      value = this.constant(data, type, []);
      this.#scalars.set(key, value);
    }
    return value;
  }

  /** A list of integers, as the shape arguments of operators want them; equal ones are shared. */
  integers(numbers: readonly number[]): Value {
    const key = `int64:${numbers.join()}`;
    let value = this.#scalars.get(key);
    if (!value) {
      value = this.constant(BigInt64Array.from(numbers, BigInt), "int64", [numbers.length], "i");
      this.#scalars.set(key, value);
    }
    return value;
  }

  /** Adds a node and returns its outputs. Most code calls the builders in operators/ instead. */
  apply(
    operator: Operator,
    inputs: readonly Value[],
    attributes: Attributes = {},
    name?: string,
  ): Value[] {
    for (const input of inputs) {
      if (input.graph !== this) {
        throw new GraphError(
          `Cannot apply ${operator.name} to ${input.name}: it belongs to graph ${input.graph.name}`,
        );
      }
    }
    const types = operator.infer(inputs, attributes, inputs);
    const outputs: Value[] = [];
    const { length: index } = this.nodes;
    const node: Node = { operator, inputs: [...inputs], outputs, attributes, index };
    types.forEach(({ type, dims }, output) => {
      outputs.push(this.#value(name ?? "v", type, dims, { kind: "node", node, output }));
    });
    this.nodes.push(node);
    return outputs;
  }

  #value(name: string, type: DataType, dims: Dims, origin: Origin): Value {
    for (const dim of dims) {
      if (!Number.isInteger(dim) || dim < 0) {
        throw new GraphError(
          `Cannot give ${name} the shape ${showDims(dims)}: ${dim} is not a size`,
        );
      }
    }
    const unique = this.#unique(name, origin.kind === "input" || origin.kind === "slice");
    return { graph: this, name: unique, type, dims: [...dims], origin };
  }

  #unique(name: string, exact: boolean): string {
    if (exact) {
      if (this.#names.has(name)) {
        throw new GraphError(`Cannot name two values of graph ${this.name} "${name}"`);
      }
      this.#names.add(name);
      return name;
    }
    let count = this.#counts.get(name) ?? 0;
    let unique: string;
    do unique = `${name}${count++}`; while (this.#names.has(unique));
    this.#counts.set(name, count);
    this.#names.add(unique);
    return unique;
  }

  readonly #counts = new Map<string, number>();
}

/** Bytes of one element. */
export const bytesPerElement: Readonly<Record<DataType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int32: 4,
  int64: 8,
  bool: 1,
};

/** Number of elements of a shape. */
export function sizeOf(dims: Dims): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** A shape as text, `[2, 3]`. */
export function showDims(dims: Dims): string {
  return `[${dims.join(", ")}]`;
}

/** A type as text, `float32[2, 3]`. */
export function showType({ type, dims }: Type): string {
  return `${type}${showDims(dims)}`;
}

export function isFloat(type: DataType): boolean {
  return type === "float32" || type === "float64" || type === "float16" || type === "bfloat16";
}

/** The numbers of a constant integer list. */
export function integersOf(value: Value): number[] {
  if (value.origin.kind !== "constant") {
    throw new GraphError(`Cannot read ${value.name}: it must be a constant`);
  }
  return Array.from(value.origin.data as BigInt64Array, Number);
}
