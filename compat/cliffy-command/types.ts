/**
 * Types of options and arguments, read off the flags that declare them: `--set <assignment:string>`
 * makes `{ set?: string }`.
 *
 * @module
 */

/** Values of the types that need no declaration. */
export interface BuiltInTypes {
  string: string;
  number: number;
  integer: number;
  boolean: boolean;
  file: string;
}

/** Settings of an option. */
export interface OptionOptions {
  /** Value when the option is not given. */
  readonly default?: unknown;
  /** The option may be given several times; its value is the list. */
  readonly collect?: boolean;
  readonly required?: boolean;
  /** Not shown in the help text. */
  readonly hidden?: boolean;
}

// deno-lint-ignore ban-types
type Empty = {};

type LongFlag<F extends string> = F extends `${string}--${infer Rest}`
  ? Rest extends `${infer Name} ${string}` ? Name : Rest
  : never;

type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

type Named<N extends string, T> = N extends keyof T ? T[N] : string;

type FlagValue<F extends string, T> = F extends `${string}<${string}:${infer N}>` ? Named<N, T>
  : F extends `${string}<${string}>` ? string
  : F extends `${string}[${string}:${infer N}]` ? true | Named<N, T>
  : F extends `${string}[${string}]` ? true | string
  : true;

type Collected<V, O> = O extends { collect: true } ? V[] : V;

/** Type of the options that one `.option()` adds. */
export type OptionOf<F extends string, O, T> = O extends { default: unknown } | { required: true }
  ? { [K in CamelCase<LongFlag<F>>]: Collected<FlagValue<F, T>, O> }
  : { [K in CamelCase<LongFlag<F>>]?: Collected<FlagValue<F, T>, O> };

type ArgumentOf<A extends string, T> = A extends `<${string}:${infer N}>` ? Named<N, T>
  : A extends `[${string}:${infer N}]` ? Named<N, T> | undefined
  : string;

/** The arguments that `.arguments()` declares, as a tuple. */
export type ArgumentsOf<A extends string, T> = string extends A ? string[]
  : A extends "" ? []
  : A extends `${infer Head} ${infer Tail}` ? [ArgumentOf<Head, T>, ...ArgumentsOf<Tail, T>]
  : A extends `[${string}]` ? [ArgumentOf<A, T>?]
  : [ArgumentOf<A, T>];

/** Options so far, and one more. */
export type Merge<A, B> = A extends void ? B : Empty & { [K in keyof A]: A[K] } & B;
