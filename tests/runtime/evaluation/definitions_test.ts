/** Every metric and measure against its definition, on logits that circ did not compute. */
import { randomFrom } from "../../../base/random.ts";
import { makeCircuit } from "../../../runtime/circuits/sets.ts";
import {
  maskValues,
  measureCircuit,
  type MeasureName,
  measureNames,
  type MetricName,
  metricNames,
} from "../../../runtime/evaluation/mod.ts";
import { reachableEdges } from "../../../runtime/universe/reachability.ts";
import { edgeName } from "../../../runtime/universe/universe.ts";
import { verified } from "../../support/verified.ts";
import { loader, maskedReference } from "../stream/reference_masked.ts";
import { examples, golden, goldenByName, withTiny } from "./tiny.ts";

type Row = ArrayLike<number>;

/** One, two or three right and wrong answers, among them what the models find likely. */
const most = (row: Row) => Array.from(row).indexOf(Math.max(...Array.from(row)));
const last = golden.dense_logits_clean.map((rows) => rows.at(-1)!);
const judged = examples.map((example, i) => ({
  ...example,
  answers: Int32Array.from([[1], [most(last[1]), 3], [4, 9, 12]][i]),
  wrong: Int32Array.from([[2, 5], [7], [6, 20, most(last[2])]][i]),
}));

const probabilities = (row: Row) => {
  const odds = Array.from(row, (logit) => Math.exp(logit));
  const total = odds.reduce((a, b) => a + b);
  return odds.map((each) => each / total);
};
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const average = (values: readonly number[]) => sum(values) / values.length;
const taken = (row: Row, tokens: Int32Array) => Array.from(tokens, (token) => row[token]);

/** Metrics of one example by their definitions, in float64, from the logits of the circuit and of the full model. */
const definitions: Readonly<
  Record<MetricName, (circuit: Row, full: Row, example: typeof judged[number]) => number>
> = {
  kl: (circuit, full) => {
    const [p, q] = [probabilities(full), probabilities(circuit)];
    return sum(p.map((share, token) => share * Math.log(share / q[token])));
  },
  logit_difference: (circuit, _, { answers, wrong }) =>
    average(taken(circuit, answers)) - average(taken(circuit, wrong)),
  probability_difference: (circuit, _, { answers, wrong }) =>
    sum(taken(probabilities(circuit), answers)) - sum(taken(probabilities(circuit), wrong)),
  accuracy: (circuit, _, { answers }) => Number(answers.includes(most(circuit))),
  exact_match: (circuit, full) => Number(most(circuit) === most(full)),
  kendall_tau: (circuit, full, { answers, wrong }) => {
    // No two logits are equal, so tau-b is the share of pairs in one order less the share in two.
    const tokens = [...answers, ...wrong];
    const pairs = tokens.flatMap((a, i) => tokens.slice(0, i).map((b) => [a, b]));
    const agree = pairs.filter(([a, b]) => circuit[a] < circuit[b] === full[a] < full[b]);
    return 2 * agree.length / pairs.length - 1;
  },
};

Deno.test("metrics are what their definitions say of the published code's logits", () =>
  withTiny(async (masked, prepared) => {
    const { universe } = masked;
    const z = Float32Array.from(
      { length: universe.edgeCount },
      (_, edge) => goldenByName.get(edgeName(universe, edge))!.z,
    );
    const found = await maskValues(masked, z, prepared, metricNames);
    for (const name of metricNames) {
      const difference = Math.max(
        ...judged.map((example, i) =>
          Math.abs(
            found[name][i] - definitions[name](golden.circuit_logits_last[i], last[i], example),
          )
        ),
      );
      verified({
        of: "metric",
        name,
        against: "its definition on logits of the published masked GPT-2",
        difference,
        tolerance: 1e-5,
      });
    }
  }, judged));

/** The benchmark's sizes (Mueller et al. 2025). */
const shares = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

Deno.test("measures are what their definitions say of a float64 pass", () =>
  withTiny(async (masked, prepared) => {
    const { universe, model } = masked;
    const { edgeCount } = universe;
    const random = randomFrom(21, "scores");
    const scores = Float32Array.from({ length: edgeCount }, () => random.normal());
    const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]);
    // Edges that reach nothing, and positions, which prompts have in common, would be worth 0.
    const best = order.filter((edge) => !edgeName(universe, edge).startsWith("pos ")).slice(0, 90);
    const kept = [...reachableEdges(universe, Uint32Array.from(best).sort())];
    const circuit = makeCircuit(universe, kept, scores, { expression: "random" });
    const found = await measureCircuit(masked, circuit, prepared, measureNames, "logit_difference");

    const load = loader(model);
    const references = await Promise.all(
      judged.map(({ cleanTokens, corruptedTokens }) =>
        maskedReference(model, load, universe, [...cleanTokens], [...corruptedTokens])
      ),
    );
    /** The metric's mean when only these edges are open: what reaches nothing changes nothing under interchange. */
    const valueOf = async (edges: readonly number[]) => {
      const z = new Float64Array(edgeCount);
      for (const edge of edges) z[edge] = 1;
      const logits = await Promise.all(references.map(async (of) => (await of(z)).at(-1)!));
      return average(
        judged.map((example, i) => definitions.logit_difference(logits[i], [], example)),
      );
    };
    const [full, corrupted] = [await valueOf(order), await valueOf([])];
    const faithfulness = async (edges: readonly number[]) =>
      (await valueOf(edges) - corrupted) / (full - corrupted);
    const whole = await faithfulness(kept);
    const worth: number[] = [];
    for (const edge of kept) {
      const without = await faithfulness(kept.filter((other) => other !== edge));
      worth.push(Math.abs(whole - without));
    }
    const curve: number[] = [];
    for (const share of shares) {
      curve.push(await faithfulness(order.slice(0, Math.floor(share * edgeCount))));
    }
    /** Area under straight lines between the sizes. */
    const area = (x: (share: number) => number, y: (value: number) => number) =>
      sum(
        shares.slice(1).map((share, i) =>
          (x(share) - x(shares[i])) * (y(curve[i]) + y(curve[i + 1])) / 2
        ),
      );
    const expected: Readonly<Record<MeasureName, number>> = {
      faithfulness: whole,
      completeness: await faithfulness(order.filter((edge) => !kept.includes(edge))),
      minimality: Math.min(...worth),
      cpr: area((share) => share, (value) => value),
      cmd: area((share) => share, (value) => Math.abs(1 - value)),
      log_area: area((share) => Math.log(share) / Math.log(1000), (value) => value),
    };
    for (const name of measureNames) {
      verified({
        of: "measure",
        name,
        against: "its definition on a float64 pass, a circuit of a random GPT-2",
        difference: Math.abs(found[name] - expected[name]),
        tolerance: 1e-4,
      });
    }
  }, judged));
