/**
 * Flow through components: the input of a component decides its output, so a reader drives writers.
 *
 * A head's q reader drives that head. With grouped queries the readers k and v of key/value head g drive
 * query heads g * (heads / keyValueHeads) up to the next group. An MLP's reader drives the MLP; `logits`
 * drives nothing.
 *
 * @module
 */
import { Memo } from "../../base/memo.ts";
import { headsOf, isShared } from "./names.ts";
import { eachEdge, type Universe } from "./universe.ts";

/** The writers that each reader drives, as ranges, and the readers that drive each writer. */
export interface Flow {
  /** First driven writer, one per reader. */
  readonly first: Uint32Array;
  /** One past the last driven writer, one per reader; equal to `first` where nothing is driven. */
  readonly end: Uint32Array;
  /** Readers that drive a writer, ascending, one list per writer; empty for embeddings. */
  readonly readersOf: readonly Uint32Array[];
}

const flows = new Memo<Flow>();

/** The flow of a universe, computed once per universe record. */
export function flowOf(universe: Universe): Flow {
  return flows.get([universe], () => computeFlow(universe));
}

function computeFlow(universe: Universe): Flow {
  const { writers, readers } = universe;
  const headWriter = new Map<number, number>();
  const mlpWriter = new Map<number, number>();
  writers.forEach((writer, w) => {
    if (writer.kind === "head" && writer.head === 0) headWriter.set(writer.layer, w);
    if (writer.kind === "mlp") mlpWriter.set(writer.layer, w);
  });
  const first = new Uint32Array(readers.length);
  const end = new Uint32Array(readers.length);
  const lists: number[][] = writers.map(() => []);
  readers.forEach((reader, r) => {
    if (reader.kind === "logits") return;
    if (reader.kind === "mlp") {
      first[r] = mlpWriter.get(reader.layer)!;
      end[r] = first[r] + 1;
    } else {
      const heads = headsOf(universe, reader);
      first[r] = headWriter.get(reader.layer)! + heads.first;
      end[r] = headWriter.get(reader.layer)! + heads.last + 1;
    }
    for (let w = first[r]; w < end[r]; w++) lists[w].push(r);
  });
  return { first, end, readersOf: lists.map((list) => Uint32Array.from(list)) };
}

/**
 * The writers [readers] that each reader drives among those that a circuit is about. An input that query heads share drives those whose
 * output is read or whose own input is, and the first of the group where that holds for none.
 *
 * @param edges ascending
 */
export function drivenIn(universe: Universe, edges: Uint32Array): (reader: number) => number[] {
  const { first, end } = flowOf(universe);
  const { readers, writers } = universe;
  const touched = new Uint8Array(writers.length);
  if (universe.shape.keyValueHeads < universe.shape.heads) {
    eachEdge(universe, edges, (writer, reader) => {
      touched[writer] = 1;
      if (end[reader] - first[reader] === 1) touched[first[reader]] = 1;
    });
  }
  return (reader) => {
    const all = Array.from({ length: end[reader] - first[reader] }, (_, i) => first[reader] + i);
    if (!isShared(universe, readers[reader])) return all;
    const those = all.filter((writer) => touched[writer]);
    return those.length > 0 ? those : all.slice(0, 1);
  };
}
