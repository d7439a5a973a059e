/**
 * `run ep on "..." corrupted "..."`: the likeliest next tokens, by the full model and by the circuit.
 *
 * @module
 */
import { maskOf } from "../../../runtime/evaluation/mod.ts";
import { alignDifferent, type Example } from "../../../runtime/tasks/mod.ts";
import type { RunQuery } from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { fail } from "../error.ts";
import { circuitOf } from "../expressions.ts";
import type { Value } from "../values.ts";

/** Tokens shown: the likeliest of either side. */
const shown = 5;

export async function runPrompt(query: RunQuery, context: Context): Promise<Value> {
  const { scope, session } = context;
  const { model, circuit, ablation = "interchange" } = await circuitOf(query.circuit, context);
  if (model === undefined) {
    fail(scope.place(query.circuit), "this circuit belongs to no model of the script");
  }
  const { tokenizer, architecture } = model.model;
  const place = scope.place(query.prompt);
  if (tokenizer === null) fail(place, `\`${model.name}\` has no tokenizer`);
  if (query.corrupted === undefined && ablation !== "zero") {
    fail(place, "the corrupted twin of this prompt is needed", 'write `corrupted "..."` behind it');
  }
  const example = exampleOf(query.prompt.value, (query.corrupted ?? query.prompt).value);
  if (session.planner) return { kind: "table", table: { columns: [], rows: [] } };
  const masked = await session.masked(model, place);
  const prepared = await masked.prepare([example], undefined, ablation);
  try {
    const full = probabilities(await masked.targets(prepared));
    const z = maskOf(circuit.universe, circuit.edges);
    const { logits, kl } = await masked.evaluate(prepared, z, { logits: true });
    const found = probabilities(logits);
    const tokens = [...new Set([...best(full), ...best(found)])];
    return {
      kind: "table",
      table: {
        columns: ["token", "full model", "circuit"],
        rows: tokens.map((token) => [
          JSON.stringify(tokenizer.tokenText(token)),
          full[token],
          found[token],
        ]),
        notes: [`KL(full model || circuit) ${kl[0].toPrecision(4)}`],
      },
    };
  } finally {
    await masked.forget(prepared);
  }

  /** The pair as tokens; no answer is judged. */
  function exampleOf(clean: string, corrupted: string): Example {
    const [cleanTokens, corruptedTokens] = [clean, corrupted].map((text) =>
      tokenizer!.encode(text)
    );
    const row = (label: string, tokens: number[]) => ({
      label,
      tokens: tokens.map((token) => tokenizer!.tokenText(token)),
    });
    if (cleanTokens.length !== corruptedTokens.length) {
      const aligned = alignDifferent(row("clean", cleanTokens), row("corrupted", corruptedTokens));
      fail(
        scope.place(query.corrupted!),
        `the prompt has ${cleanTokens.length} tokens and its twin ${corruptedTokens.length}\n${aligned}`,
        "both must have as many tokens",
      );
    }
    if (cleanTokens.length === 0) fail(place, "the prompt is empty");
    if (cleanTokens.length > architecture.contextLength) {
      fail(
        place,
        `the prompt has ${cleanTokens.length} tokens, and \`${
          model!.name
        }\` takes ${architecture.contextLength}`,
      );
    }
    return {
      clean,
      corrupted,
      cleanTokens: Int32Array.from(cleanTokens),
      corruptedTokens: Int32Array.from(corruptedTokens),
      answers: new Int32Array(0),
      wrong: new Int32Array(0),
    };
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
