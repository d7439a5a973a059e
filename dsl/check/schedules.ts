/**
 * Checks of schedules, and of what a circuit overrides in one.
 *
 * @module
 */
import { rates, scheduleFields as records } from "../../runtime/discovery/fields.ts";
import { shapes } from "../../runtime/discovery/training/shapes.ts";
import type { ScheduleDeclaration, ScheduleField, SparsityField } from "../syntax/tree.ts";
import { type Checker, declare, error, oneOf } from "./checker.ts";
import { once, withWord } from "./fields.ts";
import { type ScheduleFacts, symbolOf } from "./symbols.ts";
import { number, share, shown, steps, valueOf } from "./values.ts";

export function schedule(c: Checker, node: ScheduleDeclaration): void {
  once(c, "schedule", node.fields);
  const facts = scheduleFields(c, node.fields, undefined);
  if (!withWord(node.fields, "steps") && !node.damaged) {
    error(
      c,
      node.name.span,
      `the schedule \`${node.name.text}\` has no \`steps\``,
      "for instance `steps 3000`",
    );
  }
  declare(
    c,
    symbolOf(node.name, c.file, { type: "schedule" }, {
      doc: node.doc,
      declaration: node,
      schedule: facts,
    }),
  );
}

/** Checks fields on top of what another schedule says; returns what is known together. */
export function scheduleFields(
  c: Checker,
  fields: readonly ScheduleField[],
  base: ScheduleFacts | undefined,
): ScheduleFacts {
  const stepsField = withWord(fields, "steps");
  const own = stepsField?.kind === "ValueField" ? valueOf(c, stepsField, records) : undefined;
  const known = stepsField ? own : base?.steps;
  const total = known && Math.max(...known);
  let over = base?.over;
  let edgeSparsity = base?.edgeSparsity ?? false;
  for (const field of fields) {
    switch (field.kind) {
      case "ValueField":
        if (field !== stepsField) valueOf(c, field, records);
        break;
      case "WarmUpField": {
        const warm = steps(c, field.count, "`warm_up`", 0);
        if (warm && total !== undefined && Math.min(...warm) > total) {
          error(
            c,
            field.count.value.span,
            `the warm-up takes ${shown(Math.min(...warm))} steps, and there are only ${total}`,
          );
        }
        break;
      }
      case "LearningRateField":
        learningRate(c, field);
        break;
      case "SparsityField": {
        const last = sparsity(c, field, total);
        if (field.word === "edge_sparsity") {
          edgeSparsity = true;
          over = last;
        }
      }
    }
  }
  // An override of the steps may cut off the ramp that the schedule itself describes.
  if (
    base && own && total !== undefined && over === base.over && over && Math.min(...over) > total
  ) {
    error(
      c,
      stepsField!.span,
      `the sparsity reaches its end at step ${
        Math.min(...over)
      }, and there are only ${total} steps`,
      "override `edge_sparsity` too",
    );
  }
  return { ...(known && { steps: known }), ...(over && { over }), edgeSparsity };
}

function learningRate(
  c: Checker,
  field: Extract<ScheduleField, { kind: "LearningRateField" }>,
): void {
  const seen = new Set<string>();
  for (const { of, rate } of field.entries) {
    if (of && oneOf(c, of, Object.keys(rates), "learning rate") && seen.has(of.text)) {
      error(c, of.span, `the learning rate of ${of.text} is said twice`);
    }
    if (of) seen.add(of.text);
    number(c, rate, { what: "a learning rate", above: 0 });
  }
  if (field.entries.length > 1 && field.entries.some(({ of }) => !of)) {
    error(
      c,
      field.span,
      "say which learning rate is which",
      "for instance `learning_rate masks 0.8, multipliers 0.8`",
    );
  }
}

/** Checks a sparsity over the steps; returns at which step it is reached. */
function sparsity(
  c: Checker,
  field: SparsityField,
  total: number | undefined,
): readonly number[] | undefined {
  const { form } = field;
  if (form.kind === "Off") {
    if (field.word === "edge_sparsity") {
      error(c, form.span, "`edge_sparsity` cannot be off: it says how many edges stay");
    }
    return undefined;
  }
  if (form.kind === "Points") return points(c, form.points, total);
  const from = share(c, form.from, "a sparsity");
  const to = form.to && share(c, form.to, "a sparsity");
  if (from && to && Math.min(...to) < Math.max(...from) && to.length * from.length === 1) {
    error(
      c,
      { start: form.from.span.start, end: form.to!.span.end },
      `this goes backwards, from ${percent(from[0])} to ${percent(to[0])}`,
      "a sparsity only grows",
    );
  }
  if (!form.to && (form.over || form.by)) {
    error(
      c,
      field.span,
      "a sparsity that stays the same needs no steps and no shape",
      `for instance \`${field.word} 0 -> 98% over 2500 steps\``,
    );
  }
  if (form.by) oneOf(c, form.by, Object.keys(shapes), "shape");
  const over = form.over && steps(c, form.over, "the steps of a ramp", 1);
  if (over && total !== undefined && Math.min(...over) > total) {
    error(
      c,
      form.over!.value.span,
      `the ramp takes ${shown(Math.min(...over))} steps, and there are only ${total}`,
      "see `steps`",
    );
  }
  return over;
}

function percent(value: number): string {
  return `${shown(value * 100)}%`;
}

function points(
  c: Checker,
  list: Extract<SparsityField["form"], { kind: "Points" }>["points"],
  total: number | undefined,
): readonly number[] | undefined {
  let value: number | undefined;
  let step: number | undefined;
  for (const point of list) {
    const [nextValue] = share(c, point.value, "a sparsity") ?? [];
    const [nextStep] = steps(c, point.at, "a step", 0) ?? [];
    if (value !== undefined && nextValue < value) {
      error(
        c,
        point.value.span,
        `this goes backwards, from ${percent(value)} to ${percent(nextValue)}`,
        "a sparsity only grows",
      );
    }
    if (step !== undefined && nextStep <= step) {
      error(
        c,
        point.at.value.span,
        `step ${nextStep} does not come after step ${step}`,
        "points stand in order",
      );
    } else if (total !== undefined && nextStep > total) {
      error(c, point.at.value.span, `step ${nextStep} is never reached: there are ${total} steps`);
    }
    value = nextValue ?? value;
    step = nextStep ?? step;
  }
  return step === undefined ? undefined : [step];
}
