/**
 * Tokenising while the caller waits: the library encodes asynchronously only, so a thread of its own does, and this one
 * sleeps on shared memory until the tokens are there.
 *
 * @module
 */
import { Worker } from "node:worker_threads";

/** A question to the thread: a text, and the memory for its answer. */
export interface Question {
  readonly text: string;
  /** True if the tokens that belong around a text are added. */
  readonly special: boolean;
  readonly memory: SharedArrayBuffer;
}

/**
 * An answer in shared memory, as 32-bit integers: the state, the length of what follows, then token ids or the character codes of
 * a message. Where it does not fit, only the length is told.
 */
export const ANSWER = { state: 0, length: 1, content: 2 } as const;
export const STATE = { waiting: 0, tokens: 1, message: 2 } as const;

/** Milliseconds after which a text counts as never done. */
const PATIENCE = 20_000;

/**
 * A function that gives the token ids of a text, or the library's message. The thread
 * starts with the first text and keeps no program alive.
 *
 * @param description the contents of `tokenizer.json`, as JSON text
 */
export function encodeInThread(
  description: string,
): (text: string, special: boolean) => number[] | string {
  let thread: Worker | undefined;
  return (text, special) => {
    if (thread === undefined) {
      thread = new Worker(new URL("./thread_main.ts", import.meta.url), {
        workerData: description,
      });
      thread.unref();
    }
    for (let size = 64 + 4 * text.length;;) {
      const memory = new SharedArrayBuffer(4 * (ANSWER.content + size));
      const answer = new Int32Array(memory);
      thread.postMessage({ text, special, memory } satisfies Question);
      if (Atomics.wait(answer, ANSWER.state, STATE.waiting, PATIENCE) === "timed-out") {
        return `the library did not answer in ${PATIENCE / 1000} seconds`;
      }
      const length = answer[ANSWER.length];
      if (length > size) {
        size = length;
        continue;
      }
      const content = Array.from(answer.subarray(ANSWER.content, ANSWER.content + length));
      return answer[ANSWER.state] === STATE.tokens
        ? content
        : content.map((code) => String.fromCharCode(code)).join("");
    }
  };
}
