/** Ctrl-C: the first one asks the computation at hand to stop, the second leaves. @module */

export interface Interrupt {
  /** The signal of what runs, from the first call to `idle`. */
  signal(): AbortSignal;
  /** Nothing runs any more: Ctrl-C leaves. */
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
    signal: () => (controller ??= new AbortController()).signal,
    idle: () => controller = null,
    close: () => Deno.removeSignalListener("SIGINT", listener),
  };
}
