/** `circ graph CIRCUIT` @module */
import { Command, EnumType } from "@cliffy/command";
import { printable } from "../base/printable.ts";
import { circuitForms, importCircuit } from "../runtime/circuits/mod.ts";
import type { Streams } from "./main.ts";

const pictures = circuitForms.filter(({ picture }) => picture);

export function graphCommand({ out, err }: Streams) {
  return new Command()
    .description("Draw a circuit file.")
    .type("form", new EnumType(pictures.map(({ name }) => name)))
    .arguments("<circuit:string>")
    .option("--format <form:form>", "What to write.", { default: "dot" })
    .example("circ graph ioi.circuit.json --format svg > ioi.svg", "A picture for a browser.")
    .action(async ({ format }, file) => {
      const { circuit, losses } = await importCircuit(file);
      const form = pictures.find(({ name }) => name === format)!;
      const drawn = await form.write(circuit);
      for (const loss of [...losses, ...drawn.losses]) err.write(`note: ${printable(loss)}\n`);
      if ("text" in drawn) out.write(printable(drawn.text));
    });
}
