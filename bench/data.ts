/**
 * Benchmark of data files that become examples: 100,000 rows of prompts in every format, tokenised and checked pair
 * by pair.
 *
 *     deno run -A bench/data.ts [ROWS]
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parquetWriteBuffer } from "hyparquet-writer";
import { readTokenizer } from "../runtime/models/tokenizer.ts";
import { randomFrom } from "../base/random.ts";
import { linesOf, SPLITS, taskFromFiles } from "../runtime/tasks/mod.ts";

const path = (name: string) => fileURLToPath(new URL(`../examples/${name}`, import.meta.url));
const [rows = "100000"] = Deno.args;
const count = Number(rows);

const list = (name: string) => linesOf(Deno.readTextFileSync(path(`toy/${name}.txt`)));
const [names, places, things] = ["names", "places", "things"].map(list);
const random = randomFrom("rows");
const pairs = Array.from({ length: count }, () => {
  const [a, b, c, d, e] = random.shuffle([...names]);
  const [place, thing] = [random.choose(places), random.choose(things)];
  return {
    clean: `When ${a} and ${b} went to the ${place}, ${b} gave a ${thing} to`,
    corrupted: `When ${c} and ${d} went to the ${place}, ${e} gave a ${thing} to`,
    answers: [` ${a}`],
    wrong_answers: [` ${b}`],
  };
});

const text = (lines: string[]) => new TextEncoder().encode(lines.join("\n") + "\n");
const column = (name: string, data: string[]) => ({ name, data, type: "STRING" as const });
const files: Record<string, () => Uint8Array> = {
  "pairs.jsonl": () => text(pairs.map((pair) => JSON.stringify(pair))),
  "pairs.csv": () =>
    text([
      "clean,corrupted,answer,wrong",
      ...pairs.map((p) => `"${p.clean}","${p.corrupted}",${p.answers[0]},${p.wrong_answers[0]}`),
    ]),
  "pairs.parquet": () =>
    new Uint8Array(parquetWriteBuffer({
      columnData: [
        column("clean", pairs.map((p) => p.clean)),
        column("corrupted", pairs.map((p) => p.corrupted)),
        column("answer", pairs.map((p) => p.answers[0])),
        column("wrong", pairs.map((p) => p.wrong_answers[0])),
      ],
    })),
  "pairs.json": () => text([JSON.stringify({ prompts: pairs })]),
};

const tokenizer = await readTokenizer(path("models/toy"));
const folder = await Deno.makeTempDir();
try {
  console.log(`${count.toLocaleString("en-US")} rows, the toy's tokenizer`);
  for (const [name, bytes] of Object.entries(files)) {
    const file = join(folder, name);
    await Deno.writeFile(file, bytes());
    const definition = { name: "rows", files: file, metric: "logit_difference", seed: 1 };
    const started = performance.now();
    const { examples } = await taskFromFiles(definition, tokenizer, { contextLength: 1024 });
    const seconds = (performance.now() - started) / 1000;
    const loaded = SPLITS.reduce((sum, split) => sum + examples[split].length, 0);
    console.log(
      `${name.padEnd(14)} ${seconds.toFixed(2).padStart(6)} s  ${
        Math.round(loaded / seconds).toLocaleString("en-US").padStart(8)
      } rows/s`,
    );
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
