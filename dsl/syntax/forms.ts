/**
 * Rules of the grammar whose records are read part by part, in a notation that the parser and the formatter share.
 *
 * - `where`, `->`: a word or a sign of the language
 * - `task:taskName`: what a rule reads, kept as the record's `task`; without a label it is the rule's whole result
 * - `source:textLiteral|name`: what one of several rules reads; `'top'|'bottom'`: one of several words
 * - `names:name+`: one or more with commas between them; `entries:(split:choice count:sum)+` has records of parts
 * - `[of task:taskName]`: all of it or nothing; `each:[...]` is a record of its own, or true if it has words alone
 * - `[@gate ...]`, `+@gate`: read only where a condition of the parser holds
 * - `@doc`: the doc comment above; `{circuit}`: the fields of a block, `{statements}`: statements in braces
 *
 * A record's kind is the rule's name, or the name before a `=`.
 *
 * @module
 */
import { circuitFields, scheduleFields, wordsOfKind } from "../../runtime/discovery/fields.ts";
import { type Form, readForm } from "./notation.ts";

const oneOf = (words: readonly string[]) => words.map((word) => `'${word}'`).join("|");

/** A rule: what it reads, and the kind of the record that it makes. */
export interface Rule {
  readonly kind: string;
  readonly form: Form;
}

export type Rules = ReadonlyMap<string, Rule>;

function rules(texts: Readonly<Record<string, string>>): Rules {
  return new Map(
    Object.entries(texts).map(([name, text]) => {
      const [kind, form] = /^[A-Z]\w+ = /.test(text)
        ? text.split(/ = (.*)/)
        : [name[0].toUpperCase() + name.slice(1), text];
      return [name, { kind, form: readForm(form) }];
    }),
  );
}

/** A part of an expression. */
export const SELECTIONS = rules({ selection: "from:pattern [-> to:pattern]" });

/** Rules of queries; `countColumn` has a grammar of its own. */
export const QUERIES = rules({
  query: ":listQuery|whyQuery|overlapQuery|stabilityQuery|runQuery|evaluateQuery|compareQuery",
  listQuery: "count:[count] what:'edges'|'nodes'|'paths' of circuit:sum " +
    "[@ofPaths from from:pattern] [@ofPaths to to:pattern] [@ofPaths via via:pattern+] " +
    "[where where:expression] [group by groupBy:path+] [order by orderBy:orderKey+] " +
    "[limit limit:sum]",
  orderKey: "field:countColumn|path [direction:'asc'|'desc']",
  countColumn: "",
  whyQuery: "why node:pattern in circuit:sum",
  circuits: ":sum+",
  overlapQuery: "overlap circuits:circuits",
  stabilityQuery: "stability of circuit:sum over count:sum over:repeatName",
  repeatName: ":name",
  runQuery: "run circuit:sum on prompt:textLiteral [corrupted corrupted:textLiteral]",
  evaluateQuery: "evaluate circuits:circuits [on:onClause] [corruption:corruptedClause] " +
    "[against against:sum] [by:byClause] [over over:sweepName]",
  sweepName: ":name",
  compareQuery:
    "compare circuits:circuits [on:onClause] [corruption:corruptedClause] [by:byClause]",
  onClause: "on :path",
  corruptedClause: "corrupted by :corruptionName",
  corruptionName: ":name",
  byClause: "by :metricName+",
  metricName: ":name",
  stepCount: "value:sum unit:[@unit steps]",
});

/** Rules of the fields of blocks, and of the names in them; some of which have a grammar of their own. */
export const FIELDS = rules({
  modelName: ":name",
  taskName: ":name",
  scheduleName: ":name",
  circuitName: ":name",
  methodName: ":name",
  variableName: ":name",
  // `on` is a word of the language elsewhere, and a choice in `clean_up on`.
  choice: ":name|'on'",
  modelField: ":fromField|conventionField",
  fromField: "from source:textLiteral|name",
  conventionField: "word:'split'|'join'|'keep' what:choice",
  taskField: ":varyField|whereField|promptField|answerField|dataField|columnsField|rowsField" +
    "|generateField|metricField|examplesField|seedField|drawnAsField",
  names: ":variableName+",
  varyField: "vary names:names from values:value",
  whereField: "where condition:expression",
  promptField: "prompt text:textLiteral",
  // On a line of its own, `where` is the task's.
  answerField: "word:'answer'|'wrong' texts:textLiteral+ " +
    "each:[for variable:name in values:value [@sameLine where where:expression]] " +
    "[@sameLine where where:expression]",
  dataField: "data files:([split:choice] file:textLiteral)+",
  columnsField: "columns entries:(role:WORD|'corrupted' column:textLiteral)+",
  rowsField: "SkipField = skip",
  generateField: "generate generator:generatorName [with options:(name:choice value:sum)+]",
  generatorName: ":name",
  metricField: "metric value:metricValue",
  metricValue: ":sum",
  examplesField: "examples entries:(split:choice count:sum)+",
  seedField: "ValueField = word:'seed' value:value",
  drawnAsField: "drawn_as name:textLiteral",
  corruptionField: ":namesField|setField|promptField|whereField|drawnAsField",
  namesField: "word:'redraw'|'swap' names:names",
  setField: "set name:variableName to value:value",
  programField: ":overField|attentionField|letField|outputField",
  overField: "over values:value [length length:value]",
  attentionField: "ChoiceField = word:'attention' value:choice",
  letField: "let name:declaredName = value:expression",
  outputField: "output value:expression",
  scheduleField: ":scheduleValueField|warmUpField|sparsityField|learningRateField",
  scheduleValueField: `ValueField = word:${
    oneOf(wordsOfKind(scheduleFields, "whole", "number"))
  } value:value`,
  warmUpField: "warm_up count:stepCount",
  sparsityField: `word:${oneOf(wordsOfKind(scheduleFields, "sparsity"))} form:points|ramp`,
  points: "points:(value:sum at at:stepCount)+",
  ramp: "from:sum [-> to:sum] [over over:stepCount] [by by:choice]",
  // After a comma in `using s with ...` the next override may begin.
  learningRateField: "learning_rate entries:learningRate+@noField",
  learningRate: "[@rate of:choice] rate:sum",
  circuitField: ":findField|inField|forField|usingField|fromField|edgesField|startField" +
    "|withinField|keepField|choiceField|circuitValueField",
  findField: "ChoiceField = word:'find' value:methodName",
  inField: "ChoiceField = word:'in' value:modelName",
  forField: "for task:taskName [corruption:corruptedClause]",
  usingField: "using schedule:scheduleName [with overrides:scheduleField+]",
  edgesField: "edges",
  edge: "from:pattern -> to:pattern [score:score]",
  score: "",
  startField: "start from circuit:circuitName",
  withinField: "ChoiceField = word:'within' value:circuitName",
  keepField: "keep above:[above] amount:value",
  choiceField: `word:${oneOf(wordsOfKind(circuitFields, "choice", "switch"))} value:choice`,
  circuitValueField: `ValueField = word:${
    oneOf(wordsOfKind(circuitFields, "whole", "number"))
  } value:value`,
});

export const STATEMENTS = rules({
  statement: ":modelDeclaration|taskDeclaration|corruptionDeclaration|scheduleDeclaration" +
    "|circuitDeclaration|programDeclaration|letStatement|importStatement|sweepStatement" +
    "|plotStatement|saveStatement|expectStatement|showStatement",
  modelDeclaration: "@doc model name:declaredName {model}",
  taskDeclaration: "@doc task name:declaredName {task}",
  corruptionDeclaration: "@doc corruption name:declaredName of task:taskName {corruption}",
  scheduleDeclaration: "@doc schedule name:declaredName {schedule}",
  circuitDeclaration: "@doc circuit name:declaredName {circuit}",
  programDeclaration: "@doc program name:declaredName {program}",
  letStatement: "@doc let name:declaredName = value:expression",
  importStatement: "import file:textLiteral",
  sweepStatement: "sweep variables:(name:declaredName from values:value)+ {statements}",
  plotStatement: "plot what:plotName of circuits:circuits [on:onClause] " +
    "[corruption:corruptedClause] [by:byClause] [over over:sweepName] to file:textLiteral",
  plotName: ":WORD|'overlap'",
  saveStatement: "save value:expression to file:textLiteral",
  expectStatement: "expect condition:expression",
  showStatement: "value:expression",
});

/** All of them. */
export const RULES: Rules = new Map([...SELECTIONS, ...QUERIES, ...FIELDS, ...STATEMENTS]);

/** The form of each kind of record. */
export const FORMS: ReadonlyMap<string, Form> = new Map(
  [...RULES.values()].map(({ kind, form }) => [kind, form]),
);
