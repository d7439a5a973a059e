/**
 * Fields by which scripts ask a method for something, one record each: those of a circuit, and those of its schedule.
 *
 * @module
 */
import { ablations } from "../universe/ablations.ts";
import { shapes } from "./training/shapes.ts";

/** The values that a field may have. */
export type Values =
  | { readonly kind: "whole"; readonly least: number }
  | { readonly kind: "number"; readonly least?: number; readonly above?: number }
  /** A share, or a share that is neither 0 nor 1. */
  | { readonly kind: "share"; readonly inside?: true }
  /** A word, each with a phrase that completes the field's description. `open`: the library takes others too. */
  | {
    readonly kind: "choice";
    readonly choices: Readonly<Record<string, string>>;
    readonly open?: true;
  }
  | { readonly kind: "switch" }
  /** A number or a share of the edges, or a bound on scores. */
  | { readonly kind: "amount" }
  /** Another circuit: its edges. */
  | { readonly kind: "edges" }
  /** Another circuit: its scores, one per edge. */
  | { readonly kind: "scores" }
  /** Whole numbers of steps, from 0 to all of them. */
  | { readonly kind: "steps" }
  | { readonly kind: "sparsity" }
  /** Learning rates of the masks and of the multipliers. */
  | { readonly kind: "rates" };

/** A field: its values, an example of how it is written, and what it means. */
export type Field = Values & {
  readonly form: string;
  readonly about: string;
  readonly unit?: string;
  /** The value when nothing is said, in words. */
  readonly standard?: string;
};

/** Fields of circuits that methods read, or that say which examples they look at, in the order of the documentation. */
export const circuitFields = {
  start: {
    kind: "scores",
    form: "start from hint",
    about: "A warm start: masks begin at another circuit's scores.",
  },
  within: {
    kind: "edges",
    form: "within hint",
    about: "Only edges of another circuit may be kept.",
  },
  keep: {
    kind: "amount",
    form: "keep 2%",
    about:
      "How much is kept: a share of the edges, exactly so many (`keep 100`), or those whose score is greater (`keep above 0.01`).",
  },
  seed: {
    kind: "whole",
    least: 0,
    form: "seed 42",
    about: "Where random choices start: the same seed, the same circuit.",
    standard: "0",
  },
  objective: {
    kind: "choice",
    choices: { kl: "`kl` to the full model", metric: "the task's own `metric`" },
    open: true,
    form: "objective kl",
    about: "What the method keeps small or large:",
    standard: "`kl` where masks are trained and for `acdc`, `metric` where edges are scored",
  },
  ablation: {
    kind: "choice",
    choices: ablations,
    form: "ablation interchange",
    about: "What an edge carries when it is cut:",
    standard: "`interchange`",
  },
  steps: {
    kind: "whole",
    least: 1,
    form: "steps 5",
    about:
      "How many points of the path an integrated gradient averages over: for `hybrid` those of its first stage. How long masks are trained is the schedule's business; `node_pruning`, `uniform_gradient_sampling` and `soft_top_k` take their training steps here too.",
  },
  samples: {
    kind: "whole",
    least: 1,
    form: "samples 8",
    about:
      "How many random masks the method draws at each step, each a pass over the step's examples.",
  },
  threshold: {
    kind: "number",
    least: 0,
    form: "threshold 0.01",
    about:
      "An edge stays when cutting it makes the objective worse by at least this. With `threshold 0` edges on a path that change nothing stay.",
  },
  integrate: {
    kind: "choice",
    choices: { inputs: "the `inputs`", activations: "the `activations`", masks: "the `masks`" },
    form: "integrate activations",
    about: "What an integrated gradient moves on its way from the corrupted to the clean run:",
  },
  select: {
    kind: "choice",
    choices: {
      top: "the highest (`top`)",
      greedy: "one by one from the logits back (`greedy`)",
    },
    form: "select top",
    about: "How edges are chosen by score:",
    standard: "`top`",
  },
  rank: {
    kind: "choice",
    choices: {
      magnitude: "count as much as edges that help (`magnitude`)",
      signed: "come last (`signed`)",
    },
    form: "rank magnitude",
    about: "Whether edges that harm",
    standard: "`magnitude`",
  },
  clean_up: {
    kind: "switch",
    form: "clean_up on",
    about:
      "Whether edges that do not matter are removed at the end, and those that do put back: `on` or `off`.",
  },
  examples: {
    kind: "whole",
    least: 1,
    form: "examples 64",
    about: "How many training examples the method looks at.",
    unit: "examples",
    standard: "all",
  },
  resample: {
    kind: "whole",
    least: 1,
    form: "resample 3",
    about:
      "The method looks at as many training examples drawn from them with replacement, a bootstrap sample; the number says which. `stability` finds a circuit on many.",
    standard: "the examples themselves",
  },
  batch: {
    kind: "whole",
    least: 1,
    form: "batch 16",
    about: "How many examples a training step looks at.",
    unit: "examples",
  },
} as const satisfies Readonly<Record<string, Field>>;

const SPARSITY: string = `The share of edges that is to be gone, as it grows: ${
  oneOf(Object.values(shapes).map(({ about }) => about))
}; over all steps when none are named. Beside \`keep\`, the sparsity ends at what is kept. Points: \`[0 at 0, 90% at 1000, 98% at 2500]\`.`;

/** Fields of schedules, in the order of the documentation. */
export const scheduleFields = {
  steps: {
    kind: "whole",
    least: 1,
    form: "steps 3000",
    about: "How many training steps there are.",
    unit: "steps",
  },
  warm_up: {
    kind: "steps",
    form: "warm_up 200 steps",
    about: "The learning rate rises to its full value over the first steps.",
    unit: "steps",
    standard:
      "0; for `edge_pruning` and `hybrid`, when nothing says `edge_sparsity`, 20, and at most a tenth of the steps",
  },
  edge_sparsity: {
    kind: "sparsity",
    form: "edge_sparsity 0 -> 98% over 2500 steps by cosine",
    about: SPARSITY,
    unit: "share of the edges",
  },
  node_sparsity: {
    kind: "sparsity",
    form: "node_sparsity off",
    about: "The same for whole components, or `off`: components have no masks of their own.",
    unit: "share of the components",
    standard: "`off`; for `hybrid`, half of them",
  },
  learning_rate: {
    kind: "rates",
    form: "learning_rate masks 0.8, multipliers 0.8",
    about: "Step sizes of the masks and of the Lagrange multipliers; a single number is both.",
  },
  batch: {
    kind: "whole",
    least: 1,
    form: "batch 32",
    about: "How many examples a step looks at.",
    unit: "examples",
  },
  temperature: {
    kind: "number",
    above: 0,
    form: "temperature 0.2",
    about: "How soft the choice of `soft_top_k` is, from its first step to its last.",
    standard: "falls from 0.5 to 0.1",
  },
} as const satisfies Readonly<Record<string, Field>>;

export type CircuitWord = keyof typeof circuitFields;
export type ScheduleWord = keyof typeof scheduleFields;

/** Learning rates that a schedule sets, with the option that each is. */
export const rates = { masks: "maskRate", multipliers: "multiplierRate" } as const;

/** Words of a table of fields whose values are of some kinds. */
export type WordsOfKind<Fields, Kind> = {
  [Word in keyof Fields]: Fields[Word] extends { readonly kind: Kind } ? Word : never;
}[keyof Fields];

export function wordsOfKind<Word extends string, Kind extends Values["kind"]>(
  fields: Readonly<Record<Word, Field>>,
  ...kinds: readonly Kind[]
): Word[] {
  return (Object.keys(fields) as Word[]).filter((word) =>
    (kinds as readonly string[]).includes(fields[word].kind)
  );
}

/** Words that a field of a circuit may have as its value; undefined where it has other values. */
export function choicesOf(word: string): readonly string[] | undefined {
  const field: Field | undefined = Object.hasOwn(circuitFields, word)
    ? circuitFields[word as CircuitWord]
    : undefined;
  if (field?.kind === "switch") return ["on", "off"];
  return field?.kind === "choice" ? Object.keys(field.choices) : undefined;
}

/** The meaning of a field: its description, completed by its choices. */
export function meaningOf(field: Field): string {
  return field.kind === "choice"
    ? `${field.about} ${oneOf(Object.values(field.choices))}.`
    : field.about;
}

/** Phrases as a list: `a, b, or c`. */
function oneOf(phrases: readonly string[]): string {
  return [...phrases.slice(0, -1), `or ${phrases.at(-1)}`].join(", ");
}

/** The range of a field in words, where it has one. */
export function rangeOf(field: Field): string | undefined {
  switch (field.kind) {
    case "whole":
      return `whole numbers from ${field.least}`;
    case "number":
      return field.above === undefined ? `from ${field.least}` : `above ${field.above}`;
    case "amount":
      return "above 0% up to 100%, or whole numbers from 1";
    case "steps":
      return "whole numbers from 0 to `steps`";
    case "sparsity":
      return "0% to 100%, never falling";
    case "rates":
      return "above 0";
  }
}
