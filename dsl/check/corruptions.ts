/** Checks of corruptions. @module */
import type { CorruptionDeclaration, Name, TaskDeclaration } from "../syntax/tree.ts";
import type { Change, CorruptionDefinition, TaskCondition } from "../../runtime/tasks/mod.ts";
import { type Checker, declared, inside, need, resolve, useOf } from "./checker.ts";
import { notEmpty } from "./exists.ts";
import { all, drawnAs, once, unrepeated } from "./fields.ts";
import type { Open, StatementOf } from "./program.ts";
import { allOf } from "./tasks.ts";
import { template, variableCondition, variableNamed } from "./variables.ts";

export function corruption(c: Checker, node: CorruptionDeclaration): StatementOf<"corruption"> {
  once(c, "corruption", node.fields);
  let definition: Open<CorruptionDefinition> = { name: node.name.text, changes: [] };
  const task = resolve(c, node.task, ["task"]);
  if (task?.task) {
    const source = task.task.fields.find(({ kind }) =>
      kind === "DataField" || kind === "GenerateField"
    );
    if (source) {
      c.error(
        node.task,
        `the task \`${task.name}\` ${
          source.kind === "DataField"
            ? "reads its corrupted prompts from a file"
            : "makes its own corrupted prompts"
        }, so it takes no corruption`,
      );
    } else {
      const excused = task.task.damaged ? { ...c.excused, all: true } : c.excused;
      definition = fields(inside(c, task.variables?.values(), excused), node, task.task);
    }
  }
  const symbol = declared(c, node, { type: "corruption" }, task && { of: task });
  return { kind: "corruption", symbol, task: useOf(node.task, task), definition };
}

/** Fields that change nothing by themselves. */
const NO_CHANGE: ReadonlySet<string> = new Set(["WhereField", "DrawnAsField"]);

function fields(
  c: Checker,
  node: CorruptionDeclaration,
  task: TaskDeclaration,
): Open<CorruptionDefinition> {
  const changes: Open<Change>[] = [];
  const conditions: Open<TaskCondition>[] = [];
  if (node.fields.every(({ kind }) => NO_CHANGE.has(kind)) && !node.damaged) {
    c.error(
      node.name,
      `the corruption \`${node.name.text}\` changes nothing`,
      "say what differs: `redraw A, B`, for instance",
    );
  }
  const changed = unrepeated(c, (name) => `\`${name}\` is changed twice`);
  for (const field of node.fields) {
    switch (field.kind) {
      case "NamesField":
        if (field.word === "swap" && field.names.length !== 2) {
          c.error(field, `\`swap\` takes two variables, and here ${counted(field.names.length)}`);
        }
        for (const name of field.names) change(c, name, changed);
        changes.push(changeOf(field.word, field.names.map(({ text }) => text)));
        break;
      case "SetField":
        change(c, field.name, changed);
        if (field.value.kind === "TextLiteral") template(c, field.value);
        changes.push({
          kind: "replace",
          variable: field.name.text,
          with: { later: "spelling", expression: need(c, field.value, ["text", "number"]) },
        });
        break;
      case "PromptField":
        notEmpty(c, field.text, "a prompt");
        template(c, field.text);
        break;
      case "WhereField":
        conditions.push(variableCondition(c, field.condition, true));
    }
  }
  const prompts = all(node.fields, "PromptField");
  const clean = task.fields.filter(({ kind }) => kind === "PromptField").length;
  if (prompts.length > 1 && prompts.length !== clean && !task.damaged && !node.damaged) {
    c.error(
      prompts[0],
      `there are ${prompts.length} prompts, and the task has ${clean}`,
      "give one for each of the task's, or one for all",
    );
  }
  const where = allOf(conditions);
  return {
    name: node.name.text,
    changes,
    ...drawnAs(c, node.fields),
    ...(where && { where }),
    ...(prompts.length > 0 && { prompts: prompts.map(({ text }) => text.value) }),
  };
}

function changeOf(word: "redraw" | "swap", variables: readonly string[]): Change {
  if (word === "redraw") return { kind: "redraw", variables };
  const [a, b] = variables;
  return { kind: "swap", variables: [a, b] };
}

function counted(count: number): string {
  return count === 1 ? "is one" : `are ${count}`;
}

/** A variable that is changed; twice would make the order matter unseen. */
function change(c: Checker, name: Name, changed: (name: Name) => void): void {
  const symbol = variableNamed(c, name);
  if (!symbol) return;
  // Being corrupted is no use of a variable: a prompt must show it.
  symbol.uses--;
  changed(name);
}
