/** A task's answers for one choice of its variables. @module */
import type { AnswerTemplate } from "./definition.ts";
import { holds, type Values } from "./condition.ts";
import { fillTemplate } from "./template.ts";

/** The texts that the templates give, each once, in order; empty when no condition holds. */
export function answersFor(
  templates: readonly AnswerTemplate[],
  values: Values,
  place: string,
): string[] {
  const texts = new Set<string>();
  for (const { text, each, where } of templates) {
    const choices = each === undefined
      ? [values]
      : each.values.map((value) => ({ ...values, [each.variable]: value }));
    for (const choice of choices) {
      if (where === undefined || holds(where, choice, place)) {
        texts.add(fillTemplate(text, choice, place));
      }
    }
  }
  return [...texts];
}
