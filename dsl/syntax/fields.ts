/** The grammar of the fields of blocks. @module */
import * as t from "./tokens.ts";
import { W } from "./tokens.ts";
import { FIELDS } from "./forms.ts";
import { RecoveringParser } from "./recovery.ts";
import type { Expression, Name, SkipField, SparsityField } from "./tree.ts";

type Ramp = Extract<SparsityField["form"], { kind: "Ramp" }>;

export abstract class FieldParser extends RecoveringParser {
  protected fields = this.define(FIELDS, {
    rowsField: (): SkipField => {
      const start = this.CONSUME(W.skip).startOffset;
      const choice = this.rule<Name>("choice");
      const words = [this.SUBRULE(choice), this.SUBRULE1(choice)];
      return { kind: "SkipField", words, span: this.span(start) };
    },

    points: (read) => {
      const open = this.CONSUME(t.LeftBracket);
      const points = this.bracketed(read);
      this.close(open, t.RightBracket, true);
      return points;
    },

    ramp: (read): SparsityField["form"] => {
      const ramp = read() as unknown as Ramp;
      const { from, to, over } = ramp;
      const isOff = !this.RECORDING_PHASE && from.kind === "Path" && from.text === "off";
      return isOff && !to && !over ? { kind: "Off", span: from.span } : ramp;
    },

    edgesField: () => {
      const start = this.CONSUME(W.edges).startOffset;
      this.CONSUME(t.LeftBrace);
      const edges: unknown[] = [];
      this.bracketed(() => this.MANY(() => void edges.push(this.SUBRULE(this.rule("edge")))));
      this.CONSUME(t.RightBrace);
      return { kind: "EdgesField", edges, span: this.span(start) };
    },

    score: (): Expression => {
      const start = this.offset();
      const negative = this.OPTION(() => this.CONSUME(t.Minus)) !== undefined;
      const operand = this.numberOf(this.CONSUME(t.NumberToken));
      return negative
        ? { kind: "UnaryExpression", operator: "-", operand, span: this.span(start) }
        : operand;
    },
  });
}
