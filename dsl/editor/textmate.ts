/** The TextMate grammar that editors colour scripts with, made from the tokens. @module */
import {
  COMMAND_WORDS,
  ComponentToken,
  DECLARATION_WORDS,
  END_WORDS,
  FREE_FIELD_WORDS,
  JOINING_WORDS,
  NumberToken,
  QUERY_WORDS,
} from "../syntax/tokens.ts";
import { METHODS } from "../reference/methods.ts";
import * as measures from "../reference/measures.ts";

const source = (pattern: unknown) => (pattern as RegExp).source;
const words = (list: readonly string[]) => `\\b(?:${list.join("|")})\\b`;
const ofEntries = (list: readonly { readonly word: string }[]) =>
  words(list.map(({ word }) => word));

/** `metric` itself is a field's word first. */
const ofCircuits = measures.CIRCUIT_METRICS.filter(({ word }) => word !== "metric");

/** The grammar's JSON text. */
export function textMateGrammar(): string {
  const grammar = {
    $schema: "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
    name: "Circ",
    scopeName: "source.circ",
    patterns: [
      { name: "comment.line.documentation.circ", match: "##(?!#).*$" },
      { name: "comment.line.number-sign.circ", match: "#.*$" },
      {
        name: "string.quoted.double.circ",
        begin: '"',
        end: '"|$',
        patterns: [
          { name: "constant.character.escape.circ", match: "\\\\.|\\{\\{|\\}\\}" },
          { name: "variable.parameter.circ", match: "\\{[A-Za-z_]\\w*\\}" },
        ],
      },
      {
        match: `(${words(DECLARATION_WORDS)})\\s+([A-Za-z_]\\w*)`,
        captures: {
          1: { name: "storage.type.circ" },
          2: { name: "entity.name.type.circ" },
        },
      },
      {
        match: "\\b(let)\\s+([A-Za-z_]\\w*)",
        captures: {
          1: { name: "storage.type.circ" },
          2: { name: "variable.other.circ" },
        },
      },
      { name: "constant.other.component.circ", match: source(ComponentToken.PATTERN) },
      { name: "constant.other.component.circ", match: "\\b(?:m\\d+|tok|pos|embed|logits)\\b" },
      { name: "constant.numeric.circ", match: `\\b${source(NumberToken.PATTERN)}` },
      { name: "constant.language.circ", match: "\\b(?:true|false|off|on(?=\\s*$))\\b" },
      {
        name: "support.function.circ",
        match: `(?:${
          ofEntries([
            ...measures.PROGRAM_FUNCTIONS,
            ...measures.VALUE_FUNCTIONS,
            ...measures.METRIC_FUNCTIONS,
            ...measures.NUMBER_FUNCTIONS,
            ...measures.CIRCUIT_FUNCTIONS,
          ])
        })(?=\\()`,
      },
      { name: "keyword.control.circ", match: words([...COMMAND_WORDS, ...QUERY_WORDS]) },
      { name: "keyword.operator.word.circ", match: words([...JOINING_WORDS, ...END_WORDS]) },
      {
        name: "support.constant.circ",
        match: ofEntries([
          ...METHODS,
          ...measures.TASK_METRICS,
          ...ofCircuits,
          ...measures.PROGRAM_NAMES,
        ]),
      },
      { name: "keyword.other.field.circ", match: words(FREE_FIELD_WORDS) },
      {
        name: "keyword.operator.circ",
        match: "->|\\.\\.|==|!=|<=|>=|[=<>+\\-*/&|]",
      },
    ],
  };
  return JSON.stringify(grammar, null, 2) + "\n";
}
