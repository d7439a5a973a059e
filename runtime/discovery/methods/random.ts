/**
 * Random circuits: edges in an order that only the seed decides. What chance gives.
 *
 * @module
 */
import { randomFrom } from "../../../base/random.ts";
import type { Method } from "../method.ts";
import { discoveryOf } from "../discovery.ts";
import { selectEdges, type SelectionOptions } from "../selection/selection.ts";

export interface RandomOptions extends SelectionOptions {
  readonly seed: number;
}

const defaults: RandomOptions = { keep: { share: 0.05 }, select: "top", seed: 0 };

export const random: Method<RandomOptions> = {
  name: "random",
  defaults,
  run(input, given = {}) {
    const options = { ...defaults, ...given };
    const start = performance.now();
    const { universe } = input.masked;
    const scores = randomFrom(options.seed, "random circuit")
      .fillOpenUniform(new Float32Array(universe.edgeCount));
    const selection = selectEdges(universe, scores, options);
    const cost = { forward: 0, gradient: 0, seconds: (performance.now() - start) / 1000 };
    return discoveryOf(input, {
      method: "random",
      options: { ...options },
      selection,
      scores,
      steps: [],
      cost,
      stopped: false,
    });
  },
};
