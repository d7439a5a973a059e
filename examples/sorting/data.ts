/**
 * Pairs of prompts for sorting.circ: six letters and the beginning of their sorted copy, each with a twin whose
 * next letter differs. Run as a script, it writes pairs.jsonl.
 *
 * The model's letters are the token ids 0, 1 and 2; after 2 1 0 1 0 2 it says 0 0 1 1 2 2.
 *
 * @module
 */
import { type Random, randomFrom } from "../../base/random.ts";

const letters = [0, 1, 2];
const size = 6;

interface Prompt {
  readonly tokens: readonly number[];
  readonly answer: number;
}

/** A sequence drawn at random, followed by the first `known` letters of its sorted copy. */
function draw(random: Random, known: number): Prompt {
  const sequence = Array.from({ length: size }, () => random.integer(letters.length));
  const sorted = [...sequence].sort();
  return { tokens: [...sequence, ...sorted.slice(0, known)], answer: sorted[known] };
}

/** The lines of pairs.jsonl: `count` pairs, no prompt twice. */
export function pairs(count: number): string[] {
  const random = randomFrom(1, "sorting");
  const seen = new Set<string>();
  const lines: string[] = [];
  while (lines.length < count) {
    const known = lines.length % size;
    const clean = draw(random, known);
    const corrupted = draw(random, known);
    const key = clean.tokens.join();
    if (clean.answer === corrupted.answer || seen.has(key)) continue;
    seen.add(key);
    lines.push(JSON.stringify({
      clean_tokens: clean.tokens,
      corrupted_tokens: corrupted.tokens,
      answer_tokens: [clean.answer],
      wrong_tokens: [corrupted.answer],
    }));
  }
  return lines;
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL("pairs.jsonl", import.meta.url), pairs(420).join("\n") + "\n");
}
