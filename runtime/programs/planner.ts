/**
 * From a program to components: which head or MLP computes what, and in which directions of the stream it writes.
 *
 * @module
 */
import { type Column, type Domain, leavesOf, workThrough } from "./domain.ts";
import { itemText } from "./items.ts";
import { caseNeurons, type MapCase } from "./neurons.ts";
import {
  type CompiledProgram,
  type Entry,
  type HeadPlan,
  type Neuron,
  OUTPUT_LOGIT,
  type Read,
} from "./plan.ts";
import { type Item, ProgramError, type RaspProgram } from "./program.ts";
import { type Atoms, type Node, resolve } from "./resolve.ts";
import { withoutSpare } from "./spare.ts";

/** Attention score between what is selected and what is not: e^-50 of the weight is lost, less than float32 resolves. */
const SCORE = 100;
/** Hidden units of one element-wise map, at most. */
const MOST_NEURONS = 8192;

/**
 * Dimensions of a written value, and its time: tok and pos at -1, heads of layer l at 2 l, its MLP at 2 l + 1.
 */
interface Written {
  readonly writer: string;
  readonly time: number;
  readonly values: Column;
  /** First direction of the stream that it is written to. */
  readonly start: number;
}

/** A value held one-hot: direction `start + i` is 1 where the value is number i, and the others are 0. */
interface OneHot extends Written {
  readonly kind: "one-hot";
  /** All its directions are 0 at the beginning token, so that other positions may look there and find nothing. */
  readonly silentAtBeginning: boolean;
}

/** A number held in the single direction `start`: value number i as `coordinates[i]`. */
interface Scalar extends Written {
  readonly kind: "scalar";
  readonly coordinates: Float64Array;
  /** Largest absolute value that it takes anywhere, the beginning token included. */
  readonly reach: number;
}

/** A one-hot value, relabelled: number i of it means `items[i]`. */
interface View {
  readonly source: OneHot;
  readonly items: readonly Item[];
}

/**
 * Compiles a program to the weights of a transformer that gives its output at every position of every input, as Tracr does
 * (Lindner et al. 2023).
 *
 * @throws {ProgramError} if the program makes no sense on its domain, or needs a map of too many cases
 *
 * @example
 * ```ts
 * const program: RaspProgram = {
 *   name: "equal",
 *   vocabulary: ["a", "b"],
 *   length: 4,
 *   mask: "causal",
 *   lets: [],
 *   output: {
 *     kind: "count",
 *     selector: { kind: "select", keys: { kind: "tokens" }, queries: { kind: "tokens" }, predicate: "==" },
 *   },
 * };
 * interpretProgram(program, [0, 1, 0]); // [1, 1, 2]
 * knownEdges(compileProgram(program), "interchange"); // edges such as "tok -> a0.h0.q"
 * ```
 */
export function compileProgram(program: RaspProgram): CompiledProgram {
  const resolved = resolve(program);
  const domain = workThrough(program, resolved);
  const planned = (spared: ReadonlySet<string>) =>
    new Planner(program, domain, resolved.nodes, spared).plan(resolved.output);
  return withoutSpare(planned);
}

class Planner {
  readonly #program: RaspProgram;
  readonly #domain: Domain;
  readonly #written = new Map<Node, OneHot | Scalar>();
  readonly #maps = new Map<Node, OneHot>();
  readonly #leavesOf = new Map<Node, readonly Node[]>();
  /** Values that other positions read, as keys or through attention. */
  readonly #looked = new Set<Node>();
  readonly #heads: HeadPlan[] = [];
  readonly #neurons: Neuron[][] = [];
  readonly #reads = new Map<string, Read>();
  readonly #tokenEmbedding: Entry[] = [];
  readonly #positionEmbedding: Entry[] = [];
  readonly #precautions = new Set<string>();
  /** Precautions that are not taken, by edge. */
  readonly #spared: ReadonlySet<string>;
  /** Direction that is 1 at the beginning token only, written by tok. */
  readonly #beginning: number;
  #width = 0;

  constructor(
    program: RaspProgram,
    domain: Domain,
    nodes: readonly Node[],
    spared: ReadonlySet<string>,
  ) {
    this.#program = program;
    this.#domain = domain;
    this.#spared = spared;
    this.#beginning = this.#allot(1);
    for (const node of nodes) {
      if (node.kind === "tokens") {
        const rowOf = (item: Item) => program.vocabulary.indexOf(item);
        this.#written.set(node, this.#embedded(node, "tok", this.#tokenEmbedding, rowOf));
      }
      if (node.kind === "indices") {
        const rowOf = (item: Item) => Number(item) + 1;
        this.#written.set(node, this.#embedded(node, "pos", this.#positionEmbedding, rowOf));
      }
      if (node.kind === "aggregate") this.#looked.add(node.value);
      if (node.kind === "aggregate" || node.kind === "count") {
        node.atoms.forEach(({ keys }) => this.#looked.add(keys));
      }
    }
  }

  plan(output: Node): CompiledProgram {
    const { vocabulary, name } = this.#program;
    const column = this.#column(output);
    const view = this.#view(output, false);
    if (view === undefined) throw new ProgramError(name, "the output is the same for every input");
    const tokens = vocabulary.map(itemText);
    for (const item of column.values) {
      if (!tokens.includes(itemText(item))) tokens.push(itemText(item));
    }
    tokens.push(beginningToken(tokens));
    this.#tokenEmbedding.push({ row: tokens.length - 1, column: this.#beginning, weight: 1 });
    this.#read(view.source, "logits", this.#varies(view), true);
    const layers = Math.max(1, this.#neurons.length, ...this.#heads.map(({ layer }) => layer + 1));
    const neurons = Array.from({ length: layers }, (_, layer) => this.#neurons[layer] ?? []);
    const sizes = this.#heads.flatMap(({ query, key, value, queryBias }) =>
      [...query, ...key, ...value, ...queryBias].map((entry) => entry.column + 1)
    );
    return {
      program: this.#program,
      domain: this.#domain,
      layers,
      heads: Math.max(1, ...this.#heads.map(({ head }) => head + 1)),
      headSize: Math.max(1, ...sizes),
      width: this.#width,
      mlpWidth: Math.max(1, ...neurons.map((list) => list.length)),
      tokens,
      tokenEmbedding: this.#tokenEmbedding,
      positionEmbedding: this.#positionEmbedding,
      headPlans: this.#heads,
      neurons,
      unembedding: view.items.map((item, i) => ({
        row: view.source.start + i,
        column: tokens.indexOf(itemText(item)),
        weight: OUTPUT_LOGIT,
      })),
      reads: [...this.#reads.values()],
      precautions: [...this.#precautions],
      outputs: column.column.map((number) => tokens.indexOf(itemText(column.values[number]))),
    };
  }

  /** Tokens or indices, which an embedding writes one-hot; `rowOf` gives the embedding's row of a value. */
  #embedded(
    node: Node,
    writer: "tok" | "pos",
    embedding: Entry[],
    rowOf: (item: Item) => number,
  ): OneHot {
    const values = this.#column(node);
    const start = this.#allot(values.values.length);
    values.values.forEach((item, i) =>
      embedding.push({ row: rowOf(item), column: start + i, weight: 1 })
    );
    return { kind: "one-hot", writer, time: -1, values, start, silentAtBeginning: true };
  }

  /** Written form of a leaf; its component is made at the first use. */
  #leaf(node: Node): OneHot | Scalar {
    const known = this.#written.get(node);
    if (known !== undefined) return known;
    if (node.kind !== "count" && node.kind !== "aggregate") {
      throw new Error(`no component computes a ${node.kind}`);
    }
    const made = node.kind === "count" ? this.#countHead(node) : this.#aggregateHead(node);
    this.#written.set(node, made);
    return made;
  }

  /**
   * A node's value as a relabelled one-hot value; undefined for constants. With `looked` it is silent at the
   * beginning token.
   */
  #view(node: Node, looked: boolean): View | undefined {
    const leaves = this.#leaves(node);
    if (leaves.length === 0) return undefined;
    if (leaves.length === 1) {
      const source = this.#leaf(leaves[0]);
      if (source.kind === "one-hot" && (!looked || source.silentAtBeginning)) {
        return { source, items: this.#relabelled(node, leaves[0]) };
      }
    }
    const source = this.#map(node, leaves);
    return { source, items: source.values.values };
  }

  /**
   * Leaves that the node's value is worked out from: those that make no difference on any input are left out, what takes a
   * head before what is there already.
   */
  #leaves(node: Node): readonly Node[] {
    const known = this.#leavesOf.get(node);
    if (known !== undefined) return known;
    let leaves = leavesOf(node);
    const late = (leaf: Node) => leaf.kind === "tokens" || leaf.kind === "indices" ? -1 : leaf.id;
    for (const leaf of leaves.toSorted((a, b) => late(b) - late(a))) {
      const others = leaves.filter((other) => other !== leaf);
      if (this.#decided(node, others)) leaves = others;
    }
    this.#leavesOf.set(node, leaves);
    return leaves;
  }

  /** True if a node's value follows from those of others at the same position, on every input. */
  #decided(node: Node, by: readonly Node[]): boolean {
    const columns = by.map((other) => this.#column(other).column);
    const results = new Map<string, number>();
    return this.#column(node).column.every((result, p) => {
      const key = columns.map((column) => column[p]).join();
      const known = results.get(key);
      if (known === undefined) results.set(key, result);
      return known === undefined || known === result;
    });
  }

  /** The node's value for each of the leaf's values, on which alone it depends. */
  #relabelled(node: Node, leaf: Node): Item[] {
    const [from, to] = [this.#column(leaf), this.#column(node)];
    const items = new Array<Item>(from.values.length);
    from.column.forEach((number, p) => items[number] = to.values[to.column[p]]);
    return items;
  }

  /** An MLP that writes a node's value one-hot, from its leaves. */
  #map(node: Node, leaves: readonly Node[]): OneHot {
    const known = this.#maps.get(node);
    if (known !== undefined) return known;
    const sources = leaves.map((leaf) => this.#leaf(leaf));
    // One number can be combined in one step; every further one is made one-hot before.
    const scalars = leaves.filter((_, i) => sources[i].kind === "scalar");
    const scalarNode = scalars.at(-1);
    const oneHots = leaves.filter((leaf) => leaf !== scalarNode).map((leaf) => {
      const source = this.#leaf(leaf);
      return source.kind === "one-hot" ? source : this.#map(leaf, [leaf]);
    });
    const scalar = scalarNode === undefined ? undefined : this.#leaf(scalarNode) as Scalar;

    const values = this.#column(node);
    const inputs = [...oneHots, ...scalar === undefined ? [] : [scalar]];
    const layer = Math.max(...inputs.map(({ time }) => Math.ceil(time / 2)), 0);
    const writer = `m${layer}`;
    const start = this.#allot(values.values.length);
    const silent = oneHots.some((source) => source.silentAtBeginning);
    const looked = !silent && this.#looked.has(node);
    const guarded = looked && this.#taken(`tok -> ${writer}`);
    const varies = columnVaries(values, this.#domain);
    for (const source of inputs) {
      this.#read(source, writer, columnVaries(source.values, this.#domain), varies);
    }
    if (guarded) this.#note({ writer: "tok", reader: writer, varies: false });

    const made = this.#cases(values, oneHots, scalar).flatMap((one) =>
      caseNeurons(one, start, guarded ? this.#beginning : undefined)
    );
    const list = this.#neurons[layer] ??= [];
    for (let l = 0; l < layer; l++) this.#neurons[l] ??= [];
    list.push(...made);
    if (made.length > MOST_NEURONS) {
      throw new ProgramError(
        this.#program.name,
        `an element-wise map needs ${made.length} hidden units, and at most ${MOST_NEURONS} are made: combine fewer values at once`,
      );
    }
    const oneHot: OneHot = {
      kind: "one-hot",
      writer,
      time: 2 * layer + 1,
      values,
      start,
      // Guards without effect are left out.
      silentAtBeginning: silent || looked,
    };
    this.#maps.set(node, oneHot);
    return oneHot;
  }

  /** The combinations of the one-hot values that occur, each with what the map gives as the scalar grows. */
  #cases(values: Column, oneHots: readonly OneHot[], scalar: Scalar | undefined): MapCase[] {
    const cases = new Map<string, { on: number[]; results: Map<number, number> }>();
    values.column.forEach((result, p) => {
      const on = oneHots.map((source) => source.start + source.values.column[p]);
      const key = on.join();
      let one = cases.get(key);
      if (one === undefined) cases.set(key, one = { on, results: new Map() });
      one.results.set(
        scalar === undefined ? 0 : scalar.coordinates[scalar.values.column[p]],
        result,
      );
    });
    const reach = scalar?.reach ?? 0;
    return [...cases.values()].map(({ on, results }) => ({
      on,
      scalar: scalar?.start,
      reach,
      steps: [...results].sort(([a], [b]) => a - b).map(([coordinate, result]) => ({
        coordinate,
        result,
      })),
    }));
  }

  #countHead(node: Extract<Node, { kind: "count" }>): Scalar {
    const { atoms } = node;
    const values = this.#column(node);
    const { layer, head, name } = this.#newHead(atoms, []);
    const start = this.#allot(1);
    const varies = columnVaries(values, this.#domain);
    // The beginning token scores as what is selected does, and alone has the value 1: its share is 1 / (1 + count).
    const scores = this.#scores(atoms, name, 0, -SCORE, varies);
    this.#note({ writer: "tok", reader: `${name}.v`, varies: false });
    this.#heads.push({
      layer,
      head,
      ...scores,
      value: [{ row: this.#beginning, column: 0, weight: 1 }],
      output: [{ row: 0, column: start, weight: 1 }],
    });
    const coordinates = Float64Array.from(values.values, (count) => 1 / (1 + Number(count)));
    return { kind: "scalar", writer: name, time: 2 * layer, values, start, coordinates, reach: 1 };
  }

  #aggregateHead(node: Extract<Node, { kind: "aggregate" }>): OneHot | Scalar {
    const { atoms, otherwise } = node;
    const values = this.#column(node);
    const view = this.#lookedAt(node.value);
    const { layer, head, name } = this.#newHead(atoms, [view.source]);
    const varies = columnVaries(values, this.#domain);
    // The beginning token scores 0, between what is selected and what is not: it is looked at when nothing is selected.
    const scores = atoms.length > 0
      ? this.#scores(atoms, name, SCORE / (2 * atoms.length), -SCORE, varies)
      : this.#everything(view.source, name);
    const write = (
      coordinate: (item: Item) => { column: number; weight: number },
      start: number,
      size: number,
    ) => {
      // A value that is never selected is none of the results.
      const value = view.items.map((item, i) => ({
        row: view.source.start + i,
        ...coordinate(item),
      }))
        .filter(({ column }) => column >= 0);
      const fallback = values.empty ? [{ row: this.#beginning, ...coordinate(otherwise) }] : [];
      this.#read(view.source, `${name}.v`, this.#varies(view), varies);
      const speaks = fallback.some(({ weight }) => weight !== 0);
      if (speaks) this.#note({ writer: "tok", reader: `${name}.v`, varies: false });
      this.#heads.push({
        layer,
        head,
        ...scores,
        value: [...value, ...fallback],
        output: Array.from({ length: size }, (_, i) => ({ row: i, column: start + i, weight: 1 })),
      });
      return speaks;
    };
    const at = { writer: name, time: 2 * layer, values };
    if (values.mixed) {
      const text = values.values.find((item) => typeof item === "string");
      if (text !== undefined) {
        throw new ProgramError(
          this.#program.name,
          `an \`aggregate\` averages numbers at one place and gives ${
            JSON.stringify(text)
          } at another: give a number where nothing is selected`,
        );
      }
      // A text that is left is never selected.
      const numberOf = (item: Item) => typeof item === "number" ? item : 0;
      const start = this.#allot(1);
      write((item) => ({ column: 0, weight: numberOf(item) }), start, 1);
      const coordinates = Float64Array.from(values.values, numberOf);
      const reach = Math.max(...[...view.items, otherwise].map((item) => Math.abs(numberOf(item))));
      return { kind: "scalar", ...at, start, coordinates, reach };
    }
    const start = this.#allot(values.values.length);
    const speaks = write(
      (item) => ({ column: values.values.indexOf(item), weight: 1 }),
      start,
      values.values.length,
    );
    // With full attention the beginning token's own query looks at everything.
    return {
      kind: "one-hot",
      ...at,
      start,
      silentAtBeginning: this.#program.mask === "causal" && !speaks,
    };
  }

  /** A value that other positions look at, silent at the beginning token; a constant relabels any such value. */
  #lookedAt(node: Node): View {
    const view = this.#view(node, true);
    if (view !== undefined) return view;
    const source = this.#written.values().find(({ time }) => time < 0) as OneHot | undefined;
    if (source === undefined) {
      throw new ProgramError(this.#program.name, "the program reads neither tokens nor indices");
    }
    const [constant] = this.#column(node).values;
    return { source, items: source.values.values.map(() => constant) };
  }

  /** A place for a head that reads these selectors' sides and these values. */
  #newHead(atoms: Atoms, values: readonly OneHot[]): { layer: number; head: number; name: string } {
    const sides = atoms.flatMap(({ keys, queries }) => [
      this.#lookedAt(keys).source,
      ...[this.#view(queries, false)?.source].filter((source) => source !== undefined),
    ]);
    const layer = Math.max(0, ...[...sides, ...values].map(({ time }) => Math.floor(time / 2) + 1));
    const head = this.#heads.filter((other) => other.layer === layer).length;
    return { layer, head, name: `a${layer}.h${head}` };
  }

  /** Scores that are `yes` for every condition that holds and `no` for every one that does not, added up. */
  #scores(
    atoms: Atoms,
    name: string,
    yes: number,
    no: number,
    varies: boolean,
  ): Pick<HeadPlan, "query" | "key" | "queryBias"> {
    const query: Entry[] = [];
    const key: Entry[] = [];
    const queryBias: { column: number; weight: number }[] = [];
    let column = 0;
    for (const { keys, queries, holds } of atoms) {
      const keyView = this.#lookedAt(keys);
      const queryView = this.#view(queries, false);
      const classes = [...new Set(keyView.items)];
      const scoreOf = (keyItem: Item, queryItem: Item) => holds(keyItem, queryItem) ? yes : no;
      keyView.items.forEach((item, i) =>
        key.push({
          row: keyView.source.start + i,
          column: column + classes.indexOf(item),
          weight: 1,
        })
      );
      classes.forEach((keyItem, c) => {
        if (queryView === undefined) {
          queryBias.push({
            column: column + c,
            weight: scoreOf(keyItem, this.#column(queries).values[0]),
          });
        } else {
          queryView.items.forEach((item, i) =>
            query.push({
              row: queryView.source.start + i,
              column: column + c,
              weight: scoreOf(keyItem, item),
            })
          );
        }
      });
      column += classes.length;
      this.#read(keyView.source, `${name}.k`, this.#varies(keyView), varies);
      if (queryView !== undefined) {
        this.#read(queryView.source, `${name}.q`, this.#varies(queryView), varies);
      }
    }
    return {
      query: query.filter(({ weight }) => weight !== 0),
      key,
      queryBias: queryBias.filter(({ weight }) => weight !== 0),
    };
  }

  /** Scores that prefer every position to the beginning token. */
  #everything(source: OneHot, name: string): Pick<HeadPlan, "query" | "key" | "queryBias"> {
    if (!this.#taken(`${source.writer} -> ${name}.k`)) return { query: [], queryBias: [], key: [] };
    this.#read(source, `${name}.k`, false, true);
    return {
      query: [],
      queryBias: [{ column: 0, weight: SCORE / 2 }],
      key: source.values.values.map((_, i) => ({ row: source.start + i, column: 0, weight: 1 })),
    };
  }

  /** Takes a precaution against the beginning token, an edge with no other purpose; false where the edge is spared. */
  #taken(edge: string): boolean {
    this.#precautions.add(edge);
    return !this.#spared.has(edge);
  }

  #column(node: Node): Column {
    return this.#domain.columns.get(node)!;
  }

  #allot(size: number): number {
    this.#width += size;
    return this.#width - size;
  }

  #varies({ source, items }: View): boolean {
    const numbers = items.map((item) => items.indexOf(item));
    return columnVaries({
      ...source.values,
      column: source.values.column.map((number) => numbers[number]),
    }, this.#domain);
  }

  #read({ writer }: Written, reader: string, carried: boolean, used: boolean): void {
    this.#note({ writer, reader, varies: carried && used });
  }

  #note(read: Read): void {
    const key = `${read.writer} ${read.reader}`;
    const known = this.#reads.get(key);
    this.#reads.set(
      key,
      known === undefined ? read : { ...read, varies: read.varies || known.varies },
    );
  }
}

/** True if two inputs of one length differ at one position. */
function columnVaries({ column }: Column, { inputs, offsets }: Domain): boolean {
  for (let i = 1; i < inputs.length; i++) {
    if (inputs[i].length !== inputs[i - 1].length) continue;
    for (let p = 0; p < inputs[i].length; p++) {
      if (column[offsets[i] + p] !== column[offsets[i - 1] + p]) return true;
    }
  }
  return false;
}

/** A name for the beginning token that no other token has. */
function beginningToken(tokens: readonly string[]): string {
  let name = "<bos>";
  while (tokens.includes(name)) name = `<${name}>`;
  return name;
}
