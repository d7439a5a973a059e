/**
 * The grammar of the fields of models, tasks, corruptions and programs.
 *
 * @module
 */
import * as t from "./tokens.ts";
import { W } from "./tokens.ts";
import type { IToken, ParserMethod } from "../../base/packages/chevrotain.ts";
import { nameOf, wordOf } from "./base.ts";
import { RecoveringParser } from "./recovery.ts";
import type {
  ChoiceWord,
  CorruptionField,
  Expression,
  ModelField,
  Name,
  ProgramField,
  TaskField,
  ValueField,
  ValueWord,
  WhereField,
} from "./tree.ts";

export abstract class TaskFieldParser extends RecoveringParser {
  protected modelName = this.RULE("modelName", (): Name => this.SUBRULE(this.name));
  protected taskName = this.RULE("taskName", (): Name => this.SUBRULE(this.name));
  protected scheduleName = this.RULE("scheduleName", (): Name => this.SUBRULE(this.name));
  protected circuitName = this.RULE("circuitName", (): Name => this.SUBRULE(this.name));
  protected methodName = this.RULE("methodName", (): Name => this.SUBRULE(this.name));
  protected variableName = this.RULE("variableName", (): Name => this.SUBRULE(this.name));
  /** `on` is a word of the language elsewhere, and a choice in `clean_up on`. */
  protected choice = this.RULE("choice", (): Name =>
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.name) },
        { ALT: () => nameOf(this.CONSUME(W.on)) },
      ],
      ERR_MSG: "a name",
    }));

  /** The value of a field that begins with a word. */
  protected valueAfter(word: IToken): ValueField {
    const value = this.SUBRULE(this.value);
    return {
      kind: "ValueField",
      word: wordOf(word) as ValueWord,
      value,
      span: this.span(word.startOffset),
    };
  }

  /** The name that a field chooses, which begins with a word. */
  protected choiceAfter(word: IToken, rule: ParserMethod<[], Name>) {
    const value = this.SUBRULE(rule);
    return {
      kind: "ChoiceField" as const,
      word: wordOf(word) as ChoiceWord,
      value,
      span: this.span(word.startOffset),
    };
  }

  protected modelField = this.choiceRule<ModelField>(
    "modelField",
    () => [this.fromField, this.conventionField],
  );

  protected fromField = this.RULE("fromField", (): ModelField & { kind: "FromField" } => {
    const start = this.CONSUME(W.from).startOffset;
    const source = this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.textLiteral) },
        { ALT: () => this.SUBRULE(this.name) },
      ],
      ERR_MSG: "a file in quotes or a name",
    });
    return { kind: "FromField", source, span: this.span(start) };
  });

  protected conventionField = this.RULE("conventionField", (): ModelField => {
    const verb = this.oneOf(W.split, W.join, W.keep);
    const what = this.SUBRULE(this.choice);
    return {
      kind: "ConventionField",
      verb: wordOf(verb) as "split" | "join" | "keep",
      what,
      span: this.span(verb.startOffset),
    };
  });

  protected taskField = this.choiceRule<TaskField>("taskField", () => [
    this.varyField,
    this.whereField,
    this.promptField,
    this.answerField,
    this.dataField,
    this.columnsField,
    this.rowsField,
    this.generateField,
    this.metricField,
    this.examplesField,
    this.seedField,
  ]);

  protected names = this.RULE("names", (): Name[] => {
    const names = this.listed(() => this.SUBRULE(this.variableName));
    return names;
  });

  protected varyField = this.RULE("varyField", (): TaskField => {
    const start = this.CONSUME(W.vary).startOffset;
    const names = this.SUBRULE(this.names);
    this.CONSUME(W.from);
    const values = this.SUBRULE(this.value);
    return { kind: "VaryField", names, values, span: this.span(start) };
  });

  protected whereField = this.RULE("whereField", (): WhereField => {
    const start = this.CONSUME(W.where).startOffset;
    const condition = this.SUBRULE(this.expression);
    return { kind: "WhereField", condition, span: this.span(start) };
  });

  protected promptField = this.RULE("promptField", (): TaskField & { kind: "PromptField" } => {
    const start = this.CONSUME(W.prompt).startOffset;
    const text = this.SUBRULE(this.textLiteral);
    return { kind: "PromptField", text, span: this.span(start) };
  });

  protected answerField = this.RULE("answerField", (): TaskField => {
    const word = this.oneOf(W.answer, W.wrong);
    const texts = this.listed(() => this.SUBRULE(this.textLiteral));
    const each = this.OPTION(() => {
      this.CONSUME(W.for);
      const variable = this.SUBRULE(this.name);
      this.CONSUME(W.in);
      const values = this.SUBRULE(this.value);
      const where = this.OPTION1({
        GATE: () => !this.startsLine(1),
        DEF: () => {
          this.CONSUME(W.where);
          return this.SUBRULE(this.expression);
        },
      });
      return { variable, values, where };
    });
    // On a line of its own, `where` is the task's.
    const where = this.OPTION2({
      GATE: () => !this.startsLine(1),
      DEF: () => {
        this.CONSUME1(W.where);
        return this.SUBRULE1(this.expression);
      },
    });
    return {
      kind: "AnswerField",
      word: wordOf(word) as "answer" | "wrong",
      texts,
      each,
      where,
      span: this.span(word.startOffset),
    };
  });

  protected dataField = this.RULE("dataField", (): TaskField => {
    const start = this.CONSUME(W.data).startOffset;
    const files = this.listed(() => {
      const split = this.OPTION(() => this.SUBRULE(this.choice));
      const file = this.SUBRULE(this.textLiteral);
      return split === undefined ? { file } : { split, file };
    });
    return { kind: "DataField", files, span: this.span(start) };
  });

  protected columnsField = this.RULE("columnsField", (): TaskField => {
    const start = this.CONSUME(W.columns).startOffset;
    const entries = this.listed(() => {
      const role = this.oneOf(t.Word, W.corrupted);
      const column = this.SUBRULE(this.textLiteral);
      return { role: nameOf(role), column };
    });
    return { kind: "ColumnsField", entries, span: this.span(start) };
  });

  protected rowsField = this.RULE("rowsField", (): TaskField => {
    const start = this.CONSUME(W.skip).startOffset;
    const words = [this.SUBRULE(this.choice), this.SUBRULE1(this.choice)];
    return { kind: "SkipField", words, span: this.span(start) };
  });

  protected generateField = this.RULE("generateField", (): TaskField => {
    const start = this.CONSUME(W.generate).startOffset;
    const generator = this.SUBRULE(this.generatorName);
    const options = this.OPTION(() => {
      this.CONSUME(W.with);
      return this.listed(() => {
        const name = this.SUBRULE(this.choice);
        const value = this.SUBRULE(this.sum);
        return { name, value };
      });
    }) ?? [];
    return { kind: "GenerateField", generator, options, span: this.span(start) };
  });

  protected generatorName = this.RULE("generatorName", (): Name => this.SUBRULE(this.name));

  protected metricField = this.RULE("metricField", (): TaskField => {
    const start = this.CONSUME(W.metric).startOffset;
    const value = this.SUBRULE(this.metricValue);
    return { kind: "MetricField", value, span: this.span(start) };
  });

  protected metricValue = this.RULE("metricValue", (): Expression => this.SUBRULE(this.sum));

  protected examplesField = this.RULE("examplesField", (): TaskField => {
    const start = this.CONSUME(W.examples).startOffset;
    const entries = this.listed(() => {
      const split = this.SUBRULE(this.choice);
      const count = this.SUBRULE(this.sum);
      return { split, count };
    });
    return { kind: "ExamplesField", entries, span: this.span(start) };
  });

  protected seedField = this.RULE("seedField", (): ValueField => {
    return this.valueAfter(this.CONSUME(W.seed));
  });

  protected corruptionField = this.choiceRule<CorruptionField>(
    "corruptionField",
    () => [this.namesField, this.setField, this.promptField, this.whereField],
  );

  protected namesField = this.RULE("namesField", (): CorruptionField => {
    const word = this.oneOf(W.redraw, W.swap);
    const names = this.SUBRULE(this.names);
    return {
      kind: "NamesField",
      word: wordOf(word) as "redraw" | "swap",
      names,
      span: this.span(word.startOffset),
    };
  });

  protected setField = this.RULE("setField", (): CorruptionField => {
    const start = this.CONSUME(W.set).startOffset;
    const name = this.SUBRULE(this.variableName);
    this.CONSUME(W.to);
    const value = this.SUBRULE(this.value);
    return { kind: "SetField", name, value, span: this.span(start) };
  });

  protected programField = this.choiceRule<ProgramField>(
    "programField",
    () => [this.overField, this.attentionField, this.letField, this.outputField],
  );

  protected overField = this.RULE("overField", (): ProgramField => {
    const start = this.CONSUME(W.over).startOffset;
    const values = this.SUBRULE(this.value);
    const length = this.OPTION(() => {
      this.CONSUME(W.length);
      return this.SUBRULE1(this.value);
    });
    return { kind: "OverField", values, length, span: this.span(start) };
  });

  protected attentionField = this.RULE("attentionField", (): ProgramField => {
    return this.choiceAfter(this.CONSUME(W.attention), this.choice);
  });

  protected letField = this.RULE("letField", (): ProgramField => {
    const start = this.CONSUME(W.let).startOffset;
    const name = this.SUBRULE(this.declaredName);
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.expression);
    return { kind: "LetField", name, value, span: this.span(start) };
  });

  protected outputField = this.RULE("outputField", (): ProgramField => {
    const start = this.CONSUME(W.output).startOffset;
    const value = this.SUBRULE(this.expression);
    return { kind: "OutputField", value, span: this.span(start) };
  });
}
