/**
 * How a circuit's declaration asks a discovery method for something: its fields as the method's options.
 *
 * @module
 */
import { type Ablation, ablationNamed, ablations } from "../../../runtime/stream/mod.ts";
import {
  cleanUpDefaults,
  type MethodName,
  methodNames,
  methods,
} from "../../../runtime/discovery/mod.ts";
import { universeDifferences } from "../../../runtime/circuits/mod.ts";
import type { CircuitDeclaration, Name } from "../../syntax/tree.ts";
import { fail, type Place } from "../error.ts";
import { isShare, numberOf, wholeNumberOf } from "../lower/constant.ts";
import { fieldsOf } from "../lower/fields.ts";
import { type Schedule, scheduleOf, type SparsityPlan } from "../lower/schedule.ts";
import type { Scope } from "../scope.ts";
import type { CircuitValue, ModelValue } from "../values.ts";

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

/** The method that `find` names. */
export function methodOf(declaration: CircuitDeclaration, scope: Scope): MethodName {
  const name = fieldsOf(declaration.fields).choice("find");
  if (name === undefined) fail(scope.place(declaration.name), "say how: `find METHOD`");
  const known = methodNames.find((each) => each === name.text);
  if (known !== undefined) return known;
  return fail(
    scope.place(name),
    `no method is called \`${name.text}\``,
    `methods are ${methodNames.join(", ")}`,
  );
}

/** What edges carry that a circuit lacks. */
export function ablationOf(declaration: CircuitDeclaration, scope: Scope): Ablation {
  const name = fieldsOf(declaration.fields).choice("ablation");
  if (name === undefined) return "interchange";
  return ablationNamed(name.text) ??
    fail(
      scope.place(name),
      `\`${name.text}\` is no ablation`,
      `ablations are ${Object.keys(ablations).join(", ")}`,
    );
}

/** Everything that decides what a method finds besides the examples, the method's defaults filled in. */
export function optionsOf(
  declaration: CircuitDeclaration,
  model: ModelValue,
  scope: Scope,
): Options {
  const method = methodOf(declaration, scope);
  const { defaults } = methods[method as keyof typeof methods] as { readonly defaults: object };
  const takes = (option: string) =>
    Object.hasOwn(defaults, option) || option === "within" ||
    (optional[method] ?? []).includes(option);
  const fields = [...given(declaration, model, scope)];
  const says = (option: string) => fields.some((field) => field.option === option);
  const options: Record<string, unknown> = { ...defaults, ...(takes("seed") && { seed: 0 }) };
  // A schedule that says nothing of a warm-up has none, whatever the method does by itself.
  if (takes("warmUp") && says("edgeSparsity")) options.warmUp = 0;

  for (const { option, value, place } of fields) {
    if (option === "steps" && takes("points") && place.circuitField) options.points = value;
    else if (option === "cleanUp") {
      options.cleanUp = value ? options.cleanUp ?? cleanUpDefaults : null;
    } else if (option === "temperature") options.temperature = [value, value];
    else if (takes(option)) options[option] = value;
    else if (option !== "nodeSparsity" || value !== null) {
      // The checker has said so already, except where it is not asked.
      fail(place, `\`${method}\` has no use for \`${wordOf(option)}\``);
    }
  }
  if (!says("keep") && says("edgeSparsity") && Object.hasOwn(defaults, "keep")) {
    options.keep = { share: 1 - (options.edgeSparsity as SparsityPlan).to };
  }
  if (!options.edgeSparsity && !options.nodeSparsity) return options;
  return withClimb(options as unknown as Climbing, model, says("edgeSparsity"));
}

/** An option's name as the language writes it. */
function wordOf(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

interface Given {
  readonly option: string;
  readonly value: unknown;
  /** Whether a field of the circuit itself says it, not its schedule. */
  readonly place: Place & { readonly circuitField: boolean };
}

/** What the declaration says, field by field. */
function* given(
  declaration: CircuitDeclaration,
  model: ModelValue,
  scope: Scope,
): Generator<Given> {
  for (const field of declaration.fields) {
    const place = { ...scope.place(field), circuitField: field.kind !== "UsingField" };
    switch (field.kind) {
      case "UsingField": {
        const schedule = scope.lookup(field.schedule.text);
        if (schedule?.kind !== "schedule") {
          fail(scope.place(field.schedule), `\`${field.schedule.text}\` is not a schedule`);
        }
        const asked: Schedule = scheduleOf(field.overrides, scope, schedule.schedule);
        for (const [option, value] of Object.entries(asked)) yield { option, value, place };
        break;
      }
      case "ValueField": {
        const { word, value } = field;
        // Which examples there are is the interpreter's business.
        if (word === "examples" || word === "resample") break;
        const whole = word !== "threshold" && word !== "temperature";
        const least = word === "seed" ? 0 : 1;
        const number = whole
          ? wholeNumberOf(value, scope, least, `\`${word}\``)
          : numberOf(value, scope);
        yield { option: word, value: number, place };
        break;
      }
      case "ChoiceField": {
        const { word, value: { text } } = field;
        // The examples are prepared for an ablation before a method sees them.
        if (word === "find" || word === "in" || word === "ablation") break;
        if (word === "clean_up") yield { option: "cleanUp", value: text === "on", place };
        else if (word === "within") {
          yield {
            option: word,
            value: circuitNamed(field.value, model, scope).circuit.edges,
            place,
          };
        } else yield { option: word, value: text, place };
        break;
      }
      case "StartField":
        yield { option: "warmStart", value: scoresOf(field.circuit, model, scope), place };
        break;
      case "KeepField":
        yield { option: "keep", value: keepOf(field, model, scope), place };
    }
  }
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

/** How much `keep` asks for, in edges where that is a number or a share. */
function keepOf(
  { above, amount }: Extract<CircuitDeclaration["fields"][number], { kind: "KeepField" }>,
  { universe }: ModelValue,
  scope: Scope,
): number | { readonly above: number } {
  const wanted = numberOf(amount, scope);
  if (above) return { above: wanted };
  const count = isShare(amount, scope) ? Math.round(wanted * universe.edgeCount) : wanted;
  if (Number.isInteger(count) && count >= 1 && count <= universe.edgeCount) return count;
  return fail(
    scope.place(amount),
    `cannot keep ${scope.written(amount)} of ${universe.edgeCount} edges`,
    "a share such as 2%, or a whole number from 1 to the number of edges",
  );
}

/** The circuit of a name, which must be of the model's universe. */
function circuitNamed(name: Name, model: ModelValue, scope: Scope): CircuitValue {
  const value = scope.lookup(name.text);
  if (value?.kind !== "circuit") fail(scope.place(name), `\`${name.text}\` is not a circuit`);
  const differences = universeDifferences(value.circuit.universe, model.universe);
  if (differences.length > 0) {
    fail(
      scope.place(name),
      `\`${name.text}\` belongs to another universe than \`${model.name}\``,
      differences.join("; "),
    );
  }
  return value;
}

/** Scores of the circuit that a warm start names. */
function scoresOf(name: Name, model: ModelValue, scope: Scope): Float32Array {
  const { circuit } = circuitNamed(name, model, scope);
  if (circuit.scores === null) {
    fail(scope.place(name), `\`${name.text}\` has no scores to start from`);
  }
  return circuit.scores;
}
