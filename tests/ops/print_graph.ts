/** A graph as text: one node a line. @module */
import { type Attribute, type Graph, showDims, showType, type Value } from "../../ops/mod.ts";
import { neededFor, type Outputs } from "../../ops/mod.ts";

/**
 * The part of a graph that the outputs need, as text:
 *
 * ```text
 * graph example
 *   in x: float32[2, 3]
 *   v0: float32[2, 2] = MatMul(x, w)
 *   out y = v0
 * ```
 */
export function printGraph(graph: Graph, outputs: Outputs): string {
  const { inputs, initializers, nodes } = neededFor(graph, Object.values(outputs));
  const lines = [`graph ${graph.name}`];
  for (const input of inputs) lines.push(`  in ${input.name}: ${showType(input)}`);
  for (const value of initializers) {
    const { origin } = value;
    if (origin.kind === "slice") {
      const { file, offset, length } = origin.slice;
      lines.push(
        `  weight ${value.name}: ${showType(value)} = ${file}[${offset}..${offset + length}]`,
      );
    } else if (origin.kind === "constant" && origin.data.length > 8) {
      lines.push(`  constant ${value.name}: ${showType(value)}`);
    }
  }
  for (const { operator, inputs, outputs: results, attributes } of nodes) {
    const left = results.map((result) => `${result.name}: ${showType(result)}`).join(", ");
    const right = [...inputs.map(showOperand), ...Object.entries(attributes).map(showAttribute)]
      .join(", ");
    lines.push(`  ${left} = ${operator.name}(${right})`);
  }
  for (const [name, value] of Object.entries(outputs)) lines.push(`  out ${name} = ${value.name}`);
  return lines.join("\n");
}

/** Small constants are shown by value. */
function showOperand(value: Value): string {
  if (value.origin.kind !== "constant" || value.origin.data.length > 8) return value.name;
  const numbers = Array.from(value.origin.data, Number);
  return value.dims.length === 0 ? String(numbers[0]) : showDims(numbers);
}

function showAttribute([name, attribute]: [string, Attribute]): string {
  if (typeof attribute !== "object") return `${name}=${attribute}`;
  return `${name}=${"float" in attribute ? attribute.float : showDims(attribute)}`;
}
