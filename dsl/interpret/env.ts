/** Values of names while a script runs, by declaration: a name that is declared again is another one. @module */
import type { Symbol } from "../check/check.ts";
import type { Value } from "./values.ts";

export interface Env {
  get(symbol: Symbol): Value | undefined;
  set(symbol: Symbol, value: Value): void;
  /** Forgets a value that nothing can ask for any more. */
  delete(symbol: Symbol): void;
  /** The environment of a point of a sweep, which sees this one. */
  inside(): Env;
}

export function openEnv(around?: Env): Env {
  const values = new Map<Symbol, Value>();
  const env: Env = {
    get: (symbol) => values.get(symbol) ?? around?.get(symbol),
    set: (symbol, value) => void values.set(symbol, value),
    delete: (symbol) => void values.delete(symbol),
    inside: () => openEnv(env),
  };
  return env;
}
