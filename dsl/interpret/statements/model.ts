/**
 * `model NAME { from "..." split embeddings }`: opens a model folder, reads no weights.
 *
 * @module
 */
import { join } from "node:path";
import {
  type Convention,
  defaultConvention,
  partsOf,
  withPart,
} from "../../../runtime/universe/conventions.ts";
import { universeOf } from "../../../runtime/universe/universe.ts";
import { type Model, openModel, shapeOf } from "../../../runtime/models/mod.ts";
import { openCompiledProgram, writeProgram } from "../../../runtime/programs/mod.ts";
import type { ConventionField, ModelDeclaration, Name } from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { at, fail } from "../error.ts";
import { fieldsOf } from "../lower/fields.ts";
import type { Host } from "../host.ts";
import type { Scope } from "../scope.ts";
import type { ProgramValue } from "../values.ts";

export async function runModel(
  declaration: ModelDeclaration,
  { scope, session, define }: Context,
): Promise<void> {
  const { all, last } = fieldsOf(declaration.fields);
  const source = last("FromField")?.source;
  if (source === undefined) {
    fail(scope.place(declaration.name), "a model needs `from`", 'write from "FOLDER"');
  }
  const place = scope.place(source);

  const name = declaration.name.text;
  const program = source.kind === "Name" ? programOf(source, scope) : undefined;
  const model = await at(place, async () => {
    if (source.kind !== "Name") return await open(source.value, name, scope, session.host);
    const folder = join(await session.temporary(), `${name}-${crypto.randomUUID()}`);
    await writeProgram(program!.plan, folder);
    return await openModel(folder, { name });
  });
  const convention = conventionOf(all("ConventionField"), scope);
  // A saved program's folder knows its circuit, as the program in the script does.
  const plan = program?.plan ?? await at(place, () => openCompiledProgram(model.folder));
  define(name, {
    kind: "model",
    name,
    model,
    universe: universeOf(shapeOf(model.architecture), convention),
    ...(plan && { plan }),
  });
}

/** The program of a name. */
function programOf(name: Name, scope: Scope): ProgramValue {
  const value = scope.lookup(name.text);
  if (value?.kind === "program") return value;
  return fail(
    scope.place(name),
    `\`${name.text}\` is not a program`,
    "a folder stands in quotation marks",
  );
}

/** Opens a folder, or a model of the hub, whose files come down first. */
async function open(source: string, name: string, scope: Scope, host: Host): Promise<Model> {
  if (!source.startsWith("hub:")) return await openModel(scope.path(source), { name });
  try {
    return await openModel(source, {
      onNote: (note) => host.note(`note: ${note}`),
      onProgress: ({ file, received, size }) =>
        host.progress({
          label: source,
          unit: "MB",
          step: Math.round(received / 1e6),
          steps: Math.round(size / 1e6),
          values: [["file", file]],
        }),
    });
  } finally {
    host.progressDone();
  }
}

/** The edge universe's convention: the usual one, changed as fields say. */
export function conventionOf(fields: readonly ConventionField[], scope: Scope): Convention {
  return fields.reduce((convention, { verb, what }) => {
    const part = partsOf(verb).find(({ part }) => part === what.text)?.part;
    if (part !== undefined) return withPart(convention, verb, part);
    return fail(scope.place(what), `\`${verb} ${what.text}\` is not known`);
  }, defaultConvention);
}
