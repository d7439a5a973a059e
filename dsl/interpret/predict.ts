/** The likeliest next tokens of one prompt, by the full model and by a circuit. @module */
import { ablationOf } from "../../runtime/circuits/mod.ts";
import { maskOf } from "../../runtime/evaluation/mod.ts";
import type { Table } from "../../runtime/tables/table.ts";
import type { Prompt } from "./effects.ts";
import type { Session } from "./session.ts";

/** Tokens shown: the likeliest of either side. */
const shown = 5;

export async function predict(
  { value, model, example, means, place }: Prompt,
  session: Session,
): Promise<Table> {
  const { circuit } = value;
  const tokenizer = model.model.tokenizer!;
  const masked = await session.masked(model, place);
  const ablation = ablationOf(circuit);
  const prepared = await masked.prepare([example], undefined, ablation, means?.examples.train);
  try {
    const full = probabilities(await masked.targets(prepared));
    const z = maskOf(circuit.universe, circuit.edges);
    const { logits, kl } = await masked.evaluate(prepared, z, { logits: true });
    const found = probabilities(logits);
    const tokens = [...new Set([...best(full), ...best(found)])];
    return {
      columns: ["token", "full model", "circuit"],
      rows: tokens.map((token) => [
        JSON.stringify(tokenizer.tokenText(token)),
        full[token],
        found[token],
      ]),
      notes: [`KL(full model || circuit) ${kl[0].toPrecision(4)}`],
    };
  } finally {
    await masked.forget(prepared);
  }
}

/** Softmax of logits or log-probabilities. */
function probabilities(logits: Float32Array): Float32Array {
  const highest = logits.reduce((most, value) => Math.max(most, value), -Infinity);
  const exponentials = logits.map((value) => Math.exp(value - highest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

function best(values: Float32Array): number[] {
  return Array.from(values.keys()).sort((a, b) => values[b] - values[a]).slice(0, shown);
}
