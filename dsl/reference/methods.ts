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
  /** Whether it needs prompts: a task and, unless ablation is not interchange, a corruption. */
  readonly task: "needed" | "allowed";
  /** What says how many edges stay: one of these fields must be there. */
  readonly size: readonly string[];
}

const SCORING = [
  "keep",
  "select",
  "rank",
  "within",
  "objective",
  "ablation",
  "examples",
  "batch",
  "seed",
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
  "batch",
  "select",
];

const method = (
  word: string,
  fields: readonly string[],
  size: readonly string[],
  text: string,
  task: "needed" | "allowed" = "needed",
): Method => ({ word, kind: "method", form: `find ${word}`, text, fields, size, task });

export const METHODS: readonly Method[] = [
  method(
    "edge_pruning",
    [...TRAINING, "clean_up"],
    ["using", "keep"],
    "Trains one mask per edge by gradient descent until the sparsity that the schedule asks for is reached.",
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
  ),
  method(
    "acdc",
    ["threshold", "keep", "within", "objective", "ablation", "examples", "batch", "seed"],
    ["threshold", "keep"],
    "Goes backwards through the model and cuts every edge whose absence makes the objective worse by less than the threshold.",
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
  ),
  method(
    "hybrid",
    [...TRAINING, "steps", "integrate", "clean_up"],
    ["using", "keep"],
    "Integrated gradients first, then Edge Pruning on what they kept, then a clean-up that removes edges that do not matter and puts back those that do.",
  ),
  method(
    "random",
    ["keep", "seed", "within", "select"],
    ["keep"],
    "Edges drawn at random: what chance gives.",
    "allowed",
  ),
  method(
    "ground_truth",
    ["ablation"],
    [],
    "The circuit that a compiled program is known to have, under ablation `interchange` or `zero`. Only of models that come from a program.",
    "allowed",
  ),
  method(
    "computed_truth",
    ["ablation", "seed"],
    [],
    "The circuit of a compiled program, computed: a minimal set of edges that gives the program's output at every position of every input. A note tells whether it is the known one, which `ground_truth` gives.",
    "allowed",
  ),
];
