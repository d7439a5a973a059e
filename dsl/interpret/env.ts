/** Values of names while a script runs, by declaration: a name that is declared again is another one. @module */
import type { Symbol } from "../check/check.ts";
import type { Value } from "./values.ts";

/** Makes the value of a declaration that was put off, and sets it. */
type Make = () => Promise<void>;

export interface Env {
  get(symbol: Symbol): Value | undefined;
  set(symbol: Symbol, value: Value): void;
  /** Forgets a value that nothing can ask for any more. */
  delete(symbol: Symbol): void;
  /** Puts a declaration off until something asks for its value. */
  defer(symbol: Symbol, make: Make): void;
  /** The value, which is made now where its declaration was put off. */
  ask(symbol: Symbol): Promise<Value | undefined>;
  /** True if the name has a value, or gets one when something asks for it. */
  has(symbol: Symbol): boolean;
  /** Declarations that nothing asked for. */
  unasked(): Symbol[];
  /** The environment of a point of a sweep, which sees this one. */
  inside(): Env;
}

export function openEnv(around?: Env): Env {
  const values = new Map<Symbol, Value>();
  const deferred = new Map<Symbol, Make>();
  const env: Env = {
    get: (symbol) => values.get(symbol) ?? around?.get(symbol),
    set: (symbol, value) => void values.set(symbol, value),
    delete: (symbol) => void (values.delete(symbol), deferred.delete(symbol)),
    defer: (symbol, make) => void deferred.set(symbol, make),
    ask: async (symbol) => {
      const make = deferred.get(symbol);
      if (make === undefined) return values.get(symbol) ?? await around?.ask(symbol);
      await make();
      deferred.delete(symbol);
      return values.get(symbol);
    },
    has: (symbol) => deferred.has(symbol) || env.get(symbol) !== undefined,
    unasked: () => [...deferred.keys()],
    inside: () => openEnv(env),
  };
  return env;
}
