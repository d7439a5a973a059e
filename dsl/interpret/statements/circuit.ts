/**
 * `circuit NAME { ... }`: a circuit that is found, read from a file, or written out.
 *
 * @module
 */
import {
  edgeBetween,
  makeCircuit,
  openCircuit,
  type Provenance,
} from "../../../runtime/circuits/mod.ts";
import { ablationNamed } from "../../../runtime/stream/mod.ts";
import type { CircuitDeclaration } from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { at, fail } from "../error.ts";
import { find } from "../circuit/find.ts";
import { asksForTruth, groundTruth } from "../circuit/truth.ts";
import { numberOf } from "../lower/constant.ts";
import { fieldsOf } from "../lower/fields.ts";
import type { CircuitValue, ModelValue } from "../values.ts";

export async function runCircuit(declaration: CircuitDeclaration, context: Context): Promise<void> {
  const { last, choice } = fieldsOf(declaration.fields);
  const from = last("FromField");
  const edges = last("EdgesField");
  const value = asksForTruth(declaration)
    ? await groundTruth(declaration, context)
    : choice("find") !== undefined
    ? await find(declaration, context)
    : from !== undefined
    ? await read(declaration, context)
    : edges !== undefined
    ? await writtenOut(declaration, context)
    : fail(context.scope.place(declaration.name), "a circuit needs `find`, `from` or `edges`");
  context.define(declaration.name.text, value);
}

/** The model that `in NAME` names. */
export function modelOf(
  declaration: CircuitDeclaration,
  { scope }: Context,
): ModelValue | undefined {
  const name = fieldsOf(declaration.fields).choice("in");
  if (name === undefined) return undefined;
  const model = scope.lookup(name.text);
  if (model?.kind !== "model") fail(scope.place(name), `\`${name.text}\` is not a model`);
  return model;
}

/** Task and corruption that `for TASK corrupted by CORRUPTION` names. */
export function taskOf(
  declaration: CircuitDeclaration,
  { scope }: Context,
): Pick<CircuitValue, "task" | "corruption"> {
  const field = fieldsOf(declaration.fields).last("ForField");
  if (field === undefined) return {};
  const task = scope.lookup(field.task.text);
  if (task?.kind !== "task") fail(scope.place(field.task), `\`${field.task.text}\` is not a task`);
  if (field.corruption === undefined) return { task };
  const corruption = scope.lookup(field.corruption.text);
  if (corruption?.kind !== "corruption") {
    fail(scope.place(field.corruption), `\`${field.corruption.text}\` is not a corruption`);
  }
  if (corruption.task !== task) {
    fail(
      scope.place(field.corruption),
      `\`${corruption.name}\` is a corruption of \`${corruption.task.name}\``,
    );
  }
  return { task, corruption };
}

async function read(declaration: CircuitDeclaration, context: Context): Promise<CircuitValue> {
  const { scope } = context;
  const source = fieldsOf(declaration.fields).last("FromField")!.source;
  if (source.kind === "Name") {
    fail(scope.place(source), "a circuit is read from a file", 'write from "FILE"');
  }
  const model = modelOf(declaration, context);
  const path = scope.path(source.value);
  const circuit = await at(scope.place(source), () => openCircuit(path, model?.universe));
  const ablation = ablationNamed(circuit.provenance.options?.ablation);
  return {
    kind: "circuit",
    circuit,
    ...(model && { model }),
    ...taskOf(declaration, context),
    ...(ablation && { ablation }),
  };
}

async function writtenOut(
  declaration: CircuitDeclaration,
  context: Context,
): Promise<CircuitValue> {
  const { scope } = context;
  const model = modelOf(declaration, context);
  if (model === undefined) {
    fail(scope.place(declaration.name), "a circuit that is written out needs `in MODEL`");
  }
  const { universe } = model;
  const scores = new Float32Array(universe.edgeCount).fill(NaN);
  const numbers: number[] = [];
  for (const { from, to, score, span } of fieldsOf(declaration.fields).last("EdgesField")!.edges) {
    const edge = await at(
      { file: scope.file, span },
      () => edgeBetween(universe, from.text, to.text),
    );
    numbers.push(edge);
    if (score !== undefined) scores[edge] = numberOf(score, scope);
  }
  const provenance: Provenance = { expression: "edges", name: declaration.name.text };
  const scored = scores.some((score) => !Number.isNaN(score));
  const circuit = makeCircuit(universe, numbers, scored ? scores : null, provenance);
  return { kind: "circuit", circuit, model, ...taskOf(declaration, context) };
}
