/**
 * The word that a field of a block begins with.
 *
 * @module
 */
import type { Field } from "./tree.ts";

/** The word that a field begins with. */
export function wordOf(field: Field): string {
  switch (field.kind) {
    case "FromField":
      return "from";
    case "ConventionField":
      return field.verb;
    case "VaryField":
      return "vary";
    case "PromptField":
      return "prompt";
    case "WhereField":
      return "where";
    case "MetricField":
      return "metric";
    case "ExamplesField":
      return "examples";
    case "DataField":
      return "data";
    case "ColumnsField":
      return "columns";
    case "SkipField":
      return "skip";
    case "GenerateField":
      return "generate";
    case "SetField":
      return "set";
    case "LearningRateField":
      return "learning_rate";
    case "WarmUpField":
      return "warm_up";
    case "ForField":
      return "for";
    case "UsingField":
      return "using";
    case "StartField":
      return "start";
    case "KeepField":
      return "keep";
    case "EdgesField":
      return "edges";
    case "OverField":
      return "over";
    case "LetField":
      return "let";
    case "OutputField":
      return "output";
    default:
      return field.word;
  }
}
