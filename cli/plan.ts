/** `circ plan FILE`, and `circ run --dry-run` @module */
import { Command, EnumType } from "@cliffy/command";
import { planScript } from "../dsl/interpret/plan/plan.ts";
import { planTable } from "../dsl/interpret/plan/steps.ts";
import type { DeviceChoice } from "../runtime/engine/mod.ts";
import { tableText } from "./host.ts";
import { printable } from "../base/printable.ts";
import type { Streams } from "./main.ts";
import { deviceType } from "./options.ts";
import { type CheckedScript, readChecked } from "./script.ts";
import { report } from "./status.ts";

export function planCommand(streams: Streams) {
  return new Command()
    .description("Show what a script would compute, without computing it.")
    .type("form", new EnumType(["text", "json"]))
    .type("device", deviceType)
    .arguments("<file:string>")
    .option("-s, --set <assignment:string>", "Give a `let` of the script another value.", {
      collect: true,
    })
    .option("--format <form:form>", "How the plan is written.", { default: "text" })
    .option("-d, --device <device:device>", "Where it would be computed.", { default: "auto" })
    .option("--runs <folder:string>", "Folder that results would go to.", { default: "runs" })
    .action(async ({ set, format, device, runs }, file) => {
      const script = await readChecked(file, set ?? [], streams.err);
      if (script === null) return streams.end(2);
      await showPlan(
        script,
        { device, json: format === "json", runs },
        streams,
      );
    });
}

/** Writes the plan of a script. */
export async function showPlan(
  { checked, sources }: CheckedScript,
  { device, json = false, runs }: {
    readonly device: DeviceChoice;
    readonly json?: boolean;
    /** Folder of earlier runs, whose results would be taken up. */
    readonly runs: string;
  },
  { out, err, end }: Streams,
): Promise<void> {
  try {
    const steps = await planScript({ checked }, { device, runs });
    if (json) out.write(printable(JSON.stringify(steps, null, 2)) + "\n");
    else out.write(tableText(planTable(steps), "table", out));
  } catch (error) {
    end(report(error, err, sources));
  }
}
