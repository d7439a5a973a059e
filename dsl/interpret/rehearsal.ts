/**
 * A look at what would fail late, before anything expensive: targets that cannot be written, models that do not fit their
 * task, sizes out of range, prompts of unequal length, sweep values that no field takes, metrics that examples do not allow.
 *
 * The script is executed as it would run, but finds nothing and measures nothing. What depends on values that only running
 * tells is passed over. Models are opened and examples are made once, for the run as well.
 *
 * @module
 */
import { dirname } from "node:path";
import { tryWriting } from "../../base/whole_file.ts";
import { metricNamed, requireDefined } from "../../runtime/metrics/mod.ts";
import { methods, requireObjective } from "../../runtime/discovery/mod.ts";
import { isMeasure, measures, requireCurve } from "../../runtime/evaluation/mod.ts";
import type { CheckedProgram } from "../check/check.ts";
import { plannedCircuit } from "./circuit/planned.ts";
import { type Effects, nothing, UnknownValue } from "./effects.ts";
import { openEnv } from "./env.ts";
import { at, fail } from "./error.ts";
import { execute } from "./interpreter.ts";
import type { Session } from "./session.ts";
import { writing } from "./source_file.ts";

/** @throws {ScriptError} for what would fail when the script runs */
export async function rehearse(program: CheckedProgram, session: Session): Promise<void> {
  const effects = rehearsal();
  const env = openEnv();
  for (const statement of program.statements) {
    await execute(statement, program, { session, effects, env });
  }
}

function rehearsal(): Effects {
  /** Files that the script writes, which it may read or write into later. */
  const written = new Set<string>();
  /** The statement that writes each of them. */
  const writers = new Map<string, string>();
  const plain = (path: string) => path.replace(/[/\\]$/, "");
  return {
    ...nothing,
    tolerant: true,
    measured: () => ({ kind: "unknown" }),
    read: (path) => {
      if (written.has(plain(path)) || written.has(dirname(path))) throw new UnknownValue();
    },
    find: async (search, { session }) => {
      if (methods[search.method].needs === "examples") await session.deviceThere();
      const { method, options, task, places, place, about } = search;
      const { train } = task.examples;
      if (options.objective === "metric" && places.length > 0) {
        await at(place, () => {
          requireObjective(methods[method], options, task);
          requireDefined(metricNamed(task.metric), places.map((i) => train[i]));
        });
      }
      const circuit = await at(place, () => plannedCircuit(search));
      return { value: { ...about, circuit, pending: true } };
    },
    measure: async ({ value, metrics, examples, split, place }, { session }) => {
      await session.deviceThere();
      for (const metric of metrics) {
        await at(place, () => {
          if (!isMeasure(metric)) requireDefined(metricNamed(metric), examples.examples[split]);
          else if (measures[metric].needsScores) requireCurve(value.circuit);
        });
      }
      return metrics.map(() => ({ value: 0, low: 0, high: 0 }));
    },
    write: async (file, { source }) => {
      const path = source.path(file.text);
      const by = `${source.file} ${file.span.start}`;
      if (writers.get(plain(path)) === by) {
        const written = `two points of the sweep write ${JSON.stringify(file.text)}`;
        fail(source.place(file), written, "its name needs a value that differs between them");
      }
      writers.set(plain(path), by);
      const isFolder = /[/\\]$/.test(path);
      if (!isFolder && !written.has(dirname(path))) {
        await writing(file, source, () => tryWriting(path));
      }
      written.add(plain(path));
    },
  };
}
