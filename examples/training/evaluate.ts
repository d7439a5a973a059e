/** Scores of a small model on prompts that were held out from its training. @module */
import * as ort from "../../base/packages/onnxruntime.ts";
import { randomFrom } from "../../base/random.ts";
import { type Encode, heldOutPrompts, promptTokens, tokenOf } from "./batches.ts";
import { answersOf, type Course, type Lesson, textOf } from "./course.ts";
import { type Batch, predictionGraph, type Sizes, type Weights, weightTensors } from "./model.ts";

export interface Score {
  /** Share of prompts whose likeliest token, of all, is a right answer. */
  readonly accuracy: number;
  /** Probability on right answers, mean over prompts. */
  readonly probability: number;
}

/** Scores per task over `count` held-out prompts each, always the same ones. */
export async function evaluate<Task extends string>(
  weights: Weights,
  sizes: Sizes,
  batch: Batch,
  course: Course<Task>,
  encode: Encode,
  padding: number,
  count: number,
): Promise<Record<Task, Score>> {
  const session = await ort.InferenceSession.create(predictionGraph(sizes, batch), {
    executionProviders: ["cpu"],
  });
  const tensors = weightTensors(sizes, weights);
  const random = randomFrom("held-out");
  const scores = {} as Record<Task, Score>;
  try {
    for (const task of course.tasks) {
      const prompts = heldOutPrompts(course, task, count, random);
      let right = 0;
      let probability = 0;
      for (let start = 0; start < count; start += batch.prompts) {
        const part = prompts.slice(start, start + batch.prompts);
        const texts = part.map((lesson) => encode(textOf(lesson)));
        const tokens = promptTokens(texts, batch, padding);
        const results = await session.run({
          ...tensors,
          tokens: new ort.Tensor("int32", tokens, [tokens.length]),
        });
        const rows = results.probabilities.data as Float32Array;
        part.forEach((prompt, i) => {
          const row = (i * batch.positions + texts[i].length - 1) * sizes.vocabulary;
          const outcome = judge(rows.subarray(row, row + sizes.vocabulary), prompt, encode);
          right += outcome.right ? 1 : 0;
          probability += outcome.probability;
        });
      }
      scores[task] = { accuracy: right / count, probability: probability / count };
    }
  } finally {
    await session.release();
  }
  return scores;
}

function judge(probabilities: Float32Array, prompt: Lesson, encode: Encode) {
  const answers = answersOf(prompt).map((answer) => tokenOf(answer, encode));
  const likeliest = probabilities.indexOf(Math.max(...probabilities));
  return {
    right: answers.includes(likeliest),
    probability: answers.reduce((sum, token) => sum + probabilities[token], 0),
  };
}
