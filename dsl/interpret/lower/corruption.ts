/**
 * A corruption's declaration as the runtime's definition.
 *
 * @module
 */
import type { Change, CorruptionDefinition, TaskCondition } from "../../../runtime/tasks/mod.ts";
import type { CorruptionDeclaration } from "../../syntax/tree.ts";
import { fail } from "../error.ts";
import type { Scope } from "../scope.ts";
import { conditionOf } from "./condition.ts";
import { spelling } from "./constant.ts";
import { allOf } from "./task.ts";

/** The definition of a corruption. */
export async function corruptionDefinition(
  declaration: CorruptionDeclaration,
  scope: Scope,
): Promise<CorruptionDefinition> {
  const changes: Change[] = [];
  const prompts: string[] = [];
  const conditions: Promise<TaskCondition>[] = [];
  for (const field of declaration.fields) {
    switch (field.kind) {
      case "PromptField":
        prompts.push(field.text.value);
        break;
      case "WhereField":
        conditions.push(conditionOf(field.condition, scope));
        break;
      case "SetField":
        changes.push({
          kind: "replace",
          variable: field.name.text,
          with: spelling(field.value, scope),
        });
        break;
      case "NamesField": {
        const variables = field.names.map(({ text }) => text);
        if (field.word === "redraw") changes.push({ kind: "redraw", variables });
        else if (variables.length === 2) {
          changes.push({ kind: "swap", variables: [variables[0], variables[1]] });
        } else {fail(
            scope.place(field),
            `\`swap\` takes two variables: there are ${variables.length}`,
          );}
      }
    }
  }
  const where = await allOf(conditions);
  return {
    name: declaration.name.text,
    changes,
    ...(where === undefined ? {} : { where }),
    ...(prompts.length === 0 ? {} : { prompts }),
  };
}
