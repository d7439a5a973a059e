/** Provenance of circuits that are made from others, and the ablation that a circuit is measured under. @module */
import { type Ablation, ablationNamed, isMean } from "../universe/ablations.ts";
import { CircuitError } from "../universe/errors.ts";
import type { Circuit, Provenance } from "./circuit.ts";

/** Text of a circuit in the expressions that derive others: its name, or the expression that made it. */
export function expressionOf(circuit: Circuit): string {
  return circuit.provenance.name ?? circuit.provenance.expression;
}

/** As `expressionOf`, in parentheses where an operator inside it would be read differently. */
export function operandOf(circuit: Circuit): string {
  const text = expressionOf(circuit);
  return /^[\w.-]+$/.test(text) ? text : `(${text})`;
}

/**
 * The ablation that a circuit is measured under: the one that it was found with, or that `under` names. A circuit that says
 * none is measured under `interchange`.
 */
export function ablationOf({ provenance }: Pick<Circuit, "provenance">): Ablation {
  return ablationNamed(provenance.options?.ablation) ?? "interchange";
}

/**
 * The same edges and scores, measured under another ablation: `ep under zero`.
 *
 * @example
 * ```ts
 * const architecture = await readArchitecture("examples/models/sorting-gpt");
 * const all = fullCircuit(universeOf(shapeOf(architecture), defaultConvention));
 * ablationOf(union(under(all, "zero"), under(all, "zero"))); // zero
 * ```
 */
export function under(circuit: Circuit, ablation: Ablation): Circuit {
  if (ablationOf(circuit) === ablation) return circuit;
  const expression = `${operandOf(circuit)} under ${ablation}`;
  return {
    ...circuit,
    provenance: underAblation(derivedProvenance(expression, circuit), ablation),
  };
}

/** Options of a provenance that say which prompts the values of a mean ablation are over. */
export interface MeanOptions {
  /** Task and split: `ioi.train`. */
  readonly mean_over?: string;
  /** Number of prompts. */
  readonly mean_prompts?: number;
  /** SHA-256 of the prompts' corrupted tokens, which alone decides. */
  readonly mean_hash?: string;
}

/** The prompts that a circuit's means are over, where it says them. */
export function meansOf({ provenance: { options } }: Pick<Circuit, "provenance">): MeanOptions {
  const { mean_over, mean_prompts, mean_hash } = (options ?? {}) as MeanOptions;
  return {
    ...(mean_over !== undefined && { mean_over }),
    ...(mean_prompts !== undefined && { mean_prompts }),
    ...(mean_hash !== undefined && { mean_hash }),
  };
}

/** Provenance that says the ablation, and of a mean its prompts where given; `interchange` is not written. */
export function underAblation(
  { options, ...rest }: Provenance,
  ablation: Ablation,
  means: MeanOptions = meansOf({ provenance: { ...rest, options } }),
): Provenance {
  const {
    ablation: _ablation,
    mean_over: _over,
    mean_prompts: _prompts,
    mean_hash: _hash,
    ...others
  } = options ?? {};
  const said = { ...others, ablation, ...(isMean(ablation) ? means : {}) };
  const all: Provenance["options"] = ablation === "interchange" ? others : said;
  return Object.keys(all).length > 0 ? { ...rest, options: all } : rest;
}

/** The fields of a provenance in the order that files have. */
export function inOrder(provenance: Provenance): Provenance {
  const { name, expression, model, task, corruption, seed, provider, script, version, options } =
    provenance;
  const known = {
    name,
    expression,
    model,
    task,
    corruption,
    seed,
    provider,
    script,
    version,
    options,
  };
  const all: Record<string, unknown> = { ...known, ...provenance };
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined),
  ) as unknown as Provenance;
}

/** Provenance of a derived circuit: the expression, the ablation, and the facts on which all operands agree. */
export function derivedProvenance(
  expression: string,
  first: Circuit,
  ...others: Circuit[]
): Provenance {
  const { model, task, corruption } = first.provenance;
  const agree = (known: unknown, of: (provenance: Provenance) => unknown) =>
    known !== undefined && others.every((other) => of(other.provenance) === known);
  return underAblation(
    {
      expression,
      ...(agree(model?.hash, (p) => p.model?.hash) ? { model } : {}),
      ...(agree(task, (p) => p.task) ? { task } : {}),
      ...(agree(corruption, (p) => p.corruption) ? { corruption } : {}),
    },
    ablationOf(first),
    others.every((other) => sameMeans(first, other)) ? meansOf(first) : {},
  );
}

const sameMeans = (a: Circuit, b: Circuit) => meansOf(a).mean_hash === meansOf(b).mean_hash;

/**
 * Asserts that two circuits are measured under one ablation, and with the same means where both say theirs.
 *
 * @throws {CircuitError} if they are not; the message names both
 */
export function requireSameAblation(a: Circuit, b: Circuit, operator: string): void {
  const [one, other] = [ablationOf(a), ablationOf(b)];
  const [left, right] = [operandOf(a), operandOf(b)];
  if (one === other) {
    const said = [a, b].every((each) => meansOf(each).mean_hash !== undefined);
    if (!said || sameMeans(a, b)) return;
    throw new CircuitError(
      `\`${left}\` and \`${right}\` are measured under \`${one}\` of other prompts: ${
        meansText(meansOf(a))
      }, and ${meansText(meansOf(b))}`,
    );
  }
  throw new CircuitError(...ablationProblem(left, one, right, other, operator));
}

/** The prompts of means in a few words: `8 of ioi.train (1f0c6a2e)`. */
export function meansText(
  { mean_over = "an unknown task", mean_prompts = 0, mean_hash = "" }: MeanOptions,
): string {
  return `${mean_prompts} of ${mean_over} (${mean_hash.slice(0, 8)})`;
}

/** Message and help about an operation on circuits of two ablations. */
export function ablationProblem(
  left: string,
  one: Ablation,
  right: string,
  other: Ablation,
  operator: string,
): [string, string] {
  return [
    `\`${left}\` is measured under \`${one}\` and \`${right}\` under \`${other}\`, and a circuit has one ablation`,
    `say which: \`(${left} ${operator} ${right}) under ${one}\``,
  ];
}

/** A sentence about an ablation that a form does not hold; none where the circuit is read back as it is. */
export function lostAblation(circuit: Circuit): readonly string[] {
  const ablation = ablationOf(circuit);
  if (ablation === "interchange") return [];
  return [
    `the ablation \`${ablation}\` is not written: read back, the circuit is measured under \`interchange\`, or with \`under ${ablation}\` as here`,
  ];
}
