/**
 * `deno task train-toy [--out FOLDER] [--seed N] [--steps N]`: trains the toy model that the examples use.
 *
 * A GPT-2 of 4 layers, 8 heads and width 128 learns three synthetic tasks (see data.ts). Gradients come from
 * ops/ and run on onnxruntime's CPU provider; the folder is written when all is done. Exits with status 1, and
 * writes nothing, if the model falls short of what the examples promise.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { type Plan, trainCommand } from "../training/command.ts";
import { readWords, type TaskName, toyCourse } from "./data.ts";

const plan: Plan<TaskName> = {
  course: toyCourse(readWords()),
  sizes: { layers: 4, heads: 8, width: 128, contextLength: 64 },
  batch: { prompts: 48, positions: 20 },
  recipe: { steps: 3000, learningRate: 2e-3, warmUp: 200, weightDecay: 0.5, longestGradient: 1 },
  heldOut: 1008,
  promises: {
    indirect_object: { accuracy: 0.99 },
    greater_than: { probability: 0.95 },
    pronoun: { accuracy: 0.99 },
  },
};

if (import.meta.main) {
  Deno.exitCode = await trainCommand(
    plan,
    fileURLToPath(new URL("../models/toy", import.meta.url)),
  );
}
