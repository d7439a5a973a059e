/** The values of a program on every input: the meaning that compiled weights are held against. @module */
import { mean, OperandError } from "./items.ts";
import { type Item, ProgramError, type RaspProgram } from "./program.ts";
import { type Atoms, inputsOf, type Node, resolve, type Resolved } from "./resolve.ts";

/** Positions of all inputs together that are worked through at most. */
export const MOST_POSITIONS = 1_000_000;

/** All values of one node: `values[column[p]]` is its value at position p, positions of all inputs in a row. */
export interface Column {
  readonly values: readonly Item[];
  readonly column: Int32Array;
  /** For aggregates: somewhere, different values are averaged. */
  readonly mixed: boolean;
  /** For aggregates: somewhere, nothing is selected. */
  readonly empty: boolean;
}

/** Inputs of a program and the values of its nodes on them. */
export interface Domain {
  /** Every input, as numbers of the vocabulary's tokens; shorter ones first. */
  readonly inputs: readonly Int32Array[];
  /** First position of each input; one entry more than there are inputs. */
  readonly offsets: Uint32Array;
  readonly columns: ReadonlyMap<Node, Column>;
}

/**
 * The output of a program at every position of an input, without weights.
 *
 * @param input the tokens, as numbers of the vocabulary's entries
 * @throws {ProgramError} if an operator meets a value that it is not defined for
 */
export function interpretProgram(program: RaspProgram, input: ArrayLike<number>): Item[] {
  const { nodes, output } = resolve(program);
  const values = new Map<Node, Item[]>();
  for (const node of nodes) {
    values.set(node, evaluate(node, values, program, Int32Array.from(input)).items);
  }
  return values.get(output)!;
}

/** Number of positions of all inputs together, without listing them. */
export function positionCount({ vocabulary, length, minimumLength = 1 }: RaspProgram): number {
  let count = 0;
  for (let n = minimumLength; n <= length; n++) count += n * vocabulary.length ** n;
  return count;
}

/**
 * Works a program through on every input.
 *
 * @throws {ProgramError} when there are too many inputs, an operator meets a value that it is not defined for, or texts
 *   that differ would have to be averaged
 */
export function workThrough(program: RaspProgram, { nodes }: Resolved): Domain {
  const positions = positionCount(program);
  if (positions > MOST_POSITIONS) {
    throw new ProgramError(
      program.name,
      `all inputs of ${program.length} tokens have ${positions} positions together, and at most ${MOST_POSITIONS} are worked ` +
        "through: take a shorter length or a smaller vocabulary",
    );
  }
  const inputs = [...inputsOfLengths(program)];
  const offsets = new Uint32Array(inputs.length + 1);
  inputs.forEach((input, i) => offsets[i + 1] = offsets[i] + input.length);
  // Numbers of a node's values, in the order in which they first occur.
  const numbers = new Map(nodes.map((node) => [node, new Map<Item, number>()]));
  const columns = new Map(nodes.map((node) => [node, {
    column: new Int32Array(positions),
    mixed: false,
    empty: false,
  }]));
  inputs.forEach((input, i) => {
    const values = new Map<Node, Item[]>();
    for (const node of nodes) {
      const { items, mixed, empty } = evaluate(node, values, program, input);
      values.set(node, items);
      const [known, made] = [numbers.get(node)!, columns.get(node)!];
      items.forEach((item, p) => {
        if (!known.has(item)) known.set(item, known.size);
        made.column[offsets[i] + p] = known.get(item)!;
      });
      made.mixed ||= mixed;
      made.empty ||= empty;
    }
  });
  return {
    inputs,
    offsets,
    columns: new Map(nodes.map((node) => [node, {
      ...columns.get(node)!,
      values: [...numbers.get(node)!.keys()],
    }])),
  };
}

function* inputsOfLengths(
  { vocabulary, length, minimumLength = 1 }: RaspProgram,
): Generator<Int32Array> {
  for (let n = minimumLength; n <= length; n++) {
    for (let number = 0; number < vocabulary.length ** n; number++) {
      const input = new Int32Array(n);
      for (let p = n - 1, rest = number; p >= 0; p--, rest = Math.floor(rest / vocabulary.length)) {
        input[p] = rest % vocabulary.length;
      }
      yield input;
    }
  }
}

interface Evaluated {
  readonly items: Item[];
  readonly mixed: boolean;
  readonly empty: boolean;
}

function evaluate(
  node: Node,
  known: ReadonlyMap<Node, Item[]>,
  program: RaspProgram,
  input: Int32Array,
): Evaluated {
  const { vocabulary } = program;
  const plain = (items: Item[]) => ({ items, mixed: false, empty: false });
  try {
    switch (node.kind) {
      case "tokens":
        return plain(Array.from(input, (token) => vocabulary[token]));
      case "indices":
        return plain(Array.from(input, (_, p) => p));
      case "constant":
        return plain(Array.from(input, () => node.value));
      case "map": {
        const operands = node.operands.map((operand) => known.get(operand)!);
        return plain(Array.from(input, (_, p) => node.apply(operands.map((items) => items[p]))));
      }
      case "count":
        return plain(
          selections(node.atoms, known, program, input.length).map((keys) => keys.length),
        );
      case "aggregate": {
        const value = known.get(node.value)!;
        let [mixed, empty] = [false, false];
        const items = selections(node.atoms, known, program, input.length).map((keys) => {
          if (keys.length === 0) {
            empty = true;
            return node.otherwise;
          }
          const selected = keys.map((k) => value[k]);
          if (selected.every((item) => item === selected[0])) return selected[0];
          mixed = true;
          return mean(selected);
        });
        return { items, mixed, empty };
      }
    }
  } catch (error) {
    if (!(error instanceof OperandError)) throw error;
    const shown = Array.from(input, (token) => vocabulary[token]).join(" ");
    throw new ProgramError(program.name, `${error.message} (on input ${shown})`);
  }
}

/** Selected key positions of every query position. */
function selections(
  atoms: Atoms,
  known: ReadonlyMap<Node, Item[]>,
  { mask }: RaspProgram,
  length: number,
): number[][] {
  const sides = atoms.map(({ keys, queries, holds }) => ({
    keys: known.get(keys)!,
    queries: known.get(queries)!,
    holds,
  }));
  return Array.from({ length }, (_, q) => {
    const selected: number[] = [];
    for (let k = 0; k < (mask === "causal" ? q + 1 : length); k++) {
      if (sides.every(({ keys, queries, holds }) => holds(keys[k], queries[q]))) {
        selected.push(k);
      }
    }
    return selected;
  });
}

/** Leaves of a node's element-wise part: what its value at a position is a function of, without constants. */
export function leavesOf(node: Node): Node[] {
  const leaves = new Set<Node>();
  const visit = (part: Node): void => {
    if (part.kind === "map") inputsOf(part).forEach(visit);
    else if (part.kind !== "constant") leaves.add(part);
  };
  visit(node);
  return [...leaves];
}
