/**
 * `import "other.circ"`: the other script's declarations, none of its commands.
 *
 * @module
 */
import type { CheckedImport } from "../../check/program.ts";
import type { Context } from "../context.ts";
import { sourceFile } from "../source_file.ts";

export async function runImport({ program }: CheckedImport, context: Context): Promise<void> {
  const { session, effects, interpreter } = context;
  // A script that several others import is run once: its names are the same for all.
  if (session.imported.find(program, effects)) return;
  const source = sourceFile(program);
  for (const statement of program.statements) {
    await interpreter.execute(statement, { ...context, source });
  }
  session.imported.set([program, effects], program);
}
