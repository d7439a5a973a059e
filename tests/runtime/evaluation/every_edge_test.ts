/**
 * Measures that look at each edge, on circuits with edges on no path, without a score, or taken away. Expected values come from a
 * float64 pass and from the definitions, worked out here.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { randomFrom } from "../../../base/random.ts";
import {
  type Circuit,
  CircuitError,
  complement,
  difference,
  intersection,
  makeCircuit,
  parseEdge,
  reachableEdges,
  without,
} from "../../../runtime/circuits/mod.ts";
import {
  endsOfMetric,
  measureCircuit,
  measuredCircuit,
  type MeasureName,
  minimality,
  requireCurve,
} from "../../../runtime/evaluation/mod.ts";
import type { Ablation, MaskedModel } from "../../../runtime/stream/mod.ts";
import { endsOf } from "../../../runtime/universe/universe.ts";
import { verified } from "../../support/verified.ts";
import { ablationReference, loader } from "../stream/reference_masked.ts";
import { examples, withTiny } from "./tiny.ts";

const metric = "logit_difference";

/** The metric of the float64 pass, and faithfulness by it, when only some edges are open. */
async function referenceOf({ model, universe }: MaskedModel, ablation: Ablation) {
  const load = loader(model);
  const meanOver = examples.map(({ corruptedTokens }) => [...corruptedTokens]);
  const passes = await Promise.all(
    examples.map(({ cleanTokens, corruptedTokens }) =>
      ablationReference(ablation, model, load, universe, {
        clean: [...cleanTokens],
        corrupted: [...corruptedTokens],
        meanOver,
      })
    ),
  );
  const valueOf = async (edges: Iterable<number>) => {
    const z = new Float64Array(universe.edgeCount);
    for (const edge of edges) z[edge] = 1;
    const rows = await Promise.all(passes.map(async (pass) => (await pass(z)).at(-1)!));
    return rows.reduce((sum, row) => sum + row[1] - row[2], 0) / rows.length;
  };
  const full = await valueOf(Array(universe.edgeCount).keys());
  const corrupted = await valueOf([]);
  return async (edges: Iterable<number>) => (await valueOf(edges) - corrupted) / (full - corrupted);
}

Deno.test("minimality measures every edge, also those on no path", () =>
  withTiny(async (masked) => {
    const { universe } = masked;
    const random = randomFrom(4, "edges");
    const all = Uint32Array.from({ length: universe.edgeCount }, (_, edge) => edge);
    const some = all.filter((edge) => {
      const { reader } = endsOf(universe, edge);
      return !universe.readers[reader].name.startsWith("a0.h1") && random.uniform() < 0.1;
    });
    const live = reachableEdges(universe, some);
    // The head reads nothing in the circuit, so that what it writes is on no path.
    const off = parseEdge(universe, "a0.h1 -> logits");
    const kept = [...new Set([...live, off])].sort((a, b) => a - b);
    const circuit = makeCircuit(universe, kept, null, { expression: "hand" });
    assertEquals(reachableEdges(universe, circuit.edges), live);
    let largest = 0;
    for (const ablation of ["zero", "mean", "mean_by_position", "interchange"] as const) {
      const prepared = await masked.prepare(examples, undefined, ablation);
      const faithfulness = await referenceOf(masked, ablation);
      const whole = await faithfulness(kept);
      const worth: number[] = [];
      for (const edge of kept) {
        worth.push(Math.abs(whole - await faithfulness(kept.filter((other) => other !== edge))));
      }
      const ends = await endsOfMetric(masked, prepared, metric);
      const found = await minimality(measuredCircuit(masked, circuit, prepared, ends));
      const differences = kept.map((edge, i) => Math.abs(found.perEdge.get(edge)! - worth[i]));
      assertEquals(found.minimality, Math.min(...found.perEdge.values()));
      largest = Math.max(largest, ...differences);
      const ofOff = worth[kept.indexOf(off)];
      assert(ablation === "interchange" ? ofOff < 1e-9 : ofOff > 1e-4, `${ablation}: ${ofOff}`);
    }
    verified({
      of: "measure",
      name: "minimality",
      against: "its definition on a float64 pass: each edge, each ablation, one on no path",
      difference: largest,
      tolerance: 2e-5,
    });
  }));

const shares = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** Areas over the benchmark's sizes, of faithfulness at each of them. */
function areasOf(values: readonly number[]): Partial<Record<MeasureName, number>> {
  const area = (x: (share: number) => number, y: (value: number) => number) =>
    shares.slice(1).reduce(
      (sum, share, i) => sum + (x(share) - x(shares[i])) * (y(values[i]) + y(values[i + 1])) / 2,
      0,
    );
  return {
    cpr: area((share) => share, (value) => value),
    cmd: area((share) => share, (value) => Math.abs(1 - value)),
    log_area: area((share) => Math.log(share) / Math.log(1000), (value) => value),
  };
}

Deno.test("edges that are taken away rank behind all others in a curve", () =>
  withTiny(async (masked, prepared) => {
    const { universe } = masked;
    const { edgeCount } = universe;
    const random = randomFrom(5, "scores");
    const scores = Float32Array.from({ length: edgeCount }, () => random.normal());
    const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a]);
    const found = makeCircuit(universe, order.slice(0, 60), scores, { expression: "found" });
    const faithfulness = await referenceOf(masked, "interchange");
    const nameOf = (end: "writer" | "reader", edge: number) =>
      end === "writer"
        ? universe.writers[endsOf(universe, edge).writer].name
        : universe.readers[endsOf(universe, edge).reader].name;
    const first = makeCircuit(universe, order.slice(0, 20), null, { expression: "first" });
    const cases: readonly (readonly [Circuit, (edge: number) => boolean])[] = [
      [
        without(found, ["m0"]),
        (edge) => nameOf("writer", edge) === "m0" || nameOf("reader", edge) === "m0",
      ],
      [difference(found, first), (edge) => order.indexOf(edge) < 20],
      [complement(found), (edge) => order.indexOf(edge) < 60],
      [intersection(found, first), (edge) => order.indexOf(edge) >= 20 && order.indexOf(edge) < 60],
    ];
    const differences = { cpr: 0, cmd: 0, log_area: 0 };
    const names = Object.keys(differences) as (keyof typeof differences)[];
    const before = await measureCircuit(masked, found, prepared, names, metric);
    for (const [circuit, isGone] of cases) {
      const ranked = [...order.filter((edge) => !isGone(edge)), ...order.filter(isGone)];
      const values: number[] = [];
      for (const share of shares) {
        values.push(await faithfulness(ranked.slice(0, Math.floor(share * edgeCount))));
      }
      const areas = areasOf(values);
      const measured = await measureCircuit(masked, circuit, prepared, names, metric);
      for (const name of names) {
        differences[name] = Math.max(differences[name], Math.abs(measured[name] - areas[name]!));
      }
      assert(Math.abs(measured.cmd - before.cmd) > 1e-3, "taking edges away changes the curve");
    }
    for (const name of names) {
      verified({
        of: "measure",
        name,
        against: "its definition on a float64 pass, edges taken away by each operation behind all",
        difference: differences[name],
        tolerance: 2e-5,
      });
    }
  }));

Deno.test("a size that the scores do not rank is refused, before anything runs", () =>
  withTiny(async (masked, prepared) => {
    const { universe } = masked;
    const { edgeCount } = universe;
    const half = Math.floor(edgeCount / 2);
    const scored = (count: number, name: string) =>
      makeCircuit(
        universe,
        [0, 1],
        Float32Array.from({ length: edgeCount }, (_, edge) => edge < count ? edge : NaN),
        { name, expression: "hand" },
      );
    const refused = `\`h\` has scores of ${
      half - 1
    } of ${edgeCount} edges, and its curve takes the best ${half}`;
    assertEquals(
      assertThrows(() => requireCurve(scored(half - 1, "h")), CircuitError).message,
      refused,
    );
    // All edges need no order.
    assertEquals(requireCurve(scored(half, "h")).length, edgeCount);
    const nothing: MaskedModel = {
      ...masked,
      evaluate: () => Promise.reject(new Error("a pass was made")),
    };
    for (const name of ["cpr", "cmd", "log_area"] as const) {
      const error = await measureCircuit(nothing, scored(half - 1, "h"), prepared, [name], metric)
        .then(() => null, (error) => error);
      assert(error instanceof CircuitError && error.message === refused, String(error));
    }
  }));
