/** Checks of models. @module */
import { UserError } from "../../base/user_error.ts";
import { notAModel } from "../../runtime/models/errors.ts";
import { parseHubName } from "../../runtime/models/hub_name.ts";
import {
  type Convention,
  defaultConvention,
  partsOf,
  withPart,
} from "../../runtime/universe/conventions.ts";
import { conventionProblem, universeOf } from "../../runtime/universe/universe.ts";
import type { ModelDeclaration, TextLiteral } from "../syntax/tree.ts";
import { type Checker, declared, oneOf, resolve } from "./checker.ts";
import { notEmpty } from "./exists.ts";
import { all, first, once, unrepeated } from "./fields.ts";
import type { StatementOf } from "./program.ts";

export function model(c: Checker, node: ModelDeclaration): StatementOf<"model"> {
  const from = first(node.fields, "FromField");
  once(c, "model", node.fields.filter((field) => field.kind === "FromField"));
  const convention = conventionOf(c, node);
  if (!from && !node.damaged) {
    c.error(node.name, `\`${node.name.text}\` has no \`from\``, 'for instance `from "models/toy"`');
  }
  const source = from?.source;
  const program = source?.kind === "Name" ? resolve(c, source, ["program"]) : undefined;
  const universe = source?.kind === "TextLiteral"
    ? universeFrom(c, source, convention, node)
    : undefined;
  return {
    kind: "model",
    symbol: declared(c, node, { type: "model" }, universe && { universe }),
    source: {
      span: source?.span ?? node.name.span,
      from: source?.kind === "TextLiteral" ? source.value : program!,
    },
    convention,
  };
}

function universeFrom(
  c: Checker,
  source: TextLiteral,
  convention: Convention,
  { fields }: ModelDeclaration,
) {
  notEmpty(c, source, "the path of a model");
  try {
    const ofTheHub = parseHubName(source.value) !== null;
    const shape = c.context.shapeOf?.(source.value, c.file);
    if (shape === undefined && !ofTheHub) configIsThere(c, source);
    const problem = shape && conventionProblem(shape, convention);
    if (problem) {
      const joined = all(fields, "ConventionField").find(({ what }) => what.text === "qkv");
      c.error(joined ?? source, problem.message, problem.help);
      return;
    }
    return shape && universeOf(shape, convention);
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    c.error(source, thrown.message, thrown.help);
  }
}

/** Says what a folder without a readable `config.json` lacks. */
function configIsThere(c: Checker, { value, span }: TextLiteral): void {
  const missing = (path: string) => c.context.exists?.(path, c.file) === false;
  if (missing(value)) {
    c.error({ span }, notAModel.folder(value).message, "paths are relative to the script");
  } else if (missing(`${value}/config.json`)) {
    const { message, help } = notAModel.config(value);
    c.error({ span }, message, help);
  }
}

function conventionOf(c: Checker, node: ModelDeclaration): Convention {
  let convention = defaultConvention;
  const message = (part: string) => `how \`${part}\` are counted is said twice`;
  const named = unrepeated(c, message, "remove one of the two");
  for (const { word: verb, what } of all(node.fields, "ConventionField")) {
    const parts = partsOf(verb).map(({ part }) => part);
    if (!oneOf(c, what, parts, `part to ${verb}`)) continue;
    named(what);
    convention = withPart(convention, verb, what.text as keyof Convention);
  }
  return convention;
}
