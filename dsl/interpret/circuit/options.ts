/**
 * Fields of a circuit's declaration as options of its discovery method.
 *
 * @module
 */
import { universeDifferences } from "../../../runtime/circuits/mod.ts";
import { cleanUpDefaults, methods } from "../../../runtime/discovery/mod.ts";
import type { CheckedOption, Schedule, SparsityPlan, Use } from "../../check/program.ts";
import type { Context } from "../context.ts";
import { fail } from "../error.ts";
import { operandOf, valueOf } from "../operands.ts";
import { settle } from "../settle.ts";
import type { CircuitValue, ModelValue } from "../values.ts";
import type { Asked } from "./asked.ts";

/** Options by the names that the runtime knows them by. */
export type Options = Readonly<Record<string, unknown>>;

/** Options that a method takes and has no default for, besides `within`. */
const optional: Readonly<Record<string, readonly string[]>> = {
  edge_pruning: ["keep", "warmStart"],
  node_pruning: ["warmStart", "edgeSparsity"],
  uniform_gradient_sampling: ["warmStart", "edgeSparsity"],
  soft_top_k: ["warmStart", "edgeSparsity"],
  hybrid: ["warmStart", "edgeSparsity", "nodeSparsity"],
};

/** Everything that decides what a method finds besides the examples, the method's defaults filled in. */
export function optionsOf({ method, model, seed, given }: Asked): Options {
  const { defaults } = methods[method as keyof typeof methods] as { readonly defaults: object };
  const takes = (option: string) =>
    Object.hasOwn(defaults, option) || option === "within" ||
    (optional[method] ?? []).includes(option);
  const says = (option: string) => given.some((field) => field.option === option);
  const options: Record<string, unknown> = { ...defaults, ...(takes("seed") && { seed }) };
  // A schedule that says nothing of a warm-up has none, whatever the method does by itself.
  if (takes("warmUp") && says("edgeSparsity")) options.warmUp = 0;

  for (const { option, value, ofSchedule } of given) {
    if (option === "steps" && takes("points") && !ofSchedule) options.points = value;
    else if (option === "cleanUp") {
      options.cleanUp = value ? options.cleanUp ?? cleanUpDefaults : null;
    } else if (option === "temperature") options.temperature = [value, value];
    else if (takes(option)) options[option] = value;
  }
  if (!says("keep") && says("edgeSparsity") && Object.hasOwn(defaults, "keep")) {
    options.keep = { share: 1 - (options.edgeSparsity as SparsityPlan).to };
  }
  if (!options.edgeSparsity && !options.nodeSparsity) return options;
  return withClimb(options as unknown as Climbing, model, says("edgeSparsity"));
}

/** A value that a field of the circuit or of its schedule gives to an option. */
export interface Given {
  readonly option: string;
  readonly value: unknown;
  readonly ofSchedule: boolean;
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
      for (const [option, value] of Object.entries(asked)) {
        given.push({ option, value, ofSchedule: true });
      }
    } else given.push({ ...await oneGiven(option, model, context), ofSchedule: false });
  }
  return given;
}

async function oneGiven(
  option: Exclude<CheckedOption, { readonly schedule: unknown }>,
  model: ModelValue,
  context: Context,
): Promise<Omit<Given, "ofSchedule">> {
  if ("amount" in option) return { option: "keep", value: await keepOf(option, model, context) };
  if ("circuit" in option) {
    const { circuit } = circuitNamed(option.circuit, model, context);
    if (option.word === "within") return { option: "within", value: circuit.edges };
    if (circuit.scores !== null) return { option: "warmStart", value: circuit.scores };
    const { symbol: { name } } = option.circuit;
    fail(context.source.place(option.circuit), `\`${name}\` has no scores to start from`);
  }
  const { word, value } = option;
  return {
    option: word === "clean_up" ? "cleanUp" : word,
    value: await settle<unknown>(value, context),
  };
}

interface Climbing {
  readonly steps: number;
  readonly warmUp: number;
  readonly keep?: number | { readonly share: number };
  readonly within?: Uint32Array;
  readonly edgeSparsity?: SparsityPlan;
  readonly nodeSparsity?: SparsityPlan | null;
}

/** Sparsities that name no number of steps climb for as long as there are steps after the warm-up. */
function withClimb(options: Climbing, { universe }: ModelValue, scheduled: boolean): Options {
  const { steps, warmUp, keep, within, edgeSparsity, nodeSparsity } = options;
  const over = Math.max(0, steps - warmUp);
  const target = typeof keep === "number" ? { to: 1 - keep / universe.edgeCount } : {};
  const closed = within === undefined ? {} : { from: 1 - within.length / universe.edgeCount };
  // Without a schedule, `keep` says how far masks close, and a quarter of the steps is left to hold them there.
  const plan = scheduled || edgeSparsity === undefined
    ? edgeSparsity
    : { ...edgeSparsity, ...closed, ...target, over: Math.round(0.75 * over) };
  return {
    ...options,
    ...(plan && { edgeSparsity: { ...plan, over: plan.over ?? over } }),
    ...(nodeSparsity && { nodeSparsity: { ...nodeSparsity, over: nodeSparsity.over ?? over } }),
  };
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
  const { source } = context;
  return fail(
    source.place(amount),
    `cannot keep ${source.written(amount)} of ${universe.edgeCount} edges`,
    "a share such as 2%, or a whole number from 1 to the number of edges",
  );
}

/** The circuit of a name, which must be of the model's universe. */
function circuitNamed(use: Use, model: ModelValue, context: Context): CircuitValue {
  const value = valueOf("circuit", use.symbol, context);
  const differences = universeDifferences(value.circuit.universe, model.universe);
  if (differences.length === 0) return value;
  return fail(
    context.source.place(use),
    `\`${use.symbol.name}\` belongs to another universe than \`${model.name}\``,
    differences.join("; "),
  );
}
