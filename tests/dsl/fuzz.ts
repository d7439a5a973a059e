/** The long fuzzing run: `deno task fuzz [COUNT] [SEED]`. @module */
import { scriptTexts } from "./support/corpus.ts";
import { randomFrom } from "./support/random.ts";
import { extremes, mutate } from "./support/mutations.ts";
import { randomScript } from "./support/random_script.ts";
import { survive, surviveInTime } from "./support/survive.ts";

const count = Number(Deno.args[0] ?? 200_000);
const first = Number(Deno.args[1] ?? 1);
const texts = scriptTexts();
const start = performance.now();
for (const [name, text] of extremes(1)) {
  const milliseconds = survive(text);
  console.log(`${name}: ${milliseconds.toFixed(0)} ms`);
}
for (let i = 0; i < count; i++) {
  const random = randomFrom(first + i);
  const text = mutate(random.chance(0.3) ? randomScript(random) : random.pick(texts), random);
  try {
    surviveInTime(text);
  } catch (error) {
    console.error(`seed ${first + i}:\n${text}\n`);
    throw error;
  }
  if ((i + 1) % 10_000 === 0) {
    const seconds = (performance.now() - start) / 1000;
    console.log(`${i + 1} texts, ${seconds.toFixed(0)} s`);
  }
}
