/** A worker that serves one object of every kind of call. */
import { serve } from "../../../runtime/engine/calls.ts";
import { CircuitError } from "../../../runtime/universe/errors.ts";
import { DeviceError } from "../../../runtime/engine/device.ts";

/** Counts up to a number in the thread that holds it. */
export interface Counter {
  add(amount: number): number;
  close(): void;
}

export interface Echo {
  twice(values: Float32Array): Float32Array;
  countTo(end: number, each: (i: number) => void): Promise<string>;
  counter(start: number): Counter;
  /** Leaves a file when it is closed. */
  mark(file: string): { close(): Promise<void> };
  /** Number of closed counters. */
  closed(): number;
  refuse(message: string): never;
  /** Refuses input by an error of a class that its caller does not know. */
  refuseInput(message: string, help: string): never;
  fail(): never;
  wait(): Promise<void>;
}

let closed = 0;
serve(
  self as never,
  {
    twice: (values) => values.map((value) => 2 * value),
    async countTo(end, each) {
      for (let i = 1; i <= end; i++) each(await Promise.resolve(i));
      return "done";
    },
    counter: (count) => ({
      add: (amount) => count += amount,
      close: () => void closed++,
    }),
    mark: (file) => ({ close: () => Deno.writeTextFile(file, "closed") }),
    closed: () => closed,
    refuseInput(message, help) {
      throw new CircuitError(message, help);
    },
    refuse(message) {
      throw new DeviceError(message);
    },
    fail() {
      throw new SyntaxError("by itself");
    },
    wait: () => new Promise(() => {}),
  } satisfies Echo,
);
