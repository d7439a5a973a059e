/**
 * `program NAME { ... }`: compiled at once, so that what is wrong with it shows where it stands.
 *
 * @module
 */
import { compileProgram } from "../../../runtime/programs/mod.ts";
import type { ProgramDeclaration } from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { at } from "../error.ts";
import { programDefinition } from "../lower/program.ts";

export async function runProgramDeclaration(
  declaration: ProgramDeclaration,
  { scope, define }: Context,
): Promise<void> {
  const name = declaration.name.text;
  const program = await programDefinition(declaration, scope);
  const plan = await at(scope.place(declaration.name), () => compileProgram(program));
  define(name, { kind: "program", name, plan });
}
