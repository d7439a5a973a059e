/** Values as the user sees them. @module */
import { nameOfMetric } from "../../runtime/metrics/mod.ts";
import { type Circuit, describeUniverse } from "../../runtime/circuits/mod.ts";
import { SPLITS } from "../../runtime/tasks/mod.ts";
import type { Host } from "./host.ts";
import type { Value } from "./values.ts";

/** Shows a value as a result. */
export function show(value: Value, name: string, host: Host): void {
  switch (value.kind) {
    case "table":
      return host.table(value.table, name);
    case "number":
      return host.text(String(value.number), name);
    case "text":
      return host.text(value.text, name);
    case "truth":
      return host.text(String(value.truth), name);
    case "list":
      return host.text(`[${value.items.map(inList).join(", ")}]`, name);
    case "circuit":
      return host.text(`${name}: ${circuitSummary(value.circuit)}`);
    case "model": {
      const { model, universe } = value;
      return host.text(`${name}: ${model.architecture.family}, ${describeUniverse(universe)}`);
    }
    case "program": {
      const { program, layers, heads, domain } = value.plan;
      return host.text(
        `${name}: a program over ${program.vocabulary.length} tokens and ${domain.inputs.length} inputs, ` +
          `compiled to ${layers} layers of ${heads} heads`,
      );
    }
    case "task": {
      const { definition } = value.source;
      const counts = SPLITS.flatMap((split) =>
        definition.examples?.[split] === undefined ? [] : [`${split} ${definition.examples[split]}`]
      );
      const { metric } = definition;
      const shown = metric === undefined ? [] : [`metric ${nameOfMetric(metric)}`];
      return host.text(`${name}: ${[counts.join(", "), ...shown].join("; ")}`);
    }
    case "corruption":
      return host.text(`${name}: a corruption of ${value.task.name}`);
    case "unknown":
      return;
    case "schedule":
      return host.text(`${name}: ${JSON.stringify(value.schedule)}`);
  }
}

function inList(value: Value): string {
  if (value.kind === "number") return String(value.number);
  return value.kind === "text" ? JSON.stringify(value.text) : value.kind;
}

/** `94 of 1,620 edges (94.2% sparse), edge_pruning` */
export function circuitSummary({ edges, universe, provenance }: Circuit): string {
  const sparsity = 100 * (1 - edges.length / universe.edgeCount);
  return `${edges.length.toLocaleString("en")} of ${
    universe.edgeCount.toLocaleString("en")
  } edges ` +
    `(${sparsity.toFixed(1)}% sparse), ${provenance.expression}`;
}
