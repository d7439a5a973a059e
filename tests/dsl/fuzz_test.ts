import { scriptTexts } from "./support/corpus.ts";
import { randomFrom } from "./support/random.ts";
import { extremes, mutate } from "./support/mutations.ts";
import { randomScript } from "./support/random_script.ts";
import { survive, surviveInTime } from "./support/survive.ts";

const COUNT = 500;

Deno.test(`${COUNT} mutated scripts give a tree or diagnostics, in time`, () => {
  const texts = scriptTexts();
  for (let seed = 1; seed <= COUNT; seed++) {
    const random = randomFrom(seed);
    const text = mutate(random.chance(0.3) ? randomScript(random) : random.pick(texts), random);
    try {
      surviveInTime(text);
    } catch (error) {
      throw new Error(`seed ${seed}: ${JSON.stringify(text)}`, { cause: error });
    }
  }
});

for (const [name, text] of extremes(0.02)) {
  Deno.test(`${name} come to an end`, () => {
    survive(text);
  });
}
