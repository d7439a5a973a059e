/** A program with its names looked up: a graph of shared nodes. @module */
import { applyBinary, applyUnary, isTrue } from "./items.ts";
import { atomsOf, type Formula } from "./selectors.ts";
import {
  type Item,
  ProgramError,
  type RaspExpression,
  type RaspProgram,
  type RaspSelector,
} from "./program.ts";

/** A selector as the list of conditions that must all hold; an empty list selects everything. */
export type Atoms = readonly Atom[];
export interface Atom {
  readonly keys: Node;
  readonly queries: Node;
  /** Equal names with equal keys and queries are equal conditions. */
  readonly name: string;
  readonly holds: (key: Item, query: Item) => boolean;
}

/** A value at every position. Equal expressions are one node. */
export type Node =
  & { readonly id: number }
  & (
    | { readonly kind: "tokens" | "indices" }
    | { readonly kind: "constant"; readonly value: Item }
    | {
      readonly kind: "map";
      readonly operands: readonly Node[];
      readonly apply: (values: readonly Item[]) => Item;
    }
    | {
      readonly kind: "aggregate";
      readonly atoms: Atoms;
      readonly value: Node;
      readonly otherwise: Item;
    }
    | { readonly kind: "count"; readonly atoms: Atoms }
  );

export interface Resolved {
  /** Every node after those that it reads. */
  readonly nodes: readonly Node[];
  readonly output: Node;
}

/**
 * Looks up names and shares equal expressions.
 *
 * @throws {ProgramError} for a name that nothing declares or that is of the wrong kind, and for a vocabulary, a length
 *   or names that make no sense
 */
export function resolve(program: RaspProgram): Resolved {
  checkFrame(program);
  const nodes: Node[] = [];
  const byKey = new Map<string, Node>();
  const named = new Map<string, { node: Node } | { formula: Formula }>();

  function share(key: string, make: (id: number) => Node): Node {
    const known = byKey.get(key);
    if (known !== undefined) return known;
    const node = make(nodes.length);
    nodes.push(node);
    byKey.set(key, node);
    return node;
  }

  function map(
    key: string,
    operands: readonly Node[],
    apply: (values: readonly Item[]) => Item,
  ): Node {
    return share(
      `${key}(${operands.map(({ id }) => id)})`,
      (id) => ({ id, kind: "map", operands, apply }),
    );
  }

  function expression(source: RaspExpression): Node {
    switch (source.kind) {
      case "tokens":
      case "indices":
        return share(source.kind, (id) => ({ id, kind: source.kind }));
      case "constant":
        return share(
          `constant ${JSON.stringify(source.value)}`,
          (id) => ({ id, kind: "constant", value: source.value }),
        );
      case "name": {
        const found = lookUp(source.name);
        if (!("node" in found)) {
          throw misplaced(source.name, "a selector where a value is needed");
        }
        return found.node;
      }
      case "unary":
        return map(
          source.operator,
          [expression(source.operand)],
          ([a]) => applyUnary(source.operator, a),
        );
      case "binary":
        return map(
          source.operator,
          [expression(source.left), expression(source.right)],
          ([a, b]) => applyBinary(source.operator, a, b),
        );
      case "if":
        return map(
          "if",
          [expression(source.condition), expression(source.yes), expression(source.no)],
          ([condition, yes, no]) => isTrue(condition) ? yes : no,
        );
      case "aggregate": {
        const atoms = atomsOf(formula(source.selector), tuple);
        const value = expression(source.value);
        const otherwise = source.otherwise ?? 0;
        return share(
          `aggregate ${atomsKey(atoms)} ${value.id} ${JSON.stringify(otherwise)}`,
          (id) => ({ id, kind: "aggregate", atoms, value, otherwise }),
        );
      }
      case "count": {
        const atoms = atomsOf(formula(source.selector), tuple);
        return share(`count ${atomsKey(atoms)}`, (id) => ({ id, kind: "count", atoms }));
      }
    }
  }

  function misplaced(name: string, what: string): ProgramError {
    return new ProgramError(program.name, `\`${name}\` is ${what}`);
  }

  /** Several values at once, as one. */
  function tuple(operands: readonly Node[]): Node {
    return map("tuple", operands, (values) => JSON.stringify(values));
  }

  function formula(source: RaspSelector): Formula {
    switch (source.kind) {
      case "name": {
        const found = lookUp(source.name);
        if (!("formula" in found)) {
          throw misplaced(source.name, "a value where a selector is needed");
        }
        return found.formula;
      }
      case "both":
      case "either":
        return { kind: source.kind, parts: [formula(source.left), formula(source.right)] };
      case "not":
        return { kind: "not", part: formula(source.selector) };
      case "select": {
        const { predicate } = source;
        const [keys, queries] = [expression(source.keys), expression(source.queries)];
        return { kind: "select", keys, queries, predicate };
      }
    }
  }

  function lookUp(name: string) {
    const found = named.get(name);
    if (found === undefined) {
      throw new ProgramError(program.name, `nothing is called \`${name}\` here`);
    }
    return found;
  }

  for (const { name, value } of program.lets) {
    if (named.has(name)) {
      throw new ProgramError(program.name, `\`${name}\` is declared twice`);
    }
    const isSelector = ["select", "both", "either", "not"].includes(value.kind) ||
      (value.kind === "name" && "formula" in lookUp(value.name));
    named.set(
      name,
      isSelector
        ? { formula: formula(value as RaspSelector) }
        : { node: expression(value as RaspExpression) },
    );
  }
  const output = expression(program.output);
  return { nodes: nodes.filter(reachableFrom(output)), output };
}

/** Nodes that a node reads directly. */
export function inputsOf(node: Node): Node[] {
  const ofAtoms = (atoms: Atoms) => atoms.flatMap(({ keys, queries }) => [keys, queries]);
  switch (node.kind) {
    case "map":
      return [...node.operands];
    case "aggregate":
      return [...ofAtoms(node.atoms), node.value];
    case "count":
      return ofAtoms(node.atoms);
    default:
      return [];
  }
}

function reachableFrom(output: Node): (node: Node) => boolean {
  const reached = new Set<Node>();
  const visit = (node: Node): void => {
    if (reached.has(node)) return;
    reached.add(node);
    inputsOf(node).forEach(visit);
  };
  visit(output);
  return (node) => reached.has(node);
}

function atomsKey(atoms: Atoms): string {
  return atoms.map(({ keys, queries, name }) => `${keys.id} ${name} ${queries.id}`).join(
    " and ",
  ) || "always";
}

function checkFrame({ name, vocabulary, length, minimumLength = 1 }: RaspProgram): void {
  if (vocabulary.length === 0) throw new ProgramError(name, "the vocabulary is empty");
  const texts = vocabulary.map(String);
  const twice = texts.find((text, i) => texts.indexOf(text) !== i);
  if (twice !== undefined) {
    throw new ProgramError(name, `the token ${twice} is listed twice`);
  }
  const odd = texts.find((text) => text === "" || /\s/.test(text));
  if (odd !== undefined) {
    throw new ProgramError(
      name,
      `a token must be a text without spaces: this is ${JSON.stringify(odd)}`,
    );
  }
  if (
    !Number.isSafeInteger(length) || !Number.isSafeInteger(minimumLength) || minimumLength < 1 ||
    length < minimumLength
  ) {
    throw new ProgramError(
      name,
      `lengths must be whole numbers from 1 up: these are ${minimumLength} to ${length}`,
    );
  }
}
