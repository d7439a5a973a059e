import { assert } from "@std/assert";

/** The value that JavaScript gives the expression: an evaluator that is not ours. */
export function evaluate(text: string): boolean {
  const script = text.replaceAll("True", "true").replaceAll("False", "false")
    .replaceAll("and", "&&").replaceAll("or", "||").replaceAll("not", "!");
  assert(/^[truefals&|!() ]+$/.test(script), script);
  return new Function(`return ${script}`)();
}
