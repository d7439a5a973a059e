/**
 * A schedule's declaration as numbers: what training does at which step.
 *
 * @module
 */
import { shapeNamed, shapes } from "../../../runtime/discovery/training/shapes.ts";
import type { SparsitySchedule } from "../../../runtime/discovery/training/sparsity.ts";
import type { Expression, ScheduleField, SparsityField } from "../../syntax/tree.ts";
import { fail } from "../error.ts";
import type { Scope } from "../scope.ts";
import { numberOf, wholeNumberOf } from "./constant.ts";

/** A sparsity whose climb takes all steps there are when `over` is left out. */
export type SparsityPlan = Omit<SparsitySchedule, "over"> & { readonly over?: number };

/** What a schedule says; what it leaves out is the method's own default. */
export interface Schedule {
  readonly steps?: number;
  readonly warmUp?: number;
  readonly batch?: number;
  readonly edgeSparsity?: SparsityPlan;
  /** `null`: components have no masks of their own. */
  readonly nodeSparsity?: SparsityPlan | null;
  readonly maskRate?: number;
  readonly multiplierRate?: number;
  readonly temperature?: number;
}

/** The schedule that fields describe, over an earlier one whose values stay where no field says otherwise. */
export function scheduleOf(
  fields: readonly ScheduleField[],
  scope: Scope,
  base: Schedule = {},
): Schedule {
  return fields.reduce((schedule, field) => ({ ...schedule, ...entryOf(field, scope) }), base);
}

function entryOf(field: ScheduleField, scope: Scope): Schedule {
  switch (field.kind) {
    case "ValueField": {
      const { word, value } = field;
      if (word === "steps") return { steps: wholeNumberOf(value, scope, 1, "`steps`") };
      if (word === "batch") return { batch: wholeNumberOf(value, scope, 1, "`batch`") };
      const temperature = numberOf(value, scope);
      if (temperature > 0) return { temperature };
      return fail(
        scope.place(value),
        `a temperature must be above 0: current value is ${temperature}`,
      );
    }
    case "WarmUpField":
      return { warmUp: wholeNumberOf(field.count.value, scope, 0, "`warm_up`") };
    case "LearningRateField":
      return Object.assign(
        {},
        ...field.entries.map(({ of, rate }) => {
          const number = numberOf(rate, scope);
          if (!(number > 0)) {
            fail(scope.place(rate), `a learning rate must be above 0: current value is ${number}`);
          }
          if (of === undefined) return { maskRate: number, multiplierRate: number };
          return of.text === "masks" ? { maskRate: number } : { multiplierRate: number };
        }),
      );
    case "SparsityField": {
      const plan = planOf(field, scope);
      if (field.word === "node_sparsity") return { nodeSparsity: plan };
      if (plan === null) {
        fail(scope.place(field), "`edge_sparsity` cannot be off: it says how many edges stay");
      }
      return { edgeSparsity: plan };
    }
  }
}

function planOf({ form, span }: SparsityField, scope: Scope): SparsityPlan | null {
  if (form.kind === "Off") return null;
  if (form.kind === "Points") {
    const points = form.points.map(({ value, at }) =>
      [wholeNumberOf(at.value, scope, 0, "a step"), shareOf(value, scope)] as const
    );
    if (points.length === 0) fail({ file: scope.file, span }, "the list of points is empty");
    return { from: points[0][1], to: points.at(-1)![1], shape: "linear", points };
  }
  const from = shareOf(form.from, scope);
  if (form.to === undefined) return { from, to: from, over: 0, shape: "linear" };
  const shape = form.by === undefined ? "linear" : shapeNamed(form.by.text);
  if (shape === undefined) {
    fail(
      scope.place(form.by!),
      `\`${form.by!.text}\` is no shape`,
      `shapes are ${Object.keys(shapes).join(", ")}`,
    );
  }
  const over = form.over && wholeNumberOf(form.over.value, scope, 1, "a number of steps");
  return { from, to: shareOf(form.to, scope), shape, ...(over === undefined ? {} : { over }) };
}

/** @throws when outside 0..100 % */
function shareOf(expression: Expression, scope: Scope): number {
  const share = numberOf(expression, scope);
  if (!(share >= 0 && share <= 1)) {
    fail(
      scope.place(expression),
      `a sparsity must lie between 0% and 100%: current value is ${+(share * 100).toPrecision(6)}%`,
    );
  }
  return share;
}
