/**
 * Finding a circuit again with one thing changed: another seed, or another sample of its examples.
 *
 * @module
 */
import type { CircuitDeclaration, ValueField } from "../../syntax/tree.ts";
import { Memo } from "../../../base/memo.ts";
import type { Context } from "../context.ts";
import { seedOf, wholeNumberOf } from "../lower/constant.ts";
import { fieldsOf } from "../lower/fields.ts";
import { methodOf } from "./options.ts";
import { scopeOf } from "../scope.ts";
import type { Again, CircuitValue } from "../values.ts";

/**
 * How to find a declared circuit again. Names mean what they meant when the circuit was declared, and what was found again
 * once is not found a second time.
 *
 * @param find finds the circuit that a declaration asks for, without giving it a name
 */
export function againOf(
  declaration: CircuitDeclaration,
  context: Context,
  find: (declaration: CircuitDeclaration, context: Context) => Promise<CircuitValue>,
): Again {
  const { point } = context;
  const { source, folder, names } = context.scope;
  const scope = scopeOf(source, folder, new Map(names));
  const fields = fieldsOf(declaration.fields);
  const resample = fields.value("resample");
  const runs = new Memo<CircuitValue>();
  return {
    method: methodOf(declaration, scope),
    seed: seedOf(fields.value("seed"), scope),
    ...(resample && { resample: wholeNumberOf(resample, scope, 1, "`resample`") }),
    async find(word, value) {
      const known = runs.find(word, value);
      if (known) return known;
      const label = `${word}=${value}`;
      const found = await find(withValue(declaration, word, value), {
        ...context,
        scope,
        point: [...(point === undefined ? [] : [point]), label].join(", "),
      });
      runs.set([word, value], found);
      return found;
    },
  };
}

/** A declaration with another number in one of its fields. */
function withValue(
  declaration: CircuitDeclaration,
  word: ValueField["word"],
  value: number,
): CircuitDeclaration {
  const { span } = declaration.name;
  const text = `${value}`;
  const field: ValueField = {
    kind: "ValueField",
    word,
    value: { kind: "NumberLiteral", value, percent: false, text, span },
    span,
  };
  const others = declaration.fields.filter((each) =>
    each.kind !== "ValueField" || each.word !== word
  );
  return { ...declaration, fields: [...others, field] };
}
