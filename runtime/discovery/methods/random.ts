/** Random circuits: what chance gives. @module */
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
  about:
    "A circuit drawn at random: what chance gives. Every circuit of so many edges is equally likely where one is found among 2,000 random sets of edges. Otherwise, as for sparse circuits of large models, edges are taken in a random order as by score, and circuits of short paths come more often than others.",
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
    const { drawCircuit } = await load<typeof import("../selection/draw.ts")>(
      import.meta.resolve("../selection/draw.ts"),
    );
    const { selectEdges } = await load<typeof import("../selection/selection.ts")>(
      import.meta.resolve("../selection/selection.ts"),
    );
    const start = performance.now();
    const { universe } = input.masked;
    const { keep, within } = options;
    const random = randomFrom(options.seed, "random circuit");
    const scores = random.fillOpenUniform(new Float32Array(universe.edgeCount));
    const { tie: _, ...selection } = selectEdges(universe, scores, options);
    const drawn = typeof keep === "object" && "above" in keep ? undefined : drawCircuit(
      universe,
      selection.reachable,
      within ?? Uint32Array.from(scores.keys()),
      random,
    );
    // The circuit's own edges come first, so that it is the best of its scores.
    for (const edge of drawn ?? []) scores[edge] += 1;
    const { reachable } = selection;
    const found = drawn ? { edges: drawn, raw: reachable, reachable } : selection;
    const cost = { forward: 0, gradient: 0, seconds: (performance.now() - start) / 1000 };
    return await discoveryOf(input, {
      method: "random",
      options: { ...options },
      selection: found,
      scores,
      steps: [],
      cost,
      stopped: false,
    });
  },
});
