/**
 * Checkpoints: states of a discovery on disk, from which `circ run --resume` continues after a kill.
 *
 * A checkpoint belongs to the key of everything that decides the result, so that one of another declaration is never
 * taken. It appears whole or not at all, and goes when its circuit is found.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { fileName } from "./file_name.ts";
import { deserialize, serialize } from "node:v8";

export const CHECKPOINTS = "checkpoints";

/** Least milliseconds between two checkpoints, and how many times what writing one takes. */
const [LEAST, TIMES] = [2000, 50];

export interface Checkpoint {
  /** The state of an earlier run under this key; undefined where there is none, or it cannot be read. */
  earlier(): unknown;
  /** Writes a state when it is time to. */
  offer(state: () => unknown): void;
  /** Writes a state. */
  write(state: unknown): void;
  /** Forgets what was written. */
  remove(): void;
}

/** @param run the run's folder */
export function checkpointIn(run: string, name: string, key: string): Checkpoint {
  const path = join(run, CHECKPOINTS, `${fileName(name)}.state`);
  let last = performance.now();
  let pause = LEAST;
  const write = (state: unknown) => {
    const start = performance.now();
    const temporary = `${path}.${Deno.pid}.part`;
    try {
      Deno.mkdirSync(dirname(path), { recursive: true });
      Deno.writeFileSync(temporary, serialize({ key, state }));
      Deno.renameSync(temporary, path);
    } catch {
      // A full disk costs the checkpoint, not the discovery.
      removeIfThere(temporary);
    }
    last = performance.now();
    pause = Math.max(LEAST, TIMES * (last - start));
  };
  return {
    earlier() {
      try {
        const found = deserialize(Deno.readFileSync(path));
        return found.key === key ? found.state : undefined;
      } catch {
        return undefined;
      }
    },
    offer: (state) => {
      if (performance.now() - last >= pause) write(state());
    },
    write,
    remove: () => removeIfThere(path),
  };
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // It was not there.
  }
}
