/** Values of expressions where one kind of value is needed. @module */
import { typeProblem } from "../check/messages.ts";
import type { CheckedExpression, Use } from "../check/program.ts";
import type { Symbol } from "../check/symbols.ts";
import type { Context } from "./context.ts";
import { UnknownValue } from "./effects.ts";
import { fail } from "./error.ts";
import type { CircuitValue, Value } from "./values.ts";

type Kind = Exclude<Value["kind"], "unknown">;
type Of<K extends Kind> = Extract<Value, { readonly kind: K }>;

/** @throws {ScriptError} for a value of another kind, which the checker could not know */
export async function operandOf<K extends Kind>(
  kind: K,
  expression: CheckedExpression,
  context: Context,
): Promise<Of<K>> {
  const value = await context.interpreter.valueOfExpression(expression, context);
  if (value.kind === kind) return value as Of<K>;
  if (value.kind === "unknown") throw new UnknownValue();
  const { source } = context;
  return fail(
    source.place(expression),
    typeProblem(source.written(expression), value.kind, [kind]),
  );
}

export async function numberOf(expression: CheckedExpression, context: Context): Promise<number> {
  return (await operandOf("number", expression, context)).number;
}

export function circuitOf(expression: CheckedExpression, context: Context): Promise<CircuitValue> {
  return operandOf("circuit", expression, context);
}

/** Circuits, each with its expression as the script has it. */
export interface NamedCircuit {
  readonly name: string;
  readonly value: CircuitValue;
}

export async function circuitsOf(
  expressions: readonly CheckedExpression[],
  context: Context,
): Promise<NamedCircuit[]> {
  const circuits: NamedCircuit[] = [];
  for (const expression of expressions) {
    const value = await circuitOf(expression, context);
    circuits.push({ name: context.source.written(expression), value });
  }
  return circuits;
}

/** The value of a declaration. */
export function valueOf<K extends Kind>(kind: K, symbol: Symbol, { env }: Context): Of<K> {
  const value = env.get(symbol);
  if (value?.kind === kind) return value as Of<K>;
  throw new UnknownValue();
}

/** The value of a name where there is one. */
export function usedIn<K extends Kind>(
  kind: K,
  use: Use | undefined,
  context: Context,
): Of<K> | undefined {
  return use && valueOf(kind, use.symbol, context);
}
