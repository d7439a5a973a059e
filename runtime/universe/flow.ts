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
import type { Universe } from "./universe.ts";

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
  const { shape, writers, readers } = universe;
  const group = shape.heads / shape.keyValueHeads;
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
      const heads = reader.kind === "k" || reader.kind === "v" ? group : 1;
      first[r] = headWriter.get(reader.layer)! + reader.head * heads;
      end[r] = first[r] + heads;
    }
    for (let w = first[r]; w < end[r]; w++) lists[w].push(r);
  });
  return { first, end, readersOf: lists.map((list) => Uint32Array.from(list)) };
}
