/** Checkpoints: states of a search in the store, from which the next run continues after a kill. @module */
import type { DiscoveryStep } from "../../../runtime/discovery/mod.ts";
import type { Store } from "./store.ts";

/** Least milliseconds between two checkpoints, and how many times what writing one takes. */
const [LEAST, TIMES] = [2000, 50];

export interface Checkpoints {
  /** Keeps a state when it is time to. */
  offer(state: () => unknown): void;
  /** Keeps a state. */
  write(state: unknown): Promise<void>;
  /** Forgets what was kept. */
  remove(): Promise<void>;
}

/** @param steps the steps of the search so far */
export function checkpointsOf(
  store: Store,
  key: string,
  steps: readonly DiscoveryStep[],
): Checkpoints {
  let last = performance.now();
  let pause = LEAST;
  let writing: Promise<void> | undefined;
  const write = (state: unknown) => {
    const start = performance.now();
    return writing = store.keepState(key, { state, steps })
      // A full disk costs the checkpoint, not the search.
      .catch(() => {})
      .finally(() => {
        writing = undefined;
        last = performance.now();
        pause = Math.max(LEAST, TIMES * (last - start));
      });
  };
  return {
    offer: (state) => {
      if (writing === undefined && performance.now() - last >= pause) write(state());
    },
    write: async (state) => {
      await writing;
      await write(state);
    },
    remove: async () => {
      await writing;
      await store.dropState(key);
    },
  };
}
