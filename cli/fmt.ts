/** `circ fmt FILE` @module */
import { Command } from "@cliffy/command";
import { renderDiagnostics } from "../dsl/text/diagnostics.ts";
import { formatText } from "../dsl/format/format.ts";
import { fileProblem } from "../base/file_problem.ts";
import { printable } from "../base/printable.ts";
import { writeWhole } from "../base/whole_file.ts";
import type { Streams } from "./main.ts";
import { readScript } from "./script.ts";
import { UserError } from "../base/user_error.ts";

export function fmtCommand({ out, err, end }: Streams) {
  return new Command()
    .description("Bring a script into its one canonical form; a dash formats standard input.")
    .arguments("<file:string>")
    .option("--check", "Change nothing; exit with 1 when the form is not the canonical one.")
    .action(async ({ check }, file) => {
      const { source } = await readScript(file);
      const formatted = formatText(source.text, source.file);
      if (!formatted.ok) {
        err.write(renderDiagnostics(formatted.diagnostics, source));
        return end(2);
      }
      const same = formatted.text === source.text;
      if (check) {
        if (same) return;
        err.write(printable(`${file}: not in canonical form; circ fmt ${file} changes it\n`));
        return end(1);
      }
      if (file === "-") return out.write(formatted.text);
      if (same) return;
      try {
        await writeWhole(file, formatted.text);
      } catch (error) {
        throw new UserError(`cannot write ${JSON.stringify(file)}: ${fileProblem(error)}`);
      }
    });
}
