/** Random circuits: edges in an order that only the seed decides. What chance gives. @module */
import { load } from "../../../base/load.ts";
import { randomFrom } from "../../../base/random.ts";
import { defineMethod, type Method, type SearchInput } from "../method.ts";
import { inCircuit } from "../options.ts";
import { gradients } from "../cost.ts";
import type { SelectionOptions } from "../selection/selection.ts";

export interface RandomOptions extends SelectionOptions {
  readonly seed: number;
}

export const random: Method<RandomOptions, unknown, SearchInput> = defineMethod({
  name: "random",
  about: "Edges drawn at random: what chance gives.",
  source: "no paper",
  needs: "nothing",
  size: ["keep"],
  options: {
    keep: inCircuit("keep", { share: 0.05 }),
    seed: inCircuit("seed", 0),
    within: inCircuit("within"),
    select: inCircuit("select", "top"),
  },
  passes: () => gradients(0),
  async run(input, options) {
    const { discoveryOf } = await load<typeof import("../discovery.ts")>(
      import.meta.resolve("../discovery.ts"),
    );
    const { selectEdges } = await load<typeof import("../selection/selection.ts")>(
      import.meta.resolve("../selection/selection.ts"),
    );
    const start = performance.now();
    const { universe } = input.masked;
    const scores = randomFrom(options.seed, "random circuit")
      .fillOpenUniform(new Float32Array(universe.edgeCount));
    const selection = selectEdges(universe, scores, options);
    const cost = { forward: 0, gradient: 0, seconds: (performance.now() - start) / 1000 };
    return await discoveryOf(input, {
      method: "random",
      options: { ...options },
      selection,
      scores,
      steps: [],
      cost,
      stopped: false,
    });
  },
});
