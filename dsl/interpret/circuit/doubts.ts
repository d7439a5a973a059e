/** Doubts about a task that a search would not show: a model that fails at it, answers that seem swapped. @module */
import { fullValues, maskValues, meansOf } from "../../../runtime/evaluation/mod.ts";
import { type Metric, metricNamed } from "../../../runtime/metrics/mod.ts";
import type { MaskedModel, PreparedExamples } from "../../../runtime/stream/mod.ts";
import type { Session } from "../session.ts";
import type { Search } from "./search.ts";

/** Share of the examples whose wrong answers the full model prefers, from which they are taken for the right ones. */
const SWAPPED = 0.8;

/**
 * Measures the full model and the corrupted run on the training examples, and notes where the model does worse, or prefers the
 * wrong answers. The full model's log-probabilities are known by then, and the corrupted run is a circuit without edges. What
 * was looked at before is not looked at again.
 */
export async function tellDoubts(
  { label, model, task, ablation, places }: Search,
  masked: MaskedModel,
  train: PreparedExamples,
  session: Session,
): Promise<void> {
  const key = [model, task, ablation, places.length];
  if (places.length === 0 || session.looked.find(...key)) return;
  session.looked.set(key, { label });
  const hasWrong = train.examples.every(({ wrong }) => wrong.length > 0);
  const own = metricNamed(task.metric);
  const isOwn = "relative" in own ? !own.relative : own.reads !== "logits";
  const judge: Metric = isOwn ? own : metricNamed(hasWrong ? "logit_difference" : "accuracy");
  const choices = [judge, ...hasWrong ? [metricNamed("logit_difference")] : []];
  const each = await fullValues(masked, train, choices);
  const closed = new Float32Array(masked.universe.edgeCount);
  const corrupted = meansOf(await maskValues(masked, closed, train, [judge]))[judge.name];
  const full = meansOf(each)[judge.name];
  const note = (text: string) =>
    session.host.note(`note: ${label}: on the training examples ${text}`);
  const wrongly = each.logit_difference?.filter((difference) => difference < 0).length ?? 0;
  if (hasWrong && wrongly >= SWAPPED * places.length) {
    return note(
      `the full model prefers the wrong answers in ${wrongly} of ${places.length}: ` +
        "right and wrong answers may be swapped",
    );
  }
  if (judge.better === "higher" ? full >= corrupted : full <= corrupted) return;
  const [here, there] = [full, corrupted].map((value) => Number(value.toPrecision(4)));
  note(
    `the full model has \`${judge.name}\` ${here}, and the corrupted run ${there}, which is better: ` +
      "the model may not do the task",
  );
}
