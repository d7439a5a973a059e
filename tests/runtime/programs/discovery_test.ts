/** Methods against circuits that are known: found exactly, and every edge of them ranked above all others. */
import { assertEquals } from "@std/assert";
import { edgeName, makeCircuit, parseEdge } from "../../../runtime/circuits/mod.ts";
import { cleanUpDefaults, discover } from "../../../runtime/discovery/mod.ts";
import { openEngine, openMasked } from "../../../runtime/stream/mod.ts";
import { compareWithTruth } from "../../../runtime/evaluation/truth.ts";
import { openModel } from "../../../runtime/models/mod.ts";
import {
  compileProgram,
  knownEdges,
  type ProgramAblation,
  taskFromProgram,
  writeProgram,
} from "../../../runtime/programs/mod.ts";
import { withFolder } from "../models/helpers.ts";
import { reverse, xproportion } from "./programs.ts";

/** From these seeds of `reverse` under zero ablation training alone misses edges; the clean-up puts them back. */
const CASES: readonly [typeof reverse, ProgramAblation, readonly number[]][] = [
  [reverse, "zero", [1, 2, 4]],
  [reverse, "interchange", [1]],
  [xproportion, "zero", [1]],
  [xproportion, "interchange", [1]],
];

for (const [{ program }, ablation, seeds] of CASES) {
  Deno.test(`${program.name} under ${ablation}: Edge Pruning and ACDC find the known circuit, area 1`, () =>
    withFolder(async (folder) => {
      const plan = compileProgram(program);
      await writeProgram(plan, folder);
      const engine = await openEngine({ device: "cpu" });
      try {
        const masked = await openMasked(engine, await openModel(folder), {
          convention: { embeddings: "split", qkv: "split" },
        });
        const { examples } = taskFromProgram(plan, {
          name: "t",
          metric: "kl",
          examples: { train: 96, validation: 0, test: 0 },
          seed: 1,
        });
        const train = await masked.prepare(examples.train, undefined, ablation);
        const input = { masked, train, task: "t", corruption: "other" };
        const { universe } = masked;
        const known = knownEdges(plan, ablation);
        const truth = makeCircuit(
          universe,
          known.map((edge) => parseEdge(universe, edge)),
          null,
          { expression: "ground_truth" },
        );
        const prune = (seed: number) =>
          discover("edge_pruning", input, {
            steps: 300,
            warmUp: 20,
            batch: 48,
            maskRate: 0.05,
            multiplierRate: 0.05,
            keep: known.length,
            cleanUp: cleanUpDefaults,
            seed,
          });
        const found = [await discover("acdc", input, { threshold: 0.01 })];
        for (const seed of seeds) found.push(await prune(seed));
        for (const { circuit } of found) {
          assertEquals(Array.from(circuit.edges, (edge) => edgeName(universe, edge)), known);
          assertEquals(compareWithTruth(circuit, truth).area, 1);
        }
      } finally {
        await engine.close();
      }
    }));
}
