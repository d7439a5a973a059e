/**
 * The grammar of the fields of schedules and circuits.
 *
 * @module
 */
import { circuitFields, scheduleFields, wordsOfKind } from "../../runtime/discovery/fields.ts";
import * as t from "./tokens.ts";
import { W } from "./tokens.ts";
import { wordOf } from "./base.ts";
import { WORDS_OF } from "./recovery.ts";
import { TaskFieldParser } from "./task_fields.ts";
import type {
  CircuitField,
  Expression,
  Name,
  ScheduleField,
  SparsityField,
  ValueField,
} from "./tree.ts";

const CIRCUIT_VALUES = wordsOfKind(circuitFields, "whole", "number");
const CIRCUIT_CHOICES = wordsOfKind(circuitFields, "choice", "switch");
const SCHEDULE_VALUES = wordsOfKind(scheduleFields, "whole", "number");
const SPARSITIES = wordsOfKind(scheduleFields, "sparsity");

export abstract class CircuitFieldParser extends TaskFieldParser {
  protected scheduleField = this.choiceRule<ScheduleField>("scheduleField", () => [
    this.scheduleValueField,
    this.warmUpField,
    this.sparsityField,
    this.learningRateField,
  ]);

  protected scheduleValueField = this.RULE("scheduleValueField", (): ValueField => {
    const word = this.oneOf(...SCHEDULE_VALUES.map((word) => W[word]));
    return this.valueAfter(word);
  });

  protected warmUpField = this.RULE("warmUpField", (): ScheduleField => {
    const start = this.CONSUME(W.warm_up).startOffset;
    const count = this.SUBRULE(this.stepCount);
    return { kind: "WarmUpField", count, span: this.span(start) };
  });

  protected sparsityField = this.RULE("sparsityField", (): SparsityField => {
    const word = this.oneOf(...SPARSITIES.map((word) => W[word]));
    const form = this.OR1([
      { ALT: () => this.SUBRULE(this.points) },
      { ALT: () => this.SUBRULE(this.ramp), IGNORE_AMBIGUITIES: true },
    ]);
    return {
      kind: "SparsityField",
      word: wordOf(word) as "edge_sparsity" | "node_sparsity",
      form,
      span: this.span(word.startOffset),
    };
  });

  protected points = this.RULE("points", (): SparsityField["form"] => {
    const open = this.CONSUME(t.LeftBracket);
    const points = this.bracketed(() =>
      this.listed(() => {
        const value = this.SUBRULE(this.sum);
        this.CONSUME(W.at);
        const at = this.SUBRULE(this.stepCount);
        return { value, at };
      })
    );
    this.close(open, t.RightBracket, true);
    return { kind: "Points", points };
  });

  protected ramp = this.RULE("ramp", (): SparsityField["form"] => {
    const from = this.SUBRULE(this.sum);
    const to = this.OPTION(() => {
      this.CONSUME(t.Arrow);
      return this.SUBRULE1(this.sum);
    });
    const over = this.OPTION1(() => {
      this.CONSUME(W.over);
      return this.SUBRULE(this.stepCount);
    });
    const by = this.OPTION2(() => {
      this.CONSUME(W.by);
      return this.SUBRULE(this.choice);
    });
    if (!this.RECORDING_PHASE && from.kind === "Path" && from.text === "off" && !to && !over) {
      return { kind: "Off", span: from.span };
    }
    return { kind: "Ramp", from, to, over, by };
  });

  protected learningRateField = this.RULE("learningRateField", (): ScheduleField => {
    const start = this.CONSUME(W.learning_rate).startOffset;
    const entries: { of: Name | undefined; rate: Expression }[] = [];
    entries.push(this.SUBRULE(this.learningRate));
    this.MANY({
      // After a comma in `using s with ...` the next override may begin.
      GATE: () => !WORDS_OF.schedule.has(this.LA(2).image),
      DEF: () => {
        this.CONSUME(t.Comma);
        entries.push(this.SUBRULE1(this.learningRate));
      },
    });
    return { kind: "LearningRateField", entries, span: this.span(start) };
  });

  protected learningRate = this.RULE("learningRate", () => {
    const of = this.OPTION({
      GATE: () => {
        const second = this.LA(2);
        return (this.is(second, t.NumberToken) || this.is(second, t.Word) ||
          this.is(second, t.LeftParenthesis)) && !this.startsLine(2);
      },
      DEF: () => this.SUBRULE(this.choice),
    });
    const rate = this.SUBRULE(this.sum);
    return { of, rate };
  });

  protected circuitField = this.choiceRule<CircuitField>("circuitField", () => [
    this.findField,
    this.inField,
    this.forField,
    this.usingField,
    this.fromField,
    this.edgesField,
    this.startField,
    this.withinField,
    this.keepField,
    this.choiceField,
    this.circuitValueField,
  ]);

  protected findField = this.RULE("findField", (): CircuitField => {
    return this.choiceAfter(this.CONSUME(W.find), this.methodName);
  });

  protected inField = this.RULE("inField", (): CircuitField => {
    return this.choiceAfter(this.CONSUME(W.in), this.modelName);
  });

  protected forField = this.RULE("forField", (): CircuitField => {
    const start = this.CONSUME(W.for).startOffset;
    const task = this.SUBRULE(this.taskName);
    const corruption = this.OPTION(() => this.SUBRULE(this.corruptedClause));
    return { kind: "ForField", task, corruption, span: this.span(start) };
  });

  protected usingField = this.RULE("usingField", (): CircuitField => {
    const start = this.CONSUME(W.using).startOffset;
    const schedule = this.SUBRULE(this.scheduleName);
    const overrides = this.OPTION(() => {
      this.CONSUME(W.with);
      return this.listed(() => this.SUBRULE(this.scheduleField));
    }) ?? [];
    return { kind: "UsingField", schedule, overrides, span: this.span(start) };
  });

  protected edgesField = this.RULE("edgesField", (): CircuitField => {
    const start = this.CONSUME(W.edges).startOffset;
    this.CONSUME(t.LeftBrace);
    type Edge = (CircuitField & { kind: "EdgesField" })["edges"][number];
    const edges: Edge[] = [];
    this.bracketed(() =>
      this.MANY(() => {
        edges.push(this.SUBRULE(this.edge));
      })
    );
    this.CONSUME(t.RightBrace);
    return { kind: "EdgesField", edges, span: this.span(start) };
  });

  protected edge = this.RULE("edge", () => {
    const start = this.offset();
    const from = this.SUBRULE(this.pattern);
    this.CONSUME(t.Arrow);
    const to = this.SUBRULE1(this.pattern);
    const score = this.OPTION(() => this.SUBRULE(this.score));
    return { from, to, score, span: this.span(start) };
  });

  protected score = this.RULE("score", (): Expression => {
    const start = this.offset();
    const negative = this.OPTION(() => this.CONSUME(t.Minus)) !== undefined;
    const operand = this.numberOf(this.CONSUME(t.NumberToken));
    return negative
      ? { kind: "UnaryExpression", operator: "-", operand, span: this.span(start) }
      : operand;
  });

  protected startField = this.RULE("startField", (): CircuitField => {
    const start = this.CONSUME(W.start).startOffset;
    this.CONSUME(W.from);
    const circuit = this.SUBRULE(this.circuitName);
    return { kind: "StartField", circuit, span: this.span(start) };
  });

  protected withinField = this.RULE("withinField", (): CircuitField => {
    return this.choiceAfter(this.CONSUME(W.within), this.circuitName);
  });

  protected keepField = this.RULE("keepField", (): CircuitField => {
    const start = this.CONSUME(W.keep).startOffset;
    const above = this.OPTION(() => this.CONSUME(W.above)) !== undefined;
    const amount = this.SUBRULE(this.value);
    return { kind: "KeepField", above, amount, span: this.span(start) };
  });

  protected choiceField = this.RULE("choiceField", (): CircuitField => {
    const word = this.oneOf(...CIRCUIT_CHOICES.map((word) => W[word]));
    return this.choiceAfter(word, this.choice);
  });

  protected circuitValueField = this.RULE("circuitValueField", (): CircuitField => {
    const word = this.oneOf(...CIRCUIT_VALUES.map((word) => W[word]));
    return this.valueAfter(word);
  });
}
