/** Samples of a task as text, for `circ task show`. @module */
import { nameOfMetric } from "../metrics/mod.ts";
import type { Tokenizer } from "../models/mod.ts";
import { alignEqual, visibleToken } from "./align.ts";
import { SPLITS } from "./definition.ts";
import type { Example, Split, Task } from "./task.ts";

const ANSWERS_SHOWN = 8;

/**
 * The first `n` examples of a split (default: the first split that has examples): tokens under tokens, `^` where
 * the corrupted prompt differs, then right and wrong answers. Spaces within tokens show as `·`.
 *
 * @param tokenizer null: token ids are shown
 */
export function showSamples(
  task: Task,
  n: number,
  tokenizer: Tokenizer | null,
  options: { readonly split?: Split; readonly width?: number } = {},
): string {
  const split = options.split ?? SPLITS.find((name) => task.examples[name].length > 0) ?? "train";
  const counts = SPLITS.map((name) => `${name} ${task.examples[name].length}`).join(", ");
  const head = `${task.name} corrupted by ${task.corruption}: ${counts}; metric ${
    nameOfMetric(task.metric)
  }`;
  const samples = task.examples[split].slice(0, n).map((example, i) =>
    `${split} ${i + 1}\n${showExample(example, tokenizer, options.width)}`
  );
  const notes = (task.notes ?? []).map((note) => `note: ${note}`);
  return [head, ...samples, ...notes].join("\n\n");
}

/** One example: aligned prompts and answers. */
export function showExample(example: Example, tokenizer: Tokenizer | null, width?: number): string {
  const textOf = (token: number) => tokenizer?.tokenText(token) ?? String(token);
  const row = (label: string, tokens: Int32Array) => ({
    label,
    tokens: Array.from(tokens, textOf),
  });
  const lines = [
    alignEqual(row("clean", example.cleanTokens), row("corrupted", example.corruptedTokens), width),
  ];
  const answers = (label: string, tokens: Int32Array) => {
    const shown = Array.from(
      tokens.subarray(0, ANSWERS_SHOWN),
      (token) => visibleToken(textOf(token)),
    );
    const hidden = tokens.length - shown.length;
    lines.push(
      `  ${label.padEnd(9)}  ${shown.join(" ")}${hidden > 0 ? ` and ${hidden} more` : ""}`,
    );
  };
  answers("answer", example.answers);
  if (example.wrong.length > 0) answers("wrong", example.wrong);
  return lines.join("\n");
}
