/** `circ explain WORD` @module */
import { Command } from "@cliffy/command";
import { explain } from "../dsl/reference/mod.ts";
import type { Streams } from "./main.ts";
import { UserError } from "../base/user_error.ts";

export function explainCommand({ out }: Streams) {
  return new Command()
    .description("Show what a word of the language means: a keyword, field, metric or method.")
    .arguments("<word:string>")
    .example("circ explain edge_pruning", "What the method does and which fields it takes.")
    .action((_options, word) => {
      const { found, text } = explain(word);
      if (!found) throw new UserError(text.trimEnd().replaceAll("\n", "\n  "));
      out.write(text);
    });
}
