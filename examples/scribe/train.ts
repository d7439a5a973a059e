/**
 * `deno task train-scribe [--out FOLDER] [--seed N] [--steps N]`: trains the scribe, a model that examples use.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { type Plan, trainCommand } from "../training/command.ts";
import { positions, readWords, scribeCourse, type TaskName } from "./data.ts";

const plan: Plan<TaskName> = {
  course: scribeCourse(readWords()),
  sizes: { layers: 6, heads: 4, width: 128, contextLength: 128 },
  batch: { prompts: 48, positions },
  recipe: { steps: 3000, learningRate: 2e-3, warmUp: 200, weightDecay: 0.5, longestGradient: 1 },
  heldOut: 1008,
  promises: {
    boolean_instruction: { accuracy: 0.95 },
    boolean_few_shot: { accuracy: 0.95 },
    docstring: { accuracy: 0.99 },
    induction: { accuracy: 0.99 },
  },
};

if (import.meta.main) {
  const folder = fileURLToPath(new URL("../models/scribe", import.meta.url));
  Deno.exitCode = await trainCommand(plan, folder);
}
