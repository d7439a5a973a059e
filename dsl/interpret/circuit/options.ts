/** Fields of a circuit's declaration as options of its discovery method. @module */
import { requireSameUniverse, requireScores } from "../../../runtime/circuits/mod.ts";
import { shownShare } from "../../../base/number_text.ts";
import {
  type AnyMethod,
  cannotKeep,
  circuitFields,
  methods,
  type Option,
} from "../../../runtime/discovery/mod.ts";
import type { CheckedOption, Schedule, SparsityPlan } from "../../check/program.ts";
import type { Context } from "../context.ts";
import { at, located } from "../error.ts";
import { operandOf, valueOf } from "../operands.ts";
import { settle } from "../settle.ts";
import type { ModelValue } from "../values.ts";
import type { Asked } from "./search.ts";

/** Options by the names that the runtime knows them by. */
export type Options = Readonly<Record<string, unknown>>;

/** Everything that decides what a method finds besides the examples, the method's defaults filled in. */
export function optionsOf(
  { method: name, model: { universe }, seed, ablation, given }: Asked,
): Options {
  const method: AnyMethod = methods[name];
  const options = saidOptions({ method: name, seed, ablation, given });
  if (options.edgeSparsity !== undefined) {
    // A schedule without `warm_up` has no warm-up; the default of the method is not used.
    options.warmUp ??= 0;
    if (options.keep === undefined && method.defaults.keep !== undefined) {
      options.keep = { share: 1 - (options.edgeSparsity as SparsityPlan).to };
    }
  }
  return method.complete(climbing(options, method.complete(options, universe)), universe);
}

/** Options that fields say, without defaults. */
export function saidOptions(
  { method, seed, ablation, given }: Pick<Asked, "method" | "seed" | "ablation" | "given">,
): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  const said: readonly Given[] = [
    { by: "circuit", word: "seed", value: seed },
    { by: "circuit", word: "ablation", value: ablation },
    ...given,
  ];
  for (const { by, word, value } of said) {
    for (const [option, record] of Object.entries<Option<unknown>>(methods[method].options)) {
      const asked = record[by] === word ||
        (by === "schedule" && record.schedule && option === word);
      if (asked) options[option] = record.read ? record.read(value as number | boolean) : value;
    }
  }
  return options;
}

/** Options of which every sparsity that names no number of steps climbs as long as there are steps after the warm-up. */
function climbing(
  options: Options,
  { steps, warmUp }: { readonly steps: number; readonly warmUp: number },
): Options {
  const climbs = Object.entries(options).map(([name, value]) =>
    name.endsWith("Sparsity") && value
      ? [name, { over: Math.max(0, steps - warmUp), ...value }]
      : [name, value]
  );
  return Object.fromEntries(climbs);
}

/** A value that a field of the circuit or of its schedule gives. */
export interface Given {
  readonly by: "circuit" | "schedule";
  /** The field's word; of a schedule's field that is no single number, the option's name. */
  readonly word: string;
  readonly value: unknown;
}

/** The values that fields give, in order. */
export async function givenOf(
  options: readonly CheckedOption[],
  model: ModelValue,
  context: Context,
): Promise<Given[]> {
  const given: Given[] = [];
  for (const option of options) {
    if ("schedule" in option) {
      const { schedule } = valueOf("schedule", option.schedule, context);
      const asked = { ...schedule, ...await settle<Schedule>(option.overrides, context) };
      for (const [word, value] of Object.entries(asked)) {
        given.push({ by: "schedule", word, value });
      }
    } else {
      const value = await oneGiven(option, model, context);
      given.push({ by: "circuit", word: option.word, value });
    }
  }
  return given;
}

async function oneGiven(
  option: Exclude<CheckedOption, { readonly schedule: unknown }>,
  model: ModelValue,
  context: Context,
): Promise<unknown> {
  if ("amount" in option) return await keepOf(option, model, context);
  if (!("circuit" in option)) return await settle<unknown>(option.value, context);
  const { symbol } = option.circuit;
  await context.env.ask(symbol);
  const { circuit } = valueOf("circuit", symbol, context);
  return await at(context.source.place(option.circuit), () => {
    const both = `\`${symbol.name}\` and \`${model.name}\``;
    requireSameUniverse(circuit.universe, model.universe, both);
    return circuitFields[option.word].kind === "edges" ? circuit.edges : requireScores(circuit);
  });
}

/** Size that `keep` asks for, in edges where that is a number or a share. */
async function keepOf(
  { above, amount }: Extract<CheckedOption, { readonly amount: unknown }>,
  { universe }: ModelValue,
  context: Context,
): Promise<number | { readonly above: number }> {
  const { number, percent } = await operandOf("number", amount, context);
  if (above) return { above: number };
  const count = percent ? Math.round(number * universe.edgeCount) : number;
  if (Number.isInteger(count) && count >= 1 && count <= universe.edgeCount) return count;
  const shown = percent ? shownShare(number) : number;
  throw located(context.source.place(amount), cannotKeep(shown, universe.edgeCount));
}
