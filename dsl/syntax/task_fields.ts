/**
 * The grammar of the fields of models, tasks, corruptions and programs.
 *
 * @module
 */
import * as t from "./tokens.ts";
import { W } from "./tokens.ts";
import { nameOf, wordOf } from "./base.ts";
import { RecoveringParser } from "./recovery.ts";
import type {
  CorruptionField,
  Expression,
  ModelField,
  Name,
  ProgramField,
  TaskField,
  TextLiteral,
  ValueField,
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

  protected modelField = this.RULE("modelField", (): ModelField =>
    this.OR([
      { ALT: () => this.SUBRULE(this.fromField) },
      { ALT: () => this.SUBRULE(this.conventionField) },
    ]));

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
    const verb = this.OR([
      { ALT: () => this.CONSUME(W.split) },
      { ALT: () => this.CONSUME(W.join) },
      { ALT: () => this.CONSUME(W.keep) },
    ]);
    const what = this.SUBRULE(this.choice);
    return {
      kind: "ConventionField",
      verb: wordOf(verb) as "split" | "join" | "keep",
      what,
      span: this.span(verb.startOffset),
    };
  });

  protected taskField = this.RULE("taskField", (): TaskField =>
    this.OR([
      { ALT: () => this.SUBRULE(this.varyField) },
      { ALT: () => this.SUBRULE(this.whereField) },
      { ALT: () => this.SUBRULE(this.promptField) },
      { ALT: () => this.SUBRULE(this.answerField) },
      { ALT: () => this.SUBRULE(this.dataField) },
      { ALT: () => this.SUBRULE(this.columnsField) },
      { ALT: () => this.SUBRULE(this.rowsField) },
      { ALT: () => this.SUBRULE(this.generateField) },
      { ALT: () => this.SUBRULE(this.metricField) },
      { ALT: () => this.SUBRULE(this.examplesField) },
      { ALT: () => this.SUBRULE(this.seedField) },
    ]));

  protected names = this.RULE("names", (): Name[] => {
    const names: Name[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => names.push(this.SUBRULE(this.variableName)),
    });
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
    const word = this.OR([
      { ALT: () => this.CONSUME(W.answer) },
      { ALT: () => this.CONSUME(W.wrong) },
    ]);
    const texts: TextLiteral[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => texts.push(this.SUBRULE(this.textLiteral)),
    });
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
    const files: { split?: Name; file: TextLiteral }[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const split = this.OPTION(() => this.SUBRULE(this.choice));
        const file = this.SUBRULE(this.textLiteral);
        files.push(split === undefined ? { file } : { split, file });
      },
    });
    return { kind: "DataField", files, span: this.span(start) };
  });

  protected columnsField = this.RULE("columnsField", (): TaskField => {
    const start = this.CONSUME(W.columns).startOffset;
    const entries: { role: Name; column: TextLiteral }[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const role = this.OR([
          { ALT: () => this.CONSUME(t.Word) },
          { ALT: () => this.CONSUME(W.corrupted) },
        ]);
        const column = this.SUBRULE(this.textLiteral);
        entries.push({ role: nameOf(role), column });
      },
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
    const options: { name: Name; value: Expression }[] = [];
    this.OPTION(() => {
      this.CONSUME(W.with);
      this.AT_LEAST_ONE_SEP({
        SEP: t.Comma,
        DEF: () => {
          const name = this.SUBRULE(this.choice);
          const value = this.SUBRULE(this.sum);
          options.push({ name, value });
        },
      });
    });
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
    const entries: { split: Name; count: Expression }[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const split = this.SUBRULE(this.choice);
        const count = this.SUBRULE(this.sum);
        entries.push({ split, count });
      },
    });
    return { kind: "ExamplesField", entries, span: this.span(start) };
  });

  protected seedField = this.RULE("seedField", (): ValueField => {
    const start = this.CONSUME(W.seed).startOffset;
    const value = this.SUBRULE(this.value);
    return { kind: "ValueField", word: "seed", value, span: this.span(start) };
  });

  protected corruptionField = this.RULE("corruptionField", (): CorruptionField =>
    this.OR([
      { ALT: () => this.SUBRULE(this.namesField) },
      { ALT: () => this.SUBRULE(this.setField) },
      { ALT: () => this.SUBRULE(this.promptField) },
      { ALT: () => this.SUBRULE(this.whereField) },
    ]));

  protected namesField = this.RULE("namesField", (): CorruptionField => {
    const word = this.OR([
      { ALT: () => this.CONSUME(W.redraw) },
      { ALT: () => this.CONSUME(W.swap) },
    ]);
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

  protected programField = this.RULE("programField", (): ProgramField =>
    this.OR([
      { ALT: () => this.SUBRULE(this.overField) },
      { ALT: () => this.SUBRULE(this.attentionField) },
      { ALT: () => this.SUBRULE(this.letField) },
      { ALT: () => this.SUBRULE(this.outputField) },
    ]));

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
    const start = this.CONSUME(W.attention).startOffset;
    const value = this.SUBRULE(this.choice);
    return { kind: "ChoiceField", word: "attention", value, span: this.span(start) };
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
