/**
 * Methods that find circuits, and the fields that each of them takes.
 *
 * @module
 */
import type { Entry } from "./entry.ts";

export interface Method extends Entry {
  readonly kind: "method";
  /** Circuit fields that the method reads, besides `find`, `in` and `for`. */
  readonly fields: readonly string[];
  /** True if it needs prompts: a task and, unless ablation is not interchange, a corruption. */
  readonly task: "needed" | "allowed";
  /** What says how many edges stay: one of these fields must be there. */
  readonly size: readonly string[];
  /** Fields of a schedule that the method reads. */
  readonly schedule: readonly string[];
  /** True if it follows the objective's gradient, which the objective must have then. */
  readonly gradient: boolean;
}

const SCORING = [
  "keep",
  "select",
  "rank",
  "within",
  "objective",
  "ablation",
  "examples",
  "resample",
];
const TRAINING = [
  "using",
  "start",
  "within",
  "keep",
  "seed",
  "objective",
  "ablation",
  "examples",
  "resample",
  "batch",
];
const SCHEDULE = ["steps", "warm_up", "edge_sparsity", "learning_rate", "batch"];

const method = (
  word: string,
  fields: readonly string[],
  size: readonly string[],
  text: string,
  { task = "needed", schedule = [], gradient = fields.includes("objective") }: Partial<
    Pick<Method, "task" | "schedule" | "gradient">
  > = {},
): Method => ({
  word,
  kind: "method",
  form: `find ${word}`,
  text,
  fields,
  size,
  task,
  gradient,
  schedule: fields.includes("using") ? [...SCHEDULE, ...schedule] : [],
});

export const METHODS: readonly Method[] = [
  method(
    "edge_pruning",
    [...TRAINING, "clean_up"],
    ["using", "keep"],
    "Trains one mask per edge by gradient descent until the sparsity that the schedule asks for is reached. Edges beyond the circuit are ranked by when their masks closed for good, so that one run gives a circuit of every size.",
    { schedule: ["node_sparsity"] },
  ),
  method(
    "eap",
    SCORING,
    ["keep"],
    "Edge attribution patching: scores every edge by the gradient of its mask at the full model. One pass over the examples.",
  ),
  method(
    "eap_ig",
    [...SCORING, "steps", "integrate"],
    ["keep"],
    "Edge attribution patching with integrated gradients: averages the gradient along the way from the corrupted to the clean run.",
  ),
  method(
    "clean_corrupted",
    SCORING,
    ["keep"],
    "Averages the gradients at the clean and at the corrupted run: an integrated gradient of two points.",
  ),
  method(
    "activation_patching",
    SCORING,
    ["keep"],
    "Cuts every edge by itself and measures what changes. Exact for single edges, and slow.",
    { gradient: false },
  ),
  method(
    "acdc",
    ["threshold", "keep", "within", "objective", "ablation", "examples", "resample"],
    ["threshold", "keep"],
    "Goes backwards through the model and cuts every edge whose absence makes the objective worse by less than the threshold.",
    { gradient: false },
  ),
  method(
    "node_pruning",
    [...TRAINING, "steps"],
    ["using", "keep"],
    "Edge Pruning with one mask per component: a component keeps all of its edges or none.",
  ),
  method(
    "uniform_gradient_sampling",
    [...TRAINING, "steps", "samples"],
    ["using", "keep"],
    "Averages mask gradients over masks drawn at random.",
  ),
  method(
    "soft_top_k",
    [...TRAINING, "steps"],
    ["using", "keep"],
    "Trains scores through a soft choice of the best edges, of exactly the size that is kept.",
    { schedule: ["temperature"] },
  ),
  method(
    "hybrid",
    [...TRAINING, "steps", "integrate", "clean_up"],
    ["using", "keep"],
    "Integrated gradients first, then Edge Pruning on what they kept, then a clean-up that removes edges that do not matter and puts back those that do.",
    { schedule: ["node_sparsity"] },
  ),
  method(
    "random",
    ["keep", "seed", "within", "select"],
    ["keep"],
    "Edges drawn at random: what chance gives.",
    { task: "allowed" },
  ),
  method(
    "ground_truth",
    ["ablation"],
    [],
    "The circuit that a compiled program is known to have, under ablation `interchange` or `zero`. Only of models that come from a program.",
    { task: "allowed" },
  ),
  method(
    "computed_truth",
    ["ablation", "seed"],
    [],
    "The circuit of a compiled program, computed: a minimal set of edges that gives the program's output at every position of every input. A note tells whether it is the known one, which `ground_truth` gives.",
    { task: "allowed" },
  ),
];
