/**
 * Every discovery method on the toy, at the sizes of the published runs: edges against KL against time.
 * `deno run -A bench/comparison.ts [FILE.jsonl]` runs what the file lacks, so that a stopped run continues;
 * `deno run -A bench/comparison_report.ts [FILE.jsonl]` makes the table and the drawing of it.
 *
 * Methods that draw at random run with five seeds. CIRC_BENCH_THREADS sets the threads (default 1). CIRC_BENCH_METHODS,
 * CIRC_BENCH_ROWS and CIRC_BENCH_SEEDS restrict what is run, with commas between them: processes on different seeds, each
 * with a file of its own, share the work, and the report takes several files.
 *
 * @module
 */
import { cpuUsage } from "node:process";
import {
  type Cost,
  discover,
  type MethodName,
  methodNames,
  methods,
} from "../runtime/discovery/mod.ts";
import type { MaskedModel } from "../runtime/stream/mod.ts";
import { evaluateCircuit } from "../runtime/evaluation/mod.ts";
import { textIfThere } from "../base/whole_file.ts";
import { openToy, openToyTask, type ToyRow, toyRows } from "./toy.ts";

/** One line of the file. */
export interface Finding extends Cost {
  readonly row: string;
  readonly method: string;
  readonly seed: number | null;
  readonly edges: number;
  /** On the 1,000 test pairs. */
  readonly kl: number;
  readonly exactMatch: number;
  readonly metric: number;
  /** Steps in which masks were trained. */
  readonly steps: number | null;
  /** Seconds of computing that finding it took, which other work on the machine does not lengthen. */
  readonly cpu: number;
}

export const defaultFile = "runs/comparison.jsonl";
const seeds = [0, 1, 2, 3, 4];

interface Way {
  readonly name: string;
  readonly method: MethodName;
  readonly seeded: boolean;
  /** Ways of a lower stage are run first, with all seeds. */
  readonly stage: number;
  /** Training examples that it looks at; default: all 200. */
  readonly examples?: number;
  /** Options that are not at their defaults. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Methods whose published runs had 3,000 steps. */
const trained = { stage: 5, options: { steps: 300 } };

/** Methods that are not run at stage 2, on all examples and at their defaults. */
const changes: { readonly [Name in MethodName]?: Omit<Partial<Way>, "name" | "method"> } = {
  hybrid: { stage: 1 },
  edge_pruning: {
    stage: 3,
    options: {
      steps: 800,
      nodeSparsity: { from: 0, to: 0.5, over: 600, shape: "log" },
      cleanUp: methods.hybrid.defaults.cleanUp,
    },
  },
  acdc: { stage: 4, examples: 48, options: { sweeps: 5 } },
  node_pruning: trained,
  soft_top_k: trained,
  uniform_gradient_sampling: trained,
};

/** Every method that any model has, without the one that takes a pass for every edge. */
const compared = methodNames.filter((name) =>
  methods[name].needs !== "program" && name !== "activation_patching"
);

const ways: readonly Way[] = [
  ...compared.map((method) => ({
    name: method,
    method,
    seeded: "seed" in methods[method].options,
    stage: 2,
    ...changes[method],
  })),
  {
    name: "eap_ig (masks, kl)",
    method: "eap_ig",
    seeded: false,
    stage: 2,
    options: { integrate: "masks", objective: "kl", steps: 10 },
  },
];

if (import.meta.main) {
  const [file = defaultFile] = Deno.args;
  const { engine, masked } = await openToy();
  const known = new Set((await readFindings(file)).map(nameOf));
  for (const { row, way, seed } of jobs()) {
    if (known.has(nameOf({ row: row.name, method: way.name, seed }))) continue;
    const finding = await run(masked, row, way, seed);
    await Deno.mkdir(new URL(".", `file://${Deno.cwd()}/${file}`), { recursive: true });
    await Deno.writeTextFile(file, JSON.stringify(finding) + "\n", { append: true });
    const { kl, edges, cpu } = finding;
    console.log(
      `${row.name} ${way.name}${seed === null ? "" : ` ${seed}`}: ${edges} edges, KL ${
        kl.toFixed(4)
      }, ${cpu.toFixed(0)} s`,
    );
  }
  await engine.close();
}

function* jobs() {
  const named = (variable: string) => Deno.env.get(variable)?.split(",");
  const wanted = named("CIRC_BENCH_METHODS");
  const rows = named("CIRC_BENCH_ROWS");
  const chosen = named("CIRC_BENCH_SEEDS")?.map(Number) ?? seeds;
  for (const stage of new Set(ways.map(({ stage }) => stage))) {
    for (const seed of chosen) {
      for (const way of ways) {
        if (way.stage !== stage || wanted && !wanted.includes(way.name)) continue;
        if (!way.seeded && seed !== seeds[0]) continue;
        for (const row of toyRows) {
          if (rows && !rows.includes(row.name)) continue;
          yield { row, way, seed: way.seeded ? seed : null };
        }
      }
    }
  }
}

async function run(
  masked: MaskedModel,
  row: ToyRow,
  way: Way,
  seed: number | null,
): Promise<Finding> {
  const task = await openToyTask(row.task, masked.model);
  const train = await masked.prepare(task.examples.train.slice(0, way.examples));
  const options = {
    keep: row.edges,
    ...way.options,
    ...(seed === null ? {} : { seed }),
  };
  const metric = task.metric as string;
  const { method } = way;
  const before = cpuUsage();
  const { circuit, cost } = await discover(
    method,
    { masked, train, task: row.task, corruption: task.corruption, metric },
    options,
  );
  const { user, system } = cpuUsage(before);
  await masked.forget(train);
  const test = await masked.prepare(task.examples.test);
  const found = await evaluateCircuit(masked, circuit, test, ["kl", "exact_match", metric]);
  await masked.forget(test);
  const { steps = null } = way.seeded
    ? { ...methods[method].defaults, ...options } as { readonly steps?: number }
    : {};
  return {
    row: row.name,
    method: way.name,
    seed,
    edges: circuit.edges.length,
    kl: found.kl,
    exactMatch: found.exact_match,
    metric: found[metric],
    steps,
    cpu: (user + system) / 1e6,
    ...cost,
  };
}

function nameOf({ row, method, seed }: Pick<Finding, "row" | "method" | "seed">): string {
  return `${row} ${method} ${seed}`;
}

/** The lines of a file; none where there is no file. A line that a kill cut short is left out. */
export async function readFindings(file: string): Promise<Finding[]> {
  const text = await textIfThere(file) ?? "";
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as Finding];
    } catch {
      return [];
    }
  });
}
