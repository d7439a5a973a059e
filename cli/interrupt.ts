/** Ctrl-C: the first one asks the computation at hand to stop, the second leaves. @module */

export interface Interrupt {
  /** A signal for the next computation; one that was asked to stop does not stop the one after it. */
  signal(): AbortSignal;
  /** Nothing is computed any more: Ctrl-C leaves. */
  idle(): void;
  /** Stops listening. */
  close(): void;
}

/** Exit status of a process that Ctrl-C ended. */
export const interrupted = 130;

/**
 * Listens to Ctrl-C.
 *
 * @param onStop called at the first Ctrl-C
 */
export function listenToInterrupt(onStop: () => void): Interrupt {
  let controller: AbortController | null = null;
  const listener = () => {
    if (controller === null || controller.signal.aborted) Deno.exit(interrupted);
    onStop();
    controller.abort();
  };
  Deno.addSignalListener("SIGINT", listener);
  return {
    signal: () => (controller = new AbortController()).signal,
    idle: () => controller = null,
    close: () => Deno.removeSignalListener("SIGINT", listener),
  };
}
