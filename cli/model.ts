/** `circ model show FOLDER` and `circ model save FILE [NAME] --out FOLDER` @module */
import { Command } from "@cliffy/command";
import {
  type Convention,
  conventionProblem,
  type Table,
  universeOf,
} from "../runtime/circuits/mod.ts";
import { type Architecture, readArchitecture, shapeOf } from "../runtime/models/mod.ts";
import type { CheckedProgram } from "../dsl/check/check.ts";
import { nothing } from "../dsl/interpret/effects.ts";
import { execute } from "../dsl/interpret/interpreter.ts";
import type { Session } from "../dsl/interpret/session.ts";
import type { ProgramValue } from "../dsl/interpret/values.ts";
import { knownEdges, saveProgram, TRUTH_FILES } from "../runtime/programs/mod.ts";
import { tableText } from "./host.ts";
import type { Streams } from "./main.ts";
import { formType } from "./options.ts";
import { readChecked } from "./script.ts";
import { withSession } from "./session.ts";
import { printable } from "../base/printable.ts";
import { UserError } from "../base/user_error.ts";

export function modelCommand(streams: Streams) {
  return new Command()
    .description("Look at models, and save compiled programs as models.")
    .command("show", showCommand(streams))
    .command("save", saveCommand(streams));
}

function showCommand({ out }: Streams) {
  return new Command()
    .description("Show a model's shape and how many edges it has, from its config.json alone.")
    .type("form", formType)
    .arguments("<folder:string>")
    .option("--format <form:form>", "How tables are written.", { default: "table" })
    .action(async ({ format }, folder) => {
      const architecture = await readArchitecture(folder);
      out.write(tableText(shapeTable(architecture), format, out));
      if (format === "table") out.write("\n");
      out.write(tableText(universeTable(architecture), format, out));
    });
}

function shapeTable(architecture: Architecture): Table {
  const rows: [string, string | number][] = [
    ["family", architecture.family],
    ["layers", architecture.layers],
    ["query heads", architecture.heads],
    ["key/value heads", architecture.keyValueHeads],
    ["width", architecture.width],
    ["head size", architecture.headSize],
    ["MLP width", architecture.mlpWidth],
    ["vocabulary", architecture.vocabulary],
    ["context", architecture.contextLength],
    ["norm", architecture.norm.kind],
    ["activation", architecture.activation],
    ["residual", architecture.residual],
  ];
  return { columns: ["property", "value"], rows };
}

/** Fields of a script for each convention. */
const conventions: readonly { readonly fields: string; readonly convention: Convention }[] = [
  { fields: "split embeddings", convention: { embeddings: "split", qkv: "split" } },
  { fields: "join embeddings", convention: { embeddings: "joint", qkv: "split" } },
  { fields: "keep embeddings", convention: { embeddings: "kept", qkv: "split" } },
  { fields: "split embeddings, join qkv", convention: { embeddings: "split", qkv: "joint" } },
];

function universeTable(architecture: Architecture): Table {
  const shape = shapeOf(architecture);
  return {
    columns: ["convention", "writers", "readers", "edges"],
    rows: conventions.filter(({ convention }) => !conventionProblem(shape, convention)).map(
      ({ fields, convention }) => {
        const { writers, readers, edgeCount } = universeOf(shape, convention);
        return [fields, writers.length, readers.length, edgeCount];
      },
    ),
  };
}

function saveCommand(streams: Streams) {
  return new Command()
    .description(
      "Save a program of a script, compiled, as a model folder: config.json, model.safetensors, tokenizer.json, and its known circuit.",
    )
    .arguments("<file:string> [name:string]")
    .option("-o, --out <folder:string>", "The folder to write; it appears whole.", {
      required: true,
    })
    .action(async ({ out: folder }, file, name) => {
      const script = await readChecked(file, [], streams.err);
      if (script === null) return streams.end(2);
      await withSession(script.sources, streams, async (session) => {
        const { plan } = await programOf(script.checked.program, name, session);
        await saveProgram(plan, folder);
        const [interchange, zero] = (["interchange", "zero"] as const).map((ablation) =>
          knownEdges(plan, ablation).length
        );
        const shown = printable(folder);
        streams.out.write(
          `${shown}: ${plan.program.name}, ${plan.layers} x ${plan.heads} heads, width ${plan.width}\n` +
            `its circuit: ${shown}/${TRUTH_FILES.interchange} (${interchange} edges) and ` +
            `${shown}/${TRUTH_FILES.zero} (${zero} edges)\n`,
        );
      });
    });
}

/** The compiled program of a name, which may be that of a model made from it; without a name, the only one there is. */
async function programOf(
  program: CheckedProgram,
  name: string | undefined,
  session: Session,
): Promise<ProgramValue> {
  const { statements } = program;
  const programs = statements.flatMap((statement) =>
    statement.kind === "program" ? [statement.symbol] : []
  );
  const named = programs.find((symbol) => symbol.name === name) ??
    statements.flatMap((statement) =>
      statement.kind === "model" && statement.symbol.name === name &&
        typeof statement.source.from !== "string"
        ? [statement.source.from]
        : []
    )[0];
  if (programs.length === 0) {
    throw new UserError(
      "the script has no program",
      "other models are folders already; a program is declared by `program NAME { ... }`",
    );
  }
  const listed = `programs are ${programs.map(({ name }) => name).join(", ")}`;
  if (name === undefined && programs.length > 1) {
    throw new UserError("the script has several programs", `say which: ${listed}`);
  }
  const wanted = name === undefined ? programs[0] : named;
  if (wanted === undefined) throw new UserError(`the script has no program \`${name}\``, listed);
  const { env } = session;
  for (const statement of statements) {
    const run = () => execute(statement, program, { session, effects: nothing, env });
    // A program may be written with numbers that a `let` names; other values it cannot use.
    if (statement.kind === "let") await run().catch(() => {});
    if (statement.kind === "program" && statement.symbol === wanted) await run();
  }
  return env.get(wanted) as ProgramValue;
}
