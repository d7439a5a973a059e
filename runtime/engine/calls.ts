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
interface Closable {
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

/** A call of an object by its number; functions among the arguments are replaced by their places. */
interface Request {
  readonly object: number;
  readonly call: string;
  readonly args: readonly unknown[];
  readonly functions: readonly number[];
}

/** A request to close everything. */
interface End {
  readonly end: true;
}

type Sent = { readonly id: number } & (Request | End);

/** An object that stays where it is: its number there, and the names of its calls. */
interface Reference {
  readonly object: number;
  readonly calls: readonly string[];
}

/** An error, with the help of a `UserError`. */
type Failure = Pick<Error, "name" | "message" | "stack"> & Partial<Pick<UserError, "help">>;

type Reply =
  & { readonly id: number }
  & (
    | { readonly callback: number; readonly args: readonly unknown[] }
    | { readonly result: unknown }
    | { readonly reference: Reference }
    | { readonly error: Failure }
  );

/** Number of the object that is served first, and of the reply that introduces it. */
const ROOT = 0;

/** The part of a worker's global scope that serving needs. */
interface Scope {
  postMessage(message: Reply): void;
  onmessage: ((event: MessageEvent<Sent>) => void) | null;
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

  const answer = async (id: number, { object, call, args, functions }: Request): Promise<Reply> => {
    const target = objects.get(object) as Record<string, Call> | undefined;
    if (!target) throw new WorkerError("ClosedError", `Cannot ${call}: already closed`);
    const given = [...args];
    for (const callback of functions) {
      given[callback] = (...args: unknown[]) => scope.postMessage({ id, callback, args });
    }
    const result = await target[call](...given);
    if (call === "close") objects.delete(object);
    return isClosable(result) ? { id, reference: enter(result) } : { id, result };
  };

  /** Closes all objects, the last first; what a call under way still wants of them fails. */
  const end = async () => {
    const open = [...objects.values()].reverse().filter(isClosable);
    objects.clear();
    for (const object of open) {
      try {
        await object.close();
      } catch {
        // The others are to be closed all the same.
      }
    }
  };

  let queue = Promise.resolve();
  scope.onmessage = ({ data: { id, ...data } }) => {
    if ("end" in data) {
      end().then(() => scope.postMessage({ id, result: undefined }));
      return;
    }
    queue = queue.then(async () => {
      try {
        scope.postMessage(await answer(id, data));
      } catch (error) {
        const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
        const { help } = error instanceof UserError ? error : { help: undefined };
        scope.postMessage({ id, error: { name, message, stack, help } });
      }
    });
  };
  scope.postMessage({ id: ROOT, reference: enter(root) });
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

/**
 * Starts a module as a worker and connects to the object that it serves.
 *
 * @param errors classes that failures keep on their way; other errors of users arrive as {@linkcode UserError}, and all
 *   others as {@linkcode WorkerError}
 */
export async function connect<T>(
  module: URL,
  errors: readonly (new (message: string, help?: string) => Error)[] = [],
): Promise<Connection<T>> {
  const worker = new Worker(module, { type: "module" });
  /** Calls without a result so far, with the functions among their arguments. */
  const waiting = new Map<
    number,
    PromiseWithResolvers<unknown> & { readonly args: readonly unknown[] }
  >();
  let nextId = ROOT;
  let closed: Promise<void> | undefined;
  const closedError = () => new WorkerError("ClosedError", "the session worker was closed");

  const wait = (id: number, args: readonly unknown[] = []) => {
    const call = { ...Promise.withResolvers<unknown>(), args };
    waiting.set(id, call);
    return call.promise;
  };
  const failAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const proxyOf = ({ object, calls }: Reference) =>
    Object.fromEntries(
      calls.map((call) => [call, (...args: unknown[]) => request(object, call, args)]),
    );
  const request = async (object: number, call: string, args: readonly unknown[]) => {
    if (closed) throw closedError();
    const id = nextId++;
    const isFunction = (arg: unknown) => typeof arg === "function";
    const functions = [...args.keys()].filter((place) => isFunction(args[place]));
    const sent = args.map((arg) => isFunction(arg) ? null : arg);
    worker.postMessage({ id, object, call, args: sent, functions } satisfies Sent);
    return await wait(id, args);
  };

  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    const call = waiting.get(data.id);
    if (!call) return;
    if ("callback" in data) return (call.args[data.callback] as Call)(...data.args);
    waiting.delete(data.id);
    if ("error" in data) {
      const { name, message, stack, help } = data.error;
      const known = errors.find((each) => each.name === name) ??
        (help === undefined ? undefined : UserError);
      const error = known ? new known(message, help) : new WorkerError(name, message);
      call.reject(stack ? Object.assign(error, { stack }) : error);
    } else call.resolve("reference" in data ? proxyOf(data.reference) : data.result);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    closed ??= Promise.resolve();
    worker.terminate();
    failAll(new WorkerError("WorkerError", event.message));
  };
  const end = async () => {
    failAll(closedError());
    const id = nextId++;
    worker.postMessage({ id, end: true } satisfies Sent);
    await wait(id).catch(() => {});
    worker.terminate();
  };

  const calls = await wait(nextId++) as Remote<T>;
  return { calls, close: () => closed ??= end() };
}
