/** The grammar of queries over circuits. @module */
import { W } from "./tokens.ts";
import { nameOf } from "./base.ts";
import { ExpressionParser } from "./expressions.ts";
import { QUERIES } from "./forms.ts";
import type { Path } from "./tree.ts";

export abstract class QueryParser extends ExpressionParser {
  protected queries = this.define(QUERIES, {
    query: (read) => this.nested(read),
    countColumn: (): Path => {
      const name = nameOf(this.CONSUME(W.count));
      return { kind: "Path", parts: [name], text: name.text, span: name.span };
    },
  });
}
