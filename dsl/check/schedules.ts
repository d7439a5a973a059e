/** Checks of schedules, and of what a circuit overrides in one. @module */
import { shownNumber, shownShare } from "../../base/number_text.ts";
import { rates, scheduleFields as records } from "../../runtime/discovery/mod.ts";
import { shapes } from "../../runtime/discovery/mod.ts";
import type { ScheduleDeclaration, ScheduleField, SparsityField } from "../syntax/tree.ts";
import { type Checker, declared, oneOf } from "./checker.ts";
import { lacks, once, unrepeated, withWord } from "./fields.ts";
import type { Open, Schedule, ScheduleNumber, SparsityPlan, StatementOf } from "./program.ts";
import type { ScheduleFacts } from "./symbols.ts";
import { fieldValue, number, share, steps, valuesOf } from "./values.ts";

export function schedule(c: Checker, node: ScheduleDeclaration): StatementOf<"schedule"> {
  once(c, "schedule", node.fields);
  const { facts, said } = scheduleFields(c, node.fields, undefined);
  if (!node.damaged) {
    const isMissing = !withWord(node.fields, "steps");
    lacks(c, "schedule", node, [isMissing && "steps"], "for instance `steps 3000`");
  }
  const symbol = declared(c, node, { type: "schedule" }, { schedule: facts });
  return { kind: "schedule", symbol, schedule: said };
}

type Said = { -readonly [K in keyof Schedule]: Open<Schedule[K]> };

/** Checks fields on top of what another schedule says; returns what they say, and what is known of both together. */
export function scheduleFields(
  c: Checker,
  fields: readonly ScheduleField[],
  base: ScheduleFacts | undefined,
): { readonly facts: ScheduleFacts; readonly said: Open<Schedule> } {
  const said: Said = {};
  const stepsField = withWord(fields, "steps");
  if (stepsField?.kind === "ValueField") said.steps = fieldValue(c, stepsField, records);
  const own = said.steps === undefined ? undefined : valuesOf(said.steps);
  const known = stepsField ? own : base?.steps;
  const total = known && Math.max(...known);
  let over = base?.over;
  let edgeSparsity = base?.edgeSparsity ?? false;
  for (const field of fields) {
    switch (field.kind) {
      case "ValueField":
        if (field === stepsField) break;
        said[field.word as ScheduleNumber] = fieldValue(c, field, records);
        break;
      case "WarmUpField": {
        said.warmUp = steps(c, field.count, "`warm_up`", 0);
        const warm = valuesOf(said.warmUp);
        if (warm && total !== undefined && Math.min(...warm) > total) {
          c.error(
            field.count.value,
            `the warm-up takes ${
              shownNumber(Math.min(...warm))
            } steps, and there are only ${total}`,
          );
        }
        break;
      }
      case "LearningRateField":
        Object.assign(said, learningRate(c, field));
        break;
      case "SparsityField": {
        const { plan, end } = sparsity(c, field, total);
        if (field.word === "node_sparsity") said.nodeSparsity = plan;
        else {
          if (plan !== null) said.edgeSparsity = plan;
          edgeSparsity = true;
          over = end;
        }
      }
    }
  }
  // An override of the steps may cut off the ramp that the schedule itself describes.
  if (
    base && own && total !== undefined && over === base.over && over && Math.min(...over) > total
  ) {
    c.error(
      stepsField!,
      `the sparsity reaches its end at step ${
        Math.min(...over)
      }, and there are only ${total} steps`,
      "override `edge_sparsity` too",
    );
  }
  return { facts: { ...(known && { steps: known }), ...(over && { over }), edgeSparsity }, said };
}

function learningRate(
  c: Checker,
  field: Extract<ScheduleField, { kind: "LearningRateField" }>,
): Said {
  const said: Said = {};
  const named = unrepeated(c, (name) => `the learning rate of ${name} is said twice`);
  for (const { of, rate } of field.entries) {
    if (of && oneOf(c, of, Object.keys(rates), "learning rate")) named(of);
    const value = number(c, rate, { what: "a learning rate", above: 0 });
    for (const [name, option] of Object.entries(rates)) {
      if (!of || of.text === name) said[option] = value;
    }
  }
  if (field.entries.length > 1 && field.entries.some(({ of }) => !of)) {
    c.error(
      field,
      "say which learning rate is which",
      "for instance `learning_rate masks 0.8, multipliers 0.8`",
    );
  }
  return said;
}

/** A sparsity, and the step at which it is reached, when that is known. */
interface Ramp {
  readonly plan: Open<SparsityPlan> | null;
  readonly end?: readonly number[];
}

/** Checks a sparsity over the steps. */
function sparsity(c: Checker, field: SparsityField, total: number | undefined): Ramp {
  const { form } = field;
  if (form.kind === "Off") {
    if (field.word === "edge_sparsity") {
      c.error(form, "`edge_sparsity` cannot be off: it says how many edges stay");
    }
    return { plan: null };
  }
  if (form.kind === "Points") return points(c, form.points, total);
  const from = share(c, form.from, "a sparsity");
  const to = form.to && share(c, form.to, "a sparsity");
  const [first, last] = [valuesOf(from), to !== undefined ? valuesOf(to) : undefined];
  if (first?.length === 1 && last?.length === 1 && last[0] < first[0]) {
    c.error(
      { span: { start: form.from.span.start, end: form.to!.span.end } },
      `this goes backwards, from ${shownShare(first[0])} to ${shownShare(last[0])}`,
      "a sparsity only grows",
    );
  }
  if (!form.to && (form.over || form.by)) {
    c.error(
      field,
      "a sparsity that stays the same needs no steps and no shape",
      `for instance \`${field.word} 0 -> 98% over 2500 steps\``,
    );
  }
  if (form.by) oneOf(c, form.by, Object.keys(shapes), "shape");
  const over = form.over && steps(c, form.over, "the steps of a ramp", 1);
  const end = over === undefined ? undefined : valuesOf(over);
  if (end && total !== undefined && Math.min(...end) > total) {
    c.error(
      form.over!.value,
      `the ramp takes ${shownNumber(Math.min(...end))} steps, and there are only ${total}`,
      "see `steps`",
    );
  }
  if (to === undefined) return { plan: { from, to: from, over: 0, shape: "linear" } };
  const shape = (form.by?.text ?? "linear") as SparsityPlan["shape"];
  return { plan: { from, to, shape, ...(over !== undefined && { over }) }, ...(end && { end }) };
}

function points(
  c: Checker,
  list: Extract<SparsityField["form"], { kind: "Points" }>["points"],
  total: number | undefined,
): Ramp {
  let value: number | undefined;
  let step: number | undefined;
  const said = list.map((point) => {
    const sparsity = share(c, point.value, "a sparsity");
    const at = steps(c, point.at, "a step", 0);
    const [nextValue] = valuesOf(sparsity) ?? [];
    const [nextStep] = valuesOf(at) ?? [];
    if (value !== undefined && nextValue < value) {
      c.error(
        point.value,
        `this goes backwards, from ${shownShare(value)} to ${shownShare(nextValue)}`,
        "a sparsity only grows",
      );
    }
    if (step !== undefined && nextStep <= step) {
      c.error(
        point.at.value,
        `step ${nextStep} does not come after step ${step}`,
        "points stand in order",
      );
    } else if (total !== undefined && nextStep > total) {
      c.error(point.at.value, `step ${nextStep} is never reached: there are ${total} steps`);
    }
    value = nextValue ?? value;
    step = nextStep ?? step;
    return [at, sparsity] as const;
  });
  const plan: Open<SparsityPlan> = {
    from: said[0]?.[1] ?? 0,
    to: said.at(-1)?.[1] ?? 0,
    shape: "linear",
    points: said,
  };
  return { plan, ...(step !== undefined && { end: [step] }) };
}
