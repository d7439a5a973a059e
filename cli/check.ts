/** `circ check FILE` @module */
import { Command, EnumType } from "@cliffy/command";
import { checkScript } from "./check_script.ts";
import type { Streams } from "./main.ts";

export function checkCommand(streams: Streams) {
  return new Command()
    .description("Say what is wrong with a script, without loading weights or computing anything.")
    .type("form", new EnumType(["text", "json"] as const))
    .arguments("<file:string>")
    .option("--format <form:form>", "How the diagnostics are written.", {
      default: "text" as const,
    })
    .example("circ check ioi.circ", "Check a script; a dash reads standard input.")
    .action(({ format }, file) => checkScript(file, format, streams));
}
