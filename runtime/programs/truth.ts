/** A compiled program's own circuit: known from how it was compiled, and computed by taking edges away. @module */
import { edgeName, type Shape, universeOf } from "../universe/universe.ts";
import type { DenseTensor } from "../models/mod.ts";
import { randomFrom } from "../../base/random.ts";
import { inputTokens, isExactOn } from "./exact.ts";
import { forward, type Written } from "./forward.ts";
import type { CompiledProgram } from "./plan.ts";
import { ProgramError } from "./program.ts";
import { headPart, programTensors } from "./weights.ts";

/** The content of an edge that is cut: zeros, or the edge's own on another input of the same length. */
export type ProgramAblation = "zero" | "interchange";

/** Every edge that is tried takes a run of every input, so programs with more inputs have no computed circuit. */
export const MOST_INPUTS_COMPUTED = 20_000;

/** Greatest difference of the same sum computed in two orders. */
const ROUNDING = 1e-9;

/** A compiled program's shape, for its edge universe. */
export function programShape({ layers, heads }: Pick<CompiledProgram, "layers" | "heads">): Shape {
  return { layers, heads, keyValueHeads: heads, residual: "sequential", learnedPositions: true };
}

/**
 * Edges that the program was compiled to, by name (`tok -> a0.h0.v`), in the order of the universe.
 *
 * Under zero ablation these are all edges that carry anything which is read. Under interchange ablation what does not
 * depend on the input beyond its length (positions, the beginning token, the length itself) is the same on both sides,
 * so edges that carry nothing else are no part of the circuit.
 */
export function knownEdges(plan: CompiledProgram, ablation: ProgramAblation): string[] {
  const edges = new Set(
    plan.reads.filter(({ varies }) => ablation === "zero" || varies).map(({ writer, reader }) =>
      `${writer} -> ${reader}`
    ),
  );
  return allEdges(plan).filter((edge) => edges.has(edge));
}

/**
 * A minimal set of edges that gives the whole model's logits at every position of every input: starting from all edges,
 * each is taken away for good when the logits stay as they are without it, readers nearest to the logits first.
 *
 * Edges over which a reader's weights see on no input what cutting would change are taken away unasked: they cannot
 * matter. Under interchange ablation every input is paired with one random other input of its length; where there is
 * only one input of a length, with itself.
 *
 * @throws {ProgramError} when there are too many inputs
 */
export function computeEdges(plan: CompiledProgram, ablation: ProgramAblation, seed = 0): string[] {
  const { length } = plan.domain.inputs;
  if (length > MOST_INPUTS_COMPUTED) {
    throw new ProgramError(
      plan.program.name,
      `its circuit is computed on every input, at most ${MOST_INPUTS_COMPUTED}, and there are ${length}: ` +
        "take a shorter length or a smaller vocabulary, or ask for the known circuit",
    );
  }
  const tensors = programTensors(plan);
  const twins = twinsOf(plan, tensors, ablation, seed);
  const kept = new Set(edgesThatCarry(plan, tensors, twins));
  for (const edge of [...kept].reverse()) {
    kept.delete(edge);
    if (!reproduces(plan, tensors, twins, kept)) kept.add(edge);
  }
  return allEdges(plan).filter((edge) => kept.has(edge));
}

/** The known circuit of a program and the computed one, as names of edges. */
export interface Truth {
  /** Edges that the program was compiled to. */
  readonly known: readonly string[];
  /** A minimal set of edges that gives the output on every input. */
  readonly computed: readonly string[];
  /** Known edges that are not in the computed set. */
  readonly onlyKnown: readonly string[];
  /** Computed edges that are not known. */
  readonly onlyComputed: readonly string[];
  /** True where both sets are the same. */
  readonly agree: boolean;
}

/**
 * Compares a program's known circuit with the one that is computed by taking edges away, on every input.
 *
 * @param seed pairs every input with another one of its length, for interchange ablation
 * @throws {ProgramError} if there are too many inputs
 */
export function truthOf(plan: CompiledProgram, ablation: ProgramAblation, seed = 0): Truth {
  const [known, computed] = [knownEdges(plan, ablation), computeEdges(plan, ablation, seed)];
  const onlyKnown = known.filter((edge) => !computed.includes(edge));
  const onlyComputed = computed.filter((edge) => !known.includes(edge));
  const agree = onlyKnown.length === 0 && onlyComputed.length === 0;
  return { known, computed, onlyKnown, onlyComputed, agree };
}

/** True if the circuit of these edges gives the whole model's logits at every position of every input. */
export function computesProgram(
  plan: CompiledProgram,
  edges: Iterable<string>,
  ablation: ProgramAblation,
  seed = 0,
): boolean {
  const tensors = programTensors(plan);
  return reproduces(plan, tensors, twinsOf(plan, tensors, ablation, seed), new Set(edges));
}

/** Contents of every input's cut edges; undefined under zero ablation. */
type Twins = readonly (Written | undefined)[];

function twinsOf(
  plan: CompiledProgram,
  tensors: ReadonlyMap<string, DenseTensor>,
  ablation: ProgramAblation,
  seed: number,
): Twins {
  const { inputs } = plan.domain;
  if (ablation === "zero") return inputs.map(() => undefined);
  const random = randomFrom(seed, "interchange pairs");
  const ofLength = Map.groupBy(inputs.keys(), (i) => inputs[i].length);
  return inputs.map((input, i) => {
    const others = ofLength.get(input.length)!.filter((other) => other !== i);
    const other = others.length === 0 ? i : random.choose(others);
    return forward(plan, tensors, inputTokens(plan, other)).written;
  });
}

function reproduces(
  plan: CompiledProgram,
  tensors: ReadonlyMap<string, DenseTensor>,
  twins: Twins,
  edges: ReadonlySet<string>,
): boolean {
  const writersOf = new Map<string, Set<string>>();
  for (const edge of edges) {
    const [writer, reader] = edge.split(" -> ");
    if (!writersOf.has(reader)) writersOf.set(reader, new Set());
    writersOf.get(reader)!.add(writer);
  }
  const kept = (writer: string, reader: string) => writersOf.get(reader)?.has(writer) ?? false;
  return twins.every((ablated, input) => isExactOn(plan, tensors, input, { kept, ablated }));
}

function allEdges(plan: CompiledProgram): string[] {
  const universe = universeOf(programShape(plan), { embeddings: "split", qkv: "split" });
  return Array.from({ length: universe.edgeCount }, (_, edge) => edgeName(universe, edge));
}

/** Edges over which a reader's weights see, on some input, something that cutting the edge would change. */
function edgesThatCarry(
  plan: CompiledProgram,
  tensors: ReadonlyMap<string, DenseTensor>,
  twins: Twins,
): string[] {
  const changed = new Map<string, boolean[]>();
  twins.forEach((ablated, input) => {
    const { written } = forward(plan, tensors, inputTokens(plan, input));
    for (const [writer, values] of written) {
      const directions = changed.get(writer) ?? new Array<boolean>(plan.width).fill(false);
      changed.set(writer, directions);
      const others = ablated?.get(writer);
      values.forEach((value, i) => {
        if (Math.abs(value - (others?.[i] ?? 0)) > ROUNDING) directions[i % plan.width] = true;
      });
    }
  });
  return allEdges(plan).filter((edge) => {
    const [writer, reader] = edge.split(" -> ");
    const read = directionsRead(plan, tensors, reader);
    return changed.get(writer)!.some((yes, direction) => yes && read[direction]);
  });
}

function directionsRead(
  plan: CompiledProgram,
  tensors: ReadonlyMap<string, DenseTensor>,
  reader: string,
): boolean[] {
  const component = /^(?:a(\d+)\.h(\d+)\.([qkv])|m(\d+))$/.exec(reader);
  if (component === null) return anyInRows(tensors.get("unembedding")!.data, plan.width);
  const [, layer, head, kind, mlp] = component;
  if (mlp !== undefined) return anyInRows(tensors.get(`layers.${mlp}.up`)!.data, plan.width);
  const matrix = { q: "query", k: "key", v: "value" }[kind as "q" | "k" | "v"];
  return anyInRows(
    headPart(plan, tensors.get(`layers.${layer}.${matrix}`)!.data, Number(head)),
    plan.width,
  );
}

function anyInRows(data: Float32Array, rows: number): boolean[] {
  const columns = data.length / rows;
  const any = new Array<boolean>(rows).fill(false);
  data.forEach((value, i) => any[Math.floor(i / columns)] ||= value !== 0);
  return any;
}
