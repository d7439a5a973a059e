/** Compiled programs through the masked graphs in float32: the whole model, and the known circuit under interchange ablation. */
import { assert, assertAlmostEquals } from "@std/assert";
import { edgeName, universeOf } from "../../../runtime/universe/universe.ts";
import { chooseDevice } from "../../../runtime/engine/mod.ts";
import { openModel, shapeOf } from "../../../runtime/models/mod.ts";
import {
  compileProgram,
  knownEdges,
  OUTPUT_LOGIT,
  taskFromProgram,
  writeProgram,
} from "../../../runtime/programs/mod.ts";
import { defaultStreamOptions } from "../../../runtime/stream/mod.ts";
import { openStream } from "../../../runtime/stream/stream.ts";
import { withFolder } from "../models/helpers.ts";
import { lastOccurrence, mostFrequent, reverse, sort, xproportion } from "./programs.ts";

const device = await chooseDevice(Deno.env.get("CIRC_TEST_DEVICE") as "cpu" ?? "cpu");

for (const { program } of [reverse, xproportion, sort, mostFrequent, lastOccurrence]) {
  Deno.test(`${program.name} in float32: exact whole, exact as its known circuit, and wrong without one of its edges`, async () => {
    const plan = compileProgram(program);
    await withFolder(async (folder) => {
      await writeProgram(plan, folder);
      const model = await openModel(folder);
      const universe = universeOf(shapeOf(model.architecture), {
        embeddings: "split",
        qkv: "split",
      });
      const { examples } = taskFromProgram(plan, {
        name: "t",
        metric: "kl",
        examples: { train: 60, validation: 0, test: 0 },
        seed: 1,
      });
      const stream = openStream(device, model, universe, defaultStreamOptions);
      const prepared = await stream.prepare(examples.train);
      const everyone = examples.train.map((_, i) => i);
      const run = async (edges: ReadonlySet<string> | null) => {
        const z = Float32Array.from(
          { length: universe.edgeCount },
          (_, e) => edges === null || edges.has(edgeName(universe, e)) ? 1 : 0,
        );
        return await stream.evaluate(prepared, z, everyone, true);
      };
      const known = new Set(knownEdges(plan, "interchange"));
      for (const edges of [null, known]) {
        const { kl, logits } = await run(edges);
        examples.train.forEach(({ answers }, i) => {
          for (let token = 0; token < plan.tokens.length; token++) {
            const expected = token === answers[0] ? OUTPUT_LOGIT : 0;
            assertAlmostEquals(logits[i * plan.tokens.length + token], expected, 1e-3);
          }
          assert(kl[i] < 1e-5);
        });
      }
      for (const edge of known) {
        const { kl } = await run(new Set([...known].filter((other) => other !== edge)));
        assert(kl.some((one) => one > 0.1), `${program.name} without ${edge}`);
      }
      await stream.close();
    });
  });
}
