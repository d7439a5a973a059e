/** `model NAME { from "..." split embeddings }`: opens a model folder, reads no weights. @module */
import { universeOf } from "../../../runtime/universe/universe.ts";
import { shapeOf } from "../../../runtime/models/mod.ts";
import { openCompiledProgram } from "../../../runtime/programs/mod.ts";
import type { StatementOf } from "../../check/program.ts";
import type { Context } from "../context.ts";
import { at } from "../error.ts";
import { valueOf } from "../operands.ts";

export async function runModel(
  { symbol, source: { from, span }, convention }: StatementOf<"model">,
  context: Context,
): Promise<void> {
  const { session, source, env } = context;
  const { name } = symbol;
  const place = source.place({ span });
  const program = typeof from === "string" ? undefined : valueOf("program", from, context);
  const model = await at(
    place,
    () =>
      program
        ? session.openProgram(program.plan, name)
        : session.openModel(from as string, source.path(from as string), name),
  );
  // A saved program's folder knows its circuit, as the program in the script does.
  const plan = program?.plan ?? await at(place, () => openCompiledProgram(model.folder));
  const universe = universeOf(shapeOf(model.architecture), convention);
  env.set(symbol, { kind: "model", name, model, universe, ...(plan && { plan }) });
}
