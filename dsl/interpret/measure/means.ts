/** Means of the mean ablations: over the training examples of the task that a circuit belongs to, all of them. @module */
import {
  type Ablation,
  ablationOf,
  type Circuit,
  isMean,
  meansOf,
  meansText,
  under,
  underAblation,
} from "../../../runtime/circuits/mod.ts";
import { meanOptions, meanProblem } from "../../../runtime/stream/mod.ts";
import type { Example, Task } from "../../../runtime/tasks/mod.ts";
import type { Context } from "../context.ts";
import { fail, type Place } from "../error.ts";
import type { CircuitValue, CorruptionValue, TaskValue } from "../values.ts";

/** Circuits whose note on other prompts was given. */
const told = new WeakSet<Circuit>();

/** Task and corruption of some examples. */
interface About {
  readonly task: TaskValue;
  readonly corruption: CorruptionValue | null;
}

/**
 * The task whose training examples a circuit's means are over: its own, or the one that it is measured on where it has none; null
 * under other ablations. A note tells where the circuit was found with means over other prompts.
 */
export async function meansTask(
  value: CircuitValue,
  measuredOn: About | undefined,
  place: Place,
  context: Context,
): Promise<Task | null> {
  const { circuit, model } = value;
  const ablation = ablationOf(circuit);
  if (!isMean(ablation)) return null;
  const own = value.task && { task: value.task, corruption: value.corruption ?? null };
  // A corruption that the circuit does not name is that of the measurement.
  const about = own?.corruption === null && own.task === measuredOn?.task
    ? measuredOn
    : own ?? measuredOn;
  if (about === undefined) {
    fail(
      place,
      `\`${ablation}\` is over the training examples of a task, and the circuit belongs to none`,
      "declare it `for TASK corrupted by CORRUPTION`",
    );
  }
  const task = await context.session.task(model, about.task, about.corruption, place);
  if (task.examples.train.length === 0) {
    fail(place, `\`${ablation}\` is over training examples, and \`${task.name}\` has none`);
  }
  const found = meansOf(circuit);
  const { mean_hash } = found;
  const here = {
    ...await meanOptions(task.examples.train),
    mean_over: `${about.task.name}.train`,
  };
  if (mean_hash !== undefined && mean_hash !== here.mean_hash && !told.has(circuit)) {
    told.add(circuit);
    context.effects.note(
      `note: the circuit was found with means over ${meansText(found)}, and is measured with ` +
        `means over ${meansText(here)}, which are other prompts`,
      context,
    );
  }
  return task;
}

/** A circuit measured under another ablation; under a mean it says which prompts that is over, where it has a task. */
export async function underAblationOf(
  { circuit, model, task, corruption }: CircuitValue,
  ablation: Ablation,
  place: Place,
  { session }: Context,
): Promise<Circuit> {
  const changed = under(circuit, ablation);
  if (!isMean(ablation) || task === undefined) return changed;
  const { examples: { train } } = await session.task(model, task, corruption ?? null, place);
  const means = { mean_over: `${task.name}.train`, ...await meanOptions(train) };
  return { ...changed, provenance: underAblation(changed.provenance, ablation, means) };
}

/** Refuses examples that reach a position for which a circuit's ablation has no mean. */
export function requireMeans(
  circuit: Circuit,
  examples: readonly Example[],
  means: Task | null,
  place: Place,
): void {
  if (means === null) return;
  const problem = meanProblem(examples, ablationOf(circuit), means.examples.train);
  if (problem !== undefined) fail(place, problem, "`mean` has one value for all positions");
}
