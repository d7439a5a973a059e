/**
 * Remote objects: one thread serves an object, another calls it as a proxy with the same calls as promises.
 *
 * The contract is the interface of the object that is served. Arguments and results are structured clones, but for
 * two kinds of values: a function among the arguments is called back in the caller's thread, as a progress report
 * wants it, and a result that can be closed stays in its thread, where the caller uses it as a proxy of its own.
 *
 * @module
 */

import { UserError } from "../../base/user_error.ts";

/** An object that stays in the thread that made it, until it is closed. */
export interface Closable {
  close(): void | Promise<void>;
}

// deno-lint-ignore no-explicit-any -- parameters of any call: `never` would take none of them
type Call = (...args: any[]) => unknown;

/** The calls of an object, as another thread makes them. */
export type Remote<T> = {
  readonly [K in keyof T as T[K] extends Call ? K : never]: T[K] extends
    (...args: infer A) => infer R ? (...args: A) => Promise<RemoteResult<Awaited<R>>> : never;
};

type RemoteResult<R> = R extends Closable ? Remote<R> : R;

interface Request {
  readonly id: number;
  readonly object: number;
  readonly call: string;
  /** Functions are replaced by their places. */
  readonly args: readonly unknown[];
  readonly functions: readonly number[];
}

/** An object that stays where it is: its number there, and the names of its calls. */
interface Reference {
  readonly object: number;
  readonly calls: readonly string[];
}

type Reply =
  | { readonly id: number; readonly callback: number; readonly args: readonly unknown[] }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly reference: Reference }
  | { readonly id: number; readonly error: Failure };

interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Of a `UserError`. */
  readonly help?: string;
}

/** Asks to close everything. */
interface End {
  readonly id: number;
  readonly end: true;
}

/** Number of the object that is served first, and of the reply that introduces it. */
const ROOT = 0;

/** The part of a worker's global scope that serving needs. */
interface Scope {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** Serves an object to the thread that started this one. Calls are answered one at a time, in order. */
export function serve(scope: Scope, root: object): void {
  const objects = new Map<number, object>();
  let nextObject = ROOT;
  const enter = (object: object): Reference => {
    objects.set(nextObject, object);
    const calls = Object.entries(object).filter(([, value]) => typeof value === "function");
    return { object: nextObject++, calls: calls.map(([name]) => name) };
  };

  const answer = async ({ id, object, call, args, functions }: Request): Promise<Reply> => {
    const target = objects.get(object) as Record<string, Call> | undefined;
    if (!target) throw new WorkerError("ClosedError", `Cannot ${call}: already closed`);
    const given = args.map((arg, callback) =>
      functions.includes(callback)
        ? (...args: unknown[]) => scope.postMessage({ id, callback, args } satisfies Reply)
        : arg
    );
    const result = await target[call](...given);
    if (call === "close") objects.delete(object);
    return isClosable(result) ? { id, reference: enter(result) } : { id, result };
  };

  /** Closes all objects, the last first; what a call under way still wants of them fails. */
  const end = async () => {
    const open = [...objects.values()].reverse();
    objects.clear();
    for (const object of open) {
      try {
        if (isClosable(object)) await object.close();
      } catch {
        // The others are to be closed all the same.
      }
    }
  };

  let queue = Promise.resolve();
  scope.onmessage = ({ data }: MessageEvent<Request | End>) => {
    if ("end" in data) {
      end().then(() => scope.postMessage({ id: data.id, result: undefined } satisfies Reply));
      return;
    }
    queue = queue.then(async () => {
      try {
        scope.postMessage(await answer(data));
      } catch (error) {
        const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
        const { help } = error instanceof UserError ? error : { help: undefined };
        scope.postMessage({ id: data.id, error: { name, message, stack, help } } satisfies Reply);
      }
    });
  };
  scope.postMessage({ id: ROOT, reference: enter(root) } satisfies Reply);
}

const isClosable = (value: unknown): value is Closable =>
  typeof (value as Closable | null | undefined)?.close === "function";

/** A failure inside a worker whose class the caller does not know, with the name that it had there. */
export class WorkerError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** A worker and the object that it serves. */
export interface Connection<T> {
  readonly calls: Remote<T>;
  /** Closes everything in the worker and ends it; calls under way, and later ones, fail. */
  close(): Promise<void>;
}

type ErrorClass = new (message: string, help?: string) => Error;

const CLOSED = "the session worker was closed";

/**
 * Starts a module as a worker and connects to the object that it serves.
 *
 * @param errors classes that failures keep on their way; other errors of users arrive as {@linkcode UserError}, and all
 *   others as {@linkcode WorkerError}
 */
export async function connect<T>(
  module: URL,
  errors: readonly ErrorClass[] = [],
): Promise<Connection<T>> {
  const worker = new Worker(module, { type: "module" });
  interface Waiting {
    resolve(value: unknown): void;
    reject(error: Error): void;
    readonly args: readonly unknown[];
  }
  const waiting = new Map<number, Waiting>();
  let nextId = ROOT;
  let closed: Promise<void> | undefined;

  const failAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const errorOf = ({ name, message, stack, help }: Failure): Error => {
    const known = errors.find((each) => each.name === name) ??
      (help === undefined ? undefined : UserError);
    const error = known ? new known(message, help) : new WorkerError(name, message);
    return stack ? Object.assign(error, { stack }) : error;
  };
  const proxyOf = ({ object, calls }: Reference) =>
    Object.fromEntries(
      calls.map((call) => [call, (...args: unknown[]) => request(object, call, args)]),
    );
  const request = (object: number, call: string, args: readonly unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      if (closed) throw new WorkerError("ClosedError", CLOSED);
      const id = nextId++;
      const isFunction = (arg: unknown) => typeof arg === "function";
      const functions = [...args.keys()].filter((place) => isFunction(args[place]));
      const sent = args.map((arg) => isFunction(arg) ? null : arg);
      worker.postMessage({ id, object, call, args: sent, functions } satisfies Request);
      waiting.set(id, { resolve, reject, args });
    });

  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    const call = waiting.get(data.id);
    if (!call) return;
    if ("callback" in data) return (call.args[data.callback] as Call)(...data.args);
    waiting.delete(data.id);
    if ("error" in data) call.reject(errorOf(data.error));
    else call.resolve("reference" in data ? proxyOf(data.reference) : data.result);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    closed ??= Promise.resolve();
    worker.terminate();
    failAll(new WorkerError("WorkerError", event.message));
  };

  const calls = await new Promise<unknown>((resolve, reject) =>
    waiting.set(nextId++, { resolve, reject, args: [] })
  );
  return {
    calls: calls as Remote<T>,
    close: () =>
      closed ??= new Promise((resolve) => {
        failAll(new WorkerError("ClosedError", CLOSED));
        const ended = () => {
          worker.terminate();
          resolve();
        };
        waiting.set(nextId, { resolve: ended, reject: ended, args: [] });
        worker.postMessage({ id: nextId, end: true } satisfies End);
      }),
  };
}
