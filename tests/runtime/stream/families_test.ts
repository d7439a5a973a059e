/**
 * Every family through the stream: golden logits with all masks open and closed, and against a float64
 * reference pass in between, values and mask gradients.
 */
import { assert, assertAlmostEquals, assertEquals, assertLessOrEqual } from "@std/assert";
import {
  type Convention,
  edgeName,
  type Universe,
  universeOf,
} from "../../../runtime/universe/universe.ts";
import { chooseDevice } from "../../../runtime/engine/mod.ts";
import { openSession } from "../../../runtime/engine/session.ts";
import { type Model, openModel, shapeOf } from "../../../runtime/models/mod.ts";
import { randomFrom } from "../../../base/random.ts";
import { denseGraph } from "../../../runtime/stream/graphs.ts";
import type { Stream } from "../../../runtime/stream/contract.ts";
import { openStream } from "../../../runtime/stream/stream.ts";
import { weightsFolder } from "../../../runtime/stream/weights.ts";
import { fixture, readJson, standardDeviation } from "../models/helpers.ts";
import { referenceLogits } from "../models/reference_forward.ts";
import { loader, maskedReference } from "./reference_masked.ts";

/** A model and prompts of one length; each prompt's twin is the next one. */
interface Subject {
  readonly name: string;
  readonly model: Model;
  readonly tokens: readonly (readonly number[])[];
  /** Golden logits where there are any, [prompt][position][vocabulary]. */
  readonly logits: readonly (readonly ArrayLike<number>[])[];
}

const device = await chooseDevice(Deno.env.get("CIRC_TEST_DEVICE") as "cpu" ?? "cpu");
const split: Convention = { embeddings: "split", qkv: "split" };

async function subjects(): Promise<Subject[]> {
  const found: Subject[] = [];
  for (const { name } of Deno.readDirSync(fixture("architectures"))) {
    const golden = readJson<{ tokens: number[][]; logits: number[][][] }>(
      `architectures/${name}/golden.json`,
    );
    found.push({ name, model: await openModel(fixture(`architectures/${name}`)), ...golden });
  }
  found.sort((x, y) => x.name < y.name ? -1 : 1);
  const tiny = readJson<{ clean_tokens: number[][]; dense_logits_clean: number[][][] }>(
    "gpt2-tiny/golden.json",
  );
  found.push({
    name: "gpt2-tiny",
    model: await openModel(fixture("gpt2-tiny")),
    tokens: tiny.clean_tokens,
    logits: tiny.dense_logits_clean,
  });
  // The trained models' golden files hold single positions: the reference pass, which equals them, gives the rest.
  const stories = readJson<{ cases: { tokens: number[] }[] }>("stories260k/golden.json").cases;
  for (
    const [name, tokens] of [
      ["sorting-gpt", [[2, 1, 0, 1, 0, 2], [1, 2, 2, 1, 1, 2], [2, 2, 2, 2, 2, 2]]],
      ["stories260k", stories.slice(0, 2).map(({ tokens }) => tokens.slice(0, 12))],
    ] as const
  ) {
    const model = await openModel(fixture(name));
    const logits = await Promise.all(tokens.map((prompt) => referenceLogits(model, prompt)));
    found.push({ name, model, tokens, logits });
  }
  return found;
}

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  assertEquals(actual.length, expected.length);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
  }
  return worst;
}

const flat = (rows: readonly ArrayLike<number>[]) => rows.flatMap((row) => Array.from(row));
const next = <T>(list: readonly T[], i: number) => list[(i + 1) % list.length];
const lastRows = ({ logits }: Subject) => logits.map((rows) => rows.at(-1)!);

/** Every prompt with its twin, then every prompt with itself. */
function examplesOf({ tokens }: Subject) {
  const pair = (clean: readonly number[], corrupted: readonly number[]) => ({
    cleanTokens: Int32Array.from(clean),
    corruptedTokens: Int32Array.from(corrupted),
  });
  return [
    ...tokens.map((prompt, i) => pair(prompt, next(tokens, i))),
    ...tokens.map((prompt) => pair(prompt, prompt)),
  ];
}

/** A stream with the subject's examples prepared; batches of two, so that lists of three take two passes. */
async function withStream(
  { model, ...subject }: Subject,
  convention: Convention,
  run: (stream: Stream, prepared: number) => Promise<void>,
) {
  const universe = universeOf(shapeOf(model.architecture), convention);
  const stream = openStream(device, model, universe, { batch: 2, memoryBudget: 1e9 });
  try {
    await run(stream, await stream.prepare(examplesOf({ model, ...subject })));
  } finally {
    await stream.close();
  }
}

const constant = (stream: Stream, z: number) => new Float32Array(stream.universe.edgeCount).fill(z);

/** Masks away from 0 and 1, some edges cut: a circuit like those met on the way. */
function mixedMasks(count: number): Float32Array {
  const random = randomFrom(5, "masks");
  return Float32Array.from(
    { length: count },
    () => random.uniform() < 0.2 ? 0 : 0.2 + 0.6 * random.uniform(),
  );
}

/** Linear loss coefficients that single out no direction of the vocabulary. */
function randomCoefficients(count: number): Float32Array {
  const random = randomFrom(6, "coefficients");
  return Float32Array.from({ length: count }, () => random.normal());
}

function logSoftmax(logits: ArrayLike<number>): Float64Array {
  const row = Float64Array.from(logits);
  const highest = Math.max(...row);
  const total = Math.log(row.reduce((sum, x) => sum + Math.exp(x - highest), 0)) + highest;
  return row.map((x) => x - total);
}

/** Edges to differentiate: those that matter most to each kind of reader, as many kinds as there is time for, and a few others. */
function sampleEdges(universe: Universe, gradient: Float32Array, count: number): number[] {
  const best = new Map<string, number>();
  universe.readers.forEach(({ kind }, r) => {
    for (let edge = universe.offset[r]; edge < universe.offset[r + 1]; edge++) {
      const known = best.get(kind);
      if (known === undefined || Math.abs(gradient[edge]) > Math.abs(gradient[known])) {
        best.set(kind, edge);
      }
    }
  });
  const random = randomFrom(7, "edges");
  const drawn = Array.from({ length: count }, () => random.integer(universe.edgeCount));
  return [...new Set([...best.values(), ...drawn])];
}

/** Values and gradients at mixed masks against the reference pass and its central differences. */
async function compareWithReference(subject: Subject, stream: Stream, prepared: number) {
  const { model, tokens } = subject;
  const { universe } = stream;
  const { vocabulary } = model.architecture;
  const load = loader(model);
  const chosen = [0, 1];
  const z = mixedMasks(universe.edgeCount);
  const passes = await Promise.all(
    chosen.map((i) => maskedReference(model, load, universe, tokens[i], next(tokens, i))),
  );
  const reference = (masks: ArrayLike<number>) =>
    Promise.all(passes.map(async (pass) => (await pass(masks)).at(-1)!));
  const expected = await reference(z);
  const { logits } = await stream.evaluate(prepared, z, chosen, true);
  const scale = standardDeviation(flat(expected));
  assertLessOrEqual(largestDifference(logits, flat(expected)) / scale, 2e-4);

  const full = lastRows(subject).map(logSoftmax);
  const klOf = (rows: readonly ArrayLike<number>[]) =>
    rows.reduce((sum, row, i) => {
      const circuit = logSoftmax(row);
      return sum + full[i].reduce((s, x, j) => s + Math.exp(x) * (x - circuit[j]), 0);
    }, 0) / rows.length;
  const coefficients = randomCoefficients(chosen.length * vocabulary);
  const linearOf = (rows: readonly ArrayLike<number>[]) =>
    flat(rows).reduce((sum, x, i) => sum + coefficients[i] * x, 0) / rows.length;
  const losses = [
    { loss: { kind: "kl" }, valueOf: klOf },
    { loss: { kind: "logits", coefficients }, valueOf: linearOf },
  ] as const;

  const found = [];
  for (const { loss, valueOf } of losses) {
    const result = await stream.gradient(prepared, z, chosen, loss);
    assertAlmostEquals(result.loss, valueOf(expected), 1e-3 * Math.max(1, Math.abs(result.loss)));
    const reach = Math.max(...result.gradient.map(Math.abs));
    assert(reach > 0);
    found.push({ kind: loss.kind, valueOf, reach, gradient: result.gradient });
  }
  const step = 1e-4;
  const large = model.architecture.layers > 2;
  for (const edge of sampleEdges(universe, found[0].gradient, large ? 1 : 4)) {
    const [above, below] = await Promise.all([step, -step].map((by) => {
      const masks = Float64Array.from(z);
      masks[edge] += by;
      return reference(masks);
    }));
    for (const { kind, valueOf, reach, gradient } of found) {
      const difference = (valueOf(above) - valueOf(below)) / (2 * step);
      assertAlmostEquals(
        gradient[edge],
        difference,
        1e-3 * Math.abs(difference) + 1e-4 * reach,
        `${kind}: ${edgeName(universe, edge)}`,
      );
    }
  }
}

for (const subject of await subjects()) {
  const { name, model, tokens, logits } = subject;
  const { architecture: a } = model;
  const golden = logits.flatMap(flat);
  const scale = standardDeviation(golden);

  Deno.test(`${name}: the dense graph gives the golden logits at every position`, async () => {
    const [batch, length] = [tokens.length, tokens[0].length];
    const { graph, outputs } = denseGraph(model, { batch, length }, batch * length);
    const session = await openSession(device, graph, { logits: outputs.logits }, {
      weightsFolder: weightsFolder(model),
    });
    const dims = [batch * length];
    const result = new Float32Array(batch * length * a.vocabulary);
    await session.run({
      tokens: { data: BigInt64Array.from(tokens.flat(), BigInt), dims },
      rows: { data: BigInt64Array.from({ length: dims[0] }, (_, i) => BigInt(i)), dims },
    }, { logits: { data: result, dims: [batch * length, a.vocabulary] } });
    await session.release();
    assertLessOrEqual(largestDifference(result, golden) / scale, 2e-4);
  });

  Deno.test(`${name} through the stream`, (t) =>
    withStream(subject, split, async (stream, prepared) => {
      const pairs = tokens.map((_, i) => i);
      const last = logits.map((rows) => rows.at(-1)!);
      await t.step("all masks open: the clean run", async () => {
        const open = await stream.evaluate(prepared, constant(stream, 1), pairs, true);
        assertLessOrEqual(largestDifference(open.logits, flat(last)) / scale, 2e-4);
        assertLessOrEqual(Math.max(...open.kl.map(Math.abs)), 1e-5);
      });
      await t.step("all masks closed: the corrupted run", async () => {
        const shut = await stream.evaluate(prepared, constant(stream, 0), pairs, true);
        const corrupted = flat(tokens.map((_, i) => next(last, i)));
        assertLessOrEqual(largestDifference(shut.logits, corrupted) / scale, 2e-4);
      });
      await t.step("prompts that are their own twins: no edge has a gradient", async () => {
        const z = mixedMasks(stream.universe.edgeCount);
        const coefficients = randomCoefficients(tokens.length * a.vocabulary);
        const same = pairs.map((i) => tokens.length + i);
        for (const loss of [{ kind: "kl" }, { kind: "logits", coefficients }] as const) {
          const { gradient } = await stream.gradient(prepared, z, same, loss);
          assertLessOrEqual(Math.max(...gradient.map(Math.abs)), 1e-7);
        }
      });
      await t.step(
        "masks in between: the reference's logits and gradients",
        () => compareWithReference(subject, stream, prepared),
      );
    }));

  const conventions: Convention[] = a.learnedPositions || a.layers > 2
    ? [{ embeddings: "joint", qkv: "split" }, { embeddings: "kept", qkv: "split" }]
    : [];
  if (a.keyValueHeads === a.heads) conventions.push({ embeddings: "split", qkv: "joint" });
  for (const convention of conventions) {
    const { embeddings, qkv } = convention;
    Deno.test(`${name} with ${embeddings} embeddings and ${qkv} q, k, v`, () =>
      withStream(
        subject,
        convention,
        (stream, prepared) => compareWithReference(subject, stream, prepared),
      ));
  }
}
