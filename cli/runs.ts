/** `circ runs`, and `circ runs compare A B` @module */
import { Command } from "@cliffy/command";
import { compareRuns } from "../dsl/interpret/run/compare_runs.ts";
import { runsTable } from "../dsl/interpret/run/history.ts";
import type { Cell, Table } from "../runtime/circuits/mod.ts";
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
      const table = await compareRuns(runs, first, second);
      out.write(tableText(format === "table" ? withSameDigits(table) : table, format, out));
    });
}

/** The table with numbers as texts: by the fewest significant digits, 6 at least, that tell the cells of every row apart. */
function withSameDigits(table: Table): Table {
  const shown = (digits: number) => (cell: Cell) =>
    typeof cell !== "number"
      ? cell
      : String(Number.isInteger(cell) ? cell : Number(cell.toPrecision(digits)));
  let digits = 6;
  const alike = ([, , x, y]: readonly Cell[]) => shown(digits)(x) === shown(digits)(y);
  while (digits < 17 && table.rows.some(alike)) digits++;
  return { ...table, rows: table.rows.map((row) => row.map(shown(digits))) };
}
