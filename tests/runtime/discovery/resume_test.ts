/** Trainings that are stopped and resumed end exactly where the uninterrupted ones end. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { reachableEdges } from "../../../runtime/universe/reachability.ts";
import {
  discover,
  type Discovery,
  DiscoveryError,
  type DiscoveryInput,
} from "../../../runtime/discovery/mod.ts";
import type { MaskedModel, PreparedExamples } from "../../../runtime/stream/mod.ts";
import { withTiny } from "../evaluation/tiny.ts";

const inputOf = (masked: MaskedModel, train: PreparedExamples): DiscoveryInput => ({
  masked,
  train,
  task: "golden",
  corruption: "file",
});

/** All of a discovery that does not depend on the clock. */
function timeless({ circuit, raw, reachable, steps, cost, stopped }: Discovery) {
  const { forward, gradient } = cost;
  return {
    circuit,
    counts: { raw, reachable, forward, gradient, stopped },
    steps: steps.map(({ seconds: _, ...step }) => step),
  };
}

const cleanUp = { examples: 3, stride: 0.3, measured: null, exchanges: 2, candidates: 3 };
const half = { from: 0, to: 0.5, over: 15, shape: "log" } as const;

/** Methods with options, and the steps that are done when they are stopped. */
const cases = [
  ["edge_pruning", { keep: 25, nodeSparsity: half, cleanUp }, 11],
  // After the last step, so that the clean-up is left.
  ["edge_pruning", { keep: 25, cleanUp }, 30],
  // Past the first of the checks, so that the best circuit so far is part of the state.
  ["edge_pruning", { keep: 25, checks: 4, maskRate: 0.3 }, 27],
  ["node_pruning", { keep: 60 }, 17],
  ["uniform_gradient_sampling", { keep: 25, samples: 2, warmUp: 4 }, 9],
  ["soft_top_k", { keep: 25, temperature: [0.4, 0.05] }, 17],
  ["hybrid", { keep: 25, points: 4, cleanUp }, 4 + 13],
] as const;

for (const [method, options, done] of cases) {
  Deno.test(`${method} ${JSON.stringify(options)}, stopped after ${done} steps and resumed`, () =>
    withTiny(async (masked, train) => {
      const input = inputOf(masked, train);
      // Batches of 2 of 3 examples: a round leaves one over for the next round.
      const asked = { steps: 30, batch: 2, seed: 2, ...options };
      const whole = await discover(method, input, asked);
      const stop = new AbortController();
      let offered: unknown;
      const stopped = await discover(method, input, asked, {
        signal: stop.signal,
        onState: (state) => offered = structuredClone(state()),
        onStep: ({ step }) => step === done && stop.abort(),
      });
      assertEquals([stopped.stopped, stopped.steps.length], [true, done]);
      // The state that was returned, twice, and the one that was offered for a checkpoint.
      for (const state of [stopped.state, stopped.state, offered]) {
        const rest = await discover(method, input, asked, {}, state);
        assertEquals(timeless(rest), timeless(whole));
      }
    }));
}

Deno.test("the hybrid, stopped in its first stage, has no state", () =>
  withTiny(async (masked, train) => {
    const stop = new AbortController();
    const found = await discover("hybrid", inputOf(masked, train), {
      keep: 25,
      steps: 4,
      points: 3,
    }, {
      signal: stop.signal,
      onStep: ({ step }) => step === 2 && stop.abort(),
    });
    assertEquals([found.stopped, found.steps.length, found.state], [true, 2, undefined]);
  }));

Deno.test("stopped within the clean-up: a circuit of the size asked for, and the clean-up is done again", () =>
  withTiny(async (masked, train) => {
    const { universe } = masked;
    const asked = { keep: 25, steps: 30, batch: 2, cleanUp: { ...cleanUp, examples: 2 } };
    const whole = await discover("edge_pruning", inputOf(masked, train), asked);
    for (const passes of [1, 4, 7, 11]) {
      const stop = new AbortController();
      let done = 0;
      const stopping: MaskedModel = {
        ...masked,
        async sequence(prepared, chosen) {
          const { evaluate, close } = await masked.sequence(prepared, chosen);
          return {
            close,
            evaluate: (masks, options) => {
              if (++done === passes) stop.abort();
              return evaluate(masks, options);
            },
          };
        },
      };
      const { signal } = stop;
      const stopped = await discover("edge_pruning", inputOf(stopping, train), asked, { signal });
      assertEquals([stopped.stopped, stopped.steps.length, done], [true, 30, passes]);
      const { edges } = stopped.circuit;
      assert(edges.length > 0 && edges.length <= 25, `${edges.length} edges`);
      assertEquals(reachableEdges(universe, edges), edges);
      const { circuit } = await discover(
        "edge_pruning",
        inputOf(masked, train),
        asked,
        {},
        stopped.state,
      );
      assertEquals(circuit, whole.circuit);
    }
  }));

Deno.test("stopped twice and resumed twice", () =>
  withTiny(async (masked, train) => {
    const input = inputOf(masked, train);
    const asked = { keep: 25, steps: 20, batch: 2, seed: 5 };
    const whole = await discover("soft_top_k", input, asked);
    let state: unknown;
    for (const done of [5, 12]) {
      const stop = new AbortController();
      const onStep = ({ step }: { step: number }) => step === done && stop.abort();
      ({ state } = await discover(
        "soft_top_k",
        input,
        asked,
        { signal: stop.signal, onStep },
        state,
      ));
    }
    assertEquals(timeless(await discover("soft_top_k", input, asked, {}, state)), timeless(whole));
  }));

Deno.test("states of other methods and versions are refused", () =>
  withTiny(async (masked, train) => {
    const input = inputOf(masked, train);
    const asked = { keep: 25, steps: 2, batch: 2 };
    const { state } = await discover("node_pruning", input, asked);
    const older = { ...state as object, version: "0.0.1, states 1" };
    // Edge Pruning's state as it was before states had versions.
    const bare = { step: 1, edges: {}, nodes: null, steps: [], best: null };
    for (
      const [method, wrong] of [
        ["soft_top_k", state],
        ["node_pruning", older],
        ["edge_pruning", bare],
        ["edge_pruning", "a text"],
      ] as const
    ) {
      await assertRejects(
        () => discover(method, input, asked, {}, wrong),
        DiscoveryError,
        "cannot go on from a state of",
      );
    }
  }));
