/** `run ep on "..." corrupted "..."`: the likeliest next tokens, by the full model and by the circuit. @module */
import { ablationOf } from "../../../runtime/circuits/mod.ts";
import { alignDifferent, checkKnown, type Example } from "../../../runtime/tasks/mod.ts";
import type { ExpressionOf } from "../../check/program.ts";
import type { Context } from "../context.ts";
import { fail, located } from "../error.ts";
import { meansTask, requireMeans } from "../measure/means.ts";
import { circuitOf } from "../operands.ts";
import type { Value } from "../values.ts";

export async function runPrompt(query: ExpressionOf<"run">, context: Context): Promise<Value> {
  const { source, effects } = context;
  const value = await circuitOf(query.circuit, context);
  const { model, circuit } = value;
  const { tokenizer, architecture } = model.model;
  const place = source.place(query.prompt);
  if (tokenizer === null) fail(place, `\`${model.name}\` has no tokenizer`);
  if (query.corrupted === undefined && ablationOf(circuit) === "interchange") {
    fail(place, "the corrupted twin of this prompt is needed", 'write `corrupted "..."` behind it');
  }
  const example = await exampleOf(query.prompt.text, (query.corrupted ?? query.prompt).text);
  const means = await meansTask(value, undefined, place, context);
  requireMeans(circuit, [example], means, place);
  return {
    kind: "table",
    table: await effects.predict({ value, model, example, means, place }, context),
  };

  /** The pair as tokens; no answer is judged. */
  async function exampleOf(clean: string, corrupted: string): Promise<Example> {
    const [cleanTokens, corruptedTokens] = await tokenizer!.encodeAll([clean, corrupted])
      .catch((error) => {
        throw located(place, error);
      });
    const row = (label: string, tokens: number[]) => ({
      label,
      tokens: tokens.map((token) => tokenizer!.tokenText(token)),
    });
    if (cleanTokens.length !== corruptedTokens.length) {
      const aligned = alignDifferent(row("clean", cleanTokens), row("corrupted", corruptedTokens));
      fail(
        source.place(query.corrupted!),
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
    const example = {
      clean,
      corrupted,
      cleanTokens: Int32Array.from(cleanTokens),
      corruptedTokens: Int32Array.from(corruptedTokens),
      answers: new Int32Array(0),
      wrong: new Int32Array(0),
    };
    try {
      checkKnown(example, architecture.vocabulary, "the query", tokenizer!.tokenText);
    } catch (error) {
      throw located(place, error);
    }
    return example;
  }
}
