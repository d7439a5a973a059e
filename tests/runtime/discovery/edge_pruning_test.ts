/** Edge Pruning on a model small enough to run in a moment: what must hold whatever it finds. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { edgeName } from "../../../runtime/universe/universe.ts";
import { ofSize } from "../../../runtime/circuits/ranking.ts";
import { reachableEdges } from "../../../runtime/universe/reachability.ts";
import { discover, type OptionsOf } from "../../../runtime/discovery/mod.ts";
import { edgePruning } from "../../../runtime/discovery/methods/edge_pruning.ts";
import { DiscoveryError } from "../../../runtime/discovery/error.ts";
import type { DiscoveryHooks } from "../../../runtime/discovery/method.ts";
import { componentsOf } from "../../../runtime/discovery/training/components.ts";
import { drawMasks, type EdgeGates } from "../../../runtime/discovery/training/edge_masks.ts";
import { openProbability } from "../../../runtime/discovery/training/hard_concrete.ts";
import { nestedScores } from "../../../runtime/discovery/training/nested.ts";
import { selectBest } from "../../../runtime/discovery/selection/select.ts";
import { ranking } from "../../../runtime/circuits/ranking.ts";
import type { MaskedModel, PreparedExamples } from "../../../runtime/stream/mod.ts";
import { randomFrom } from "../../../base/random.ts";
import { linearModel, universe as linearUniverse } from "../evaluation/linear.ts";
import { withTiny } from "../evaluation/tiny.ts";
import { verified } from "../../support/verified.ts";

const options: OptionsOf<"edge_pruning"> = {
  steps: 40,
  warmUp: 5,
  edgeSparsity: { from: 0, to: 0.8, over: 25, shape: "linear" },
  maskRate: 0.4,
  multiplierRate: 0.4,
  batch: 3,
  seed: 3,
};

/** Long enough for the masks to settle. */
const longer: OptionsOf<"edge_pruning"> = {
  steps: 200,
  maskRate: 0.1,
  multiplierRate: 0.1,
  startOpen: 0.9,
  edgeSparsity: { from: 0, to: 0.8, over: 140, shape: "log" },
};

const prune = (
  masked: MaskedModel,
  train: PreparedExamples,
  more: OptionsOf<"edge_pruning"> = {},
  hooks: DiscoveryHooks = {},
  resume?: Parameters<typeof edgePruning.run>[3],
) =>
  edgePruning.run(
    { masked, train, task: "golden", corruption: "other" },
    { ...options, ...more },
    hooks,
    resume,
  );

/** A model whose logit difference is a sum over paths, carried by three edges. */
function linear() {
  const best = ["m0 -> logits", "tok -> logits", "tok -> m0"];
  const weight: Record<string, number> = { "tok -> logits": 4, "tok -> m0": 1, "m0 -> logits": 2 };
  const universe = linearUniverse;
  const names = Array.from({ length: universe.edgeCount }, (_, edge) => edgeName(universe, edge));
  return { ...linearModel(names.map((name) => weight[name] ?? 0)), universe, best };
}

async function klOf(
  masked: MaskedModel,
  train: PreparedExamples,
  edges: Uint32Array,
): Promise<number> {
  const z = new Float32Array(masked.universe.edgeCount);
  for (const edge of edges) z[edge] = 1;
  const { kl } = await masked.evaluate(train, z);
  return kl.reduce((sum, value) => sum + value, 0) / kl.length;
}

Deno.test("the circuit has the size asked for, reaches, and is far better than random ones", () =>
  withTiny(async (masked, train) => {
    const { circuit, raw, reachable, steps, stopped } = await prune(masked, train, longer);
    const budget = Math.round(0.2 * masked.universe.edgeCount);
    assertEquals([reachable, circuit.edges.length], [budget, budget]);
    assert(raw >= budget);
    assertEquals(reachableEdges(masked.universe, circuit.edges), circuit.edges);
    assertEquals([steps.length, stopped], [200, false]);
    const found = await klOf(masked, train, circuit.edges);
    const random = randomFrom(1, "random circuits");
    for (let i = 0; i < 10; i++) {
      const scores = random.fillNormal(new Float32Array(masked.universe.edgeCount));
      const other = await klOf(masked, train, selectBest(masked.universe, scores, budget).edges);
      assert(found < 0.5 * other, `${found} against ${other}`);
    }
  }));

Deno.test("the expected sparsity follows the schedule", () =>
  withTiny(async (masked, train) => {
    const { steps } = await prune(masked, train, {
      steps: 120,
      edgeSparsity: { from: 0, to: 0.8, over: 60, shape: "linear" },
    });
    const { targetSparsity, expectedSparsity } = steps.at(-1)!;
    assertEquals(targetSparsity, 0.8);
    assert(Math.abs(expectedSparsity - 0.8) < 0.05, String(expectedSparsity));
  }));

Deno.test("equal seeds find equal circuits, scores included; other seeds other scores", () =>
  withTiny(async (masked, train) => {
    const [first, again, other] = [
      await prune(masked, train),
      await prune(masked, train),
      await prune(masked, train, { seed: 4 }),
    ];
    assertEquals(again.circuit.scores, first.circuit.scores);
    assertEquals(again.circuit.edges, first.circuit.edges);
    assert(other.circuit.scores!.some((score, e) => score !== first.circuit.scores![e]));
  }));

Deno.test("stopped between steps and resumed, it ends where it would have ended", () =>
  withTiny(async (masked, train) => {
    const whole = await prune(masked, train, {
      nodeSparsity: { from: 0, to: 0.3, over: 25, shape: "linear" },
    });
    const stop = new AbortController();
    const half = await prune(masked, train, {
      nodeSparsity: { from: 0, to: 0.3, over: 25, shape: "linear" },
    }, {
      signal: stop.signal,
      onStep: ({ step }) => step === 17 && stop.abort(),
    });
    assertEquals([half.stopped, half.steps.length], [true, 17]);
    assertEquals(half.circuit.edges.length, whole.circuit.edges.length);
    const rest = await prune(
      masked,
      train,
      { nodeSparsity: { from: 0, to: 0.3, over: 25, shape: "linear" } },
      {},
      structuredClone(half.state),
    );
    assertEquals(rest.circuit.scores, whole.circuit.scores);
    assertEquals(rest.steps.map(({ loss }) => loss), whole.steps.map(({ loss }) => loss));
  }));

Deno.test("of the circuits met at the final sparsity the best is returned", () =>
  withTiny(async (masked, train) => {
    const [checked, unseen] = [
      await prune(masked, train, { ...longer, checks: 20 }),
      await prune(masked, train, { ...longer, checks: 0 }),
    ];
    assertEquals([checked.cost.forward, unseen.cost.forward], [20 * train.examples.length, 0]);
    const [best, last] = [
      await klOf(masked, train, checked.circuit.edges),
      await klOf(masked, train, unseen.circuit.edges),
    ];
    assert(best <= last, `${best} against ${last}`);
  }));

Deno.test("node masks close writers, and their sparsity is reported", () =>
  withTiny(async (masked, train) => {
    const { steps } = await prune(masked, train, {
      steps: 120,
      nodeSparsity: { from: 0, to: 0.5, over: 60, shape: "linear" },
    });
    assert(
      Math.abs(steps.at(-1)!.expectedNodeSparsity! - 0.5) < 0.15,
      String(steps.at(-1)!.expectedNodeSparsity),
    );
  }));

Deno.test("with node masks, the expected sparsity is that of masks as they are drawn", () =>
  withTiny(async (masked, train) => {
    let learned: Pick<EdgeGates, "edges" | "nodes"> | undefined;
    const over = { from: 0, over: 5, shape: "linear" } as const;
    const nodeSparsity = { ...over, to: 0.5 };
    const edgeSparsity = { ...over, to: 0.4 };
    const { steps } = await prune(masked, train, { steps: 60, nodeSparsity, edgeSparsity }, {
      onStep({ step }) {
        if (step < 60) learned = undefined;
      },
      onState(state) {
        // The gates before the last step.
        learned ??= structuredClone(state() as { learned: EdgeGates }).learned;
      },
    });
    const { edgeCount } = masked.universe;
    const gates = {
      ...learned!,
      components: componentsOf(masked.universe),
      allowed: new Float32Array(edgeCount).fill(1),
    };
    const random = randomFrom(7, "simulation");
    const draws = 4000;
    let open = 0;
    for (let i = 0; i < draws; i++) {
      open += drawMasks(gates, random).z.filter((z) => z > 0).length / (draws * edgeCount);
    }
    const own = gates.edges.logAlpha.reduce((sum, a) => sum + openProbability(a), 0) / edgeCount;
    assert(own - open > 0.05, "nodes close a part of the edges");
    verified({
      of: "method",
      name: "edge_pruning",
      against: "simulation: the expected share of closed masks, with node masks",
      difference: Math.abs(steps.at(-1)!.expectedSparsity - (1 - open)),
      tolerance: 0.005,
    });
  }));

Deno.test("a warm start decides which edges begin more open", () =>
  withTiny(async (masked, train) => {
    const warmStart = Float32Array.from({ length: masked.universe.edgeCount }, (_, e) => e);
    // Stopped after its one step, a run gives the values of the masks: the circuit's edges are not put in order.
    const stop = new AbortController();
    const { circuit } = await prune(
      masked,
      train,
      { steps: 1, warmUp: 0, maskRate: 1e-6, warmStart },
      { signal: stop.signal, onStep: () => stop.abort() },
    );
    assertEquals(
      [...circuit.scores!.keys()].every((e) =>
        e === 0 || circuit.scores![e] > circuit.scores![e - 1]
      ),
      true,
    );
  }));

Deno.test("restricted to a circuit's edges, no other is kept, scored or opened", () =>
  withTiny(async (masked, train) => {
    const { universe } = masked;
    const within = Uint32Array.from({ length: universe.edgeCount }, (_, e) => e)
      .filter((e) => e % 3 !== 0);
    const { circuit, steps } = await prune(masked, train, {
      within,
      keep: 20,
      edgeSparsity: undefined,
      nodeSparsity: { from: 0, to: 0.3, over: 25, shape: "linear" },
      cleanUp: { examples: 3, stride: 0.3, measured: null, exchanges: 3, candidates: 4 },
    });
    assertEquals(circuit.edges.length, 20);
    assert(circuit.edges.every((edge) => edge % 3 !== 0));
    circuit.scores!.forEach((score, e) => assertEquals(Number.isNaN(score), e % 3 === 0));
    // The climb begins where the restriction leaves off.
    const closed = 1 - within.length / universe.edgeCount;
    assert(Math.abs(steps[0].targetSparsity - closed) < 1e-9);
    assert(steps[0].expectedSparsity >= closed);
  }));

Deno.test("a schedule that begins above what a restriction leaves still closes masks", () =>
  withTiny(async (masked, train) => {
    const { edgeCount } = masked.universe;
    const within = Uint32Array.from({ length: edgeCount }, (_, e) => e).filter((e) => e % 4 === 1);
    const { steps } = await prune(masked, train, {
      keep: 15,
      steps: 120,
      batch: 3,
      warmUp: 5,
      within,
      maskRate: 0.3,
      multiplierRate: 0.5,
      nodeSparsity: null,
      edgeSparsity: { from: 0, to: 1 - 15 / edgeCount, over: 100, shape: "linear" },
    });
    // Three quarters are closed by the restriction alone.
    assert(steps.at(-1)!.expectedSparsity > 0.88, `${steps.at(-1)!.expectedSparsity}`);
  }));

Deno.test("the task's metric as the objective: what it wants is kept, and its value is told", async () => {
  const { masked, prepared, universe, best } = linear();
  const { circuit, steps } = await edgePruning.run(
    { masked, train: prepared, task: "linear", corruption: "none", metric: "logit_difference" },
    { objective: "metric", keep: 3, steps: 150, batch: 2, seed: 1 },
  );
  assertEquals([...circuit.edges].map((edge) => edgeName(universe, edge)).sort(), best);
  // The loss is the negative of a difference of which more is better.
  assert(steps.every(({ loss }) => loss <= 0));
  assert(steps.every(({ loss, objective }) => objective.value === -loss));
  assertEquals(steps[0].objective.name, "logit_difference");
  assertEquals(circuit.provenance.options?.objective, "metric");
});

Deno.test("one run gives nested circuits of all sizes, its own among them", () =>
  withTiny(async (masked, train) => {
    const { universe } = masked;
    for (
      const cleanUp of [null, {
        examples: 3,
        stride: 0.3,
        measured: null,
        exchanges: 3,
        candidates: 4,
      }]
    ) {
      const { circuit, state } = await prune(masked, train, { ...longer, cleanUp });
      const order = ranking(circuit.scores!);
      assertEquals(circuit.scores!.every(Number.isFinite), true);
      assertEquals(order.slice(0, circuit.edges.length).sort(), circuit.edges);
      // Beyond the circuit: who lived longer comes first.
      const lived = [...order.slice(circuit.edges.length)].map((edge) =>
        state!.learned.lastOpen[edge]
      );
      assertEquals(lived, [...lived].sort((a, b) => b - a));
      assert(new Set(lived).size > 10, "edges die one after another");
      // Each size holds all smaller ones; of its own size it is the circuit itself.
      assertEquals(ofSize(circuit, circuit.edges.length).edges, circuit.edges);
      let smaller = new Set<number>();
      for (const size of [5, 10, 20, circuit.edges.length, 40, 60, 100, universe.edgeCount]) {
        const edges = new Set(ofSize(circuit, size).edges);
        assert(edges.isSupersetOf(smaller) && edges.size <= size, `${size} edges`);
        smaller = edges;
      }
      assertEquals(smaller.size, universe.edgeCount);
      // A larger circuit of the family is more faithful.
      const larger = ofSize(circuit, 70);
      assert(await klOf(masked, train, larger.edges) < await klOf(masked, train, circuit.edges));
    }
  }));

Deno.test("scores of a family: kept edges keep theirs, others come in the order of their death", () => {
  const scores = Float32Array.of(5, -3, 2, NaN, 9, 8, 1);
  const nested = nestedScores(scores, Uint32Array.of(0, 1), Int32Array.of(9, 9, 4, 0, 4, 2, 7));
  assertEquals([...nested.slice(0, 2)], [5, -3]);
  assert(Number.isNaN(nested[3]));
  // 6 died last; 4 and 2 at once, 4 with the better score; 5 first, whatever its score.
  assertEquals([...ranking(nested)], [0, 1, 6, 4, 2, 5, 3]);
});

Deno.test("options out of range are refused by name and value", () =>
  withTiny(async (masked, train) => {
    const cases: [OptionsOf<"edge_pruning">, string][] = [
      [
        { steps: 0 },
        "`steps` of `edge_pruning` must be a whole number from 1: this is 0",
      ],
      [{ batch: 1.5 }, "`batch` of `edge_pruning` must be a whole number from 1: this is 1.5"],
      [{ warmUp: -1 }, "`warm_up` of `edge_pruning` must be a whole number from 0: this is -1"],
      [{ maskRate: 0 }, "`learning_rate` of `edge_pruning` must be a number above 0: this is 0"],
      [{ startOpen: 1 }, "`startOpen` of `edge_pruning` must lie inside 0% and 100%: this is 100%"],
      [{ checks: -1 }, "`checks` of `edge_pruning` must be a whole number from 0: this is -1"],
      [
        { warmStart: new Float32Array(5) },
        "`start` of `edge_pruning` must have one score for each of 137 edges: this is 5",
      ],
      [
        { within: Uint32Array.of(3, 200) },
        "`within` of `edge_pruning` must have edges of the model, which has 137: this is 200",
      ],
      [{ keep: 138 }, "cannot keep 138 of 137 edges"],
      [
        { edgeSparsity: { from: 0, to: 1.2, over: 5, shape: "linear" } },
        "`edge_sparsity` of `edge_pruning` must lie between 0% and 100%: this is 120%",
      ],
    ];
    for (const [wrong, message] of cases) {
      await assertRejects(() => prune(masked, train, wrong), DiscoveryError, message);
    }
  }));

Deno.test("beside a schedule the training goes to what is kept", () =>
  withTiny(async (masked, train) => {
    const { edgeCount } = masked.universe;
    const input = { masked, train, task: "golden", corruption: "other" };
    const edgeSparsity = { from: 0, to: 0.5, over: 6, shape: "linear" } as const;
    for (const method of ["edge_pruning", "soft_top_k", "hybrid"] as const) {
      const { steps } = await discover(method, input, { keep: 12, steps: 8, edgeSparsity });
      const { targetSparsity } = steps.at(-1)!;
      assert(Math.abs(targetSparsity - (1 - 12 / edgeCount)) < 1e-9, `${method} ${targetSparsity}`);
    }
  }));
