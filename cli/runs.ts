/** `circ runs`, and `circ runs compare A B` @module */
import { Command } from "@cliffy/command";
import { compareRuns, runsTable } from "../dsl/interpret/run/history.ts";
import { tableText } from "./host.ts";
import type { Streams } from "./main.ts";
import { formType } from "./options.ts";

export function runsCommand(streams: Streams) {
  return new Command()
    .description("List the runs that were started, or show what two of them differ in.")
    .type("form", formType)
    .option("--runs <folder:string>", "Folder of the runs.", { default: "runs" })
    .option("--format <form:form>", "How the table is written.", { default: "table" })
    .action(async ({ runs, format }) => {
      streams.out.write(tableText(await runsTable(runs), format, streams.out));
    })
    .command("compare", compareCommand(streams));
}

function compareCommand({ out }: Streams) {
  return new Command()
    .description("Show what two runs differ in: facts, script, circuits, and results cell by cell.")
    .type("form", formType)
    .arguments("<first:string> <second:string>")
    .option("--runs <folder:string>", "Folder of the runs.", { default: "runs" })
    .option("--format <form:form>", "How the table is written.", { default: "table" })
    .example("circ runs compare demo/1 demo/2", "What changed since the first run.")
    .action(async ({ runs, format }, first, second) => {
      out.write(tableText(await compareRuns(runs, first, second), format, out));
    });
}
