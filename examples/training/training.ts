/** The training loop: draw a batch, run the graph, update the weights. @module */
import * as ort from "../../base/packages/onnxruntime.ts";
import { randomFrom } from "../../base/random.ts";
import { drawBatch, type Encode } from "./batches.ts";
import type { Course } from "./course.ts";
import {
  type Batch,
  parameters,
  type Sizes,
  startWeights,
  trainingGraph,
  type Weights,
  weightTensors,
} from "./model.ts";
import { type Recipe, startState, update } from "./optimiser.ts";

export interface Training {
  readonly sizes: Sizes;
  readonly batch: Batch;
  readonly recipe: Recipe;
  readonly course: Course;
  readonly encode: Encode;
  /** The token that fills a row after its prompt. */
  readonly padding: number;
  readonly seed: number;
  /** Threads to compute with, which decide nothing but the time; absent: one for each core. */
  readonly threads?: number;
  /** Called after each step with the loss before it and the weights after it, and waited for. */
  readonly onStep?: (step: number, loss: number, weights: Weights) => unknown;
}

/** Trains from the start. The same arguments give the same weights on the same machine and provider. */
export async function train(training: Training): Promise<Weights> {
  const { sizes, batch, recipe, course, encode, padding, seed, threads } = training;
  const list = parameters(sizes);
  const weights = startWeights(list, randomFrom(seed, "weights"));
  const state = startState(weights);
  const random = randomFrom(seed, "batches");
  const tensors = weightTensors(sizes, weights);
  const rows = batch.prompts * batch.positions;
  const session = await ort.InferenceSession.create(trainingGraph(sizes, batch), {
    executionProviders: ["cpu"],
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
  });
  try {
    for (let step = 0; step < recipe.steps; step++) {
      const drawn = drawBatch(course, encode, batch, sizes.vocabulary, padding, random);
      const results = await session.run({
        ...tensors,
        tokens: new ort.Tensor("int32", drawn.tokens, [rows]),
        targets: new ort.Tensor("float32", drawn.targets, [rows, sizes.vocabulary]),
      });
      const gradients = new Map(
        list.map(({ name }) => [name, results[`gradient.${name}`].data as Float32Array]),
      );
      update(step, list, weights, gradients, state, recipe);
      await training.onStep?.(step, (results.loss.data as Float32Array)[0], weights);
    }
  } finally {
    await session.release();
  }
  return weights;
}
