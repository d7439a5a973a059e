/**
 * `deno task train-scribe [--out FOLDER] [--seed N] [--steps N] [--threads N]`: trains the scribe, which examples use for
 * what the toy cannot do.
 *
 * A GPT-NeoX of 6 layers, 4 heads and width 64 learns four synthetic tasks (see data.ts). Gradients come from ops/ and
 * run on onnxruntime's CPU provider; the folder is written when all is done. Exits with status 1, and writes nothing,
 * if the model falls short of what the examples promise.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { type Plan, trainCommand } from "../training/command.ts";
import { positions, readWords, scribeCourse, type TaskName } from "./data.ts";

const plan: Plan<TaskName> = {
  course: scribeCourse(readWords()),
  sizes: {
    layers: 6,
    heads: 4,
    width: 64,
    contextLength: 128,
    form: "gpt_neox",
    activation: "relu",
  },
  batch: { prompts: 16, positions },
  recipe: { steps: 4000, learningRate: 3e-3, warmUp: 200, weightDecay: 0.2, longestGradient: 1 },
  heldOut: 1008,
  promises: {
    boolean_instruction: { accuracy: 0.97 },
    boolean_few_shot: { accuracy: 0.97 },
    docstring: { accuracy: 0.99 },
    induction: { accuracy: 0.85 },
  },
};

if (import.meta.main) {
  const folder = fileURLToPath(new URL("../models/scribe", import.meta.url));
  Deno.exitCode = await trainCommand(plan, folder);
}
