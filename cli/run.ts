/** `circ run FILE` @module */
import { basename, join } from "node:path";
import { Command } from "@cliffy/command";
import { reportPage } from "../dsl/interpret/run/page.ts";
import { recordingFolder, recordingHost, type RunRecord } from "../dsl/interpret/run/record.ts";
import { openRunFolder, type RunFolder } from "../dsl/interpret/run/folder.ts";
import { runProgram } from "../dsl/interpret/run.ts";
import { openSession } from "../dsl/interpret/session.ts";
import { hashOfText } from "../base/hash.ts";
import { terminalHost } from "./host.ts";
import { listenToInterrupt } from "./interrupt.ts";
import type { Streams } from "./main.ts";
import { deviceType, formType } from "./options.ts";
import { showPlan } from "./plan.ts";
import { progressLine } from "./progress.ts";
import { readChecked, runName } from "./script.ts";
import { report } from "./status.ts";

export function runCommand({ out, err, end }: Streams) {
  return new Command()
    .description("Run a script.")
    .type("device", deviceType)
    .type("form", formType)
    .arguments("<file:string>")
    .option("-s, --set <assignment:string>", "Give a `let` of the script another value.", {
      collect: true,
    })
    .option("-d, --device <device:device>", "Where to compute.", { default: "auto" })
    .option("--dry-run", "Only show what would run.")
    .option("--resume", "Take circuits that an earlier run of the same script found.")
    .option("--runs <folder:string>", "Folder that the run's results go to.", { default: "runs" })
    .option("--format <form:form>", "How tables are written.", { default: "table" })
    .example("circ run ioi.circ --set seed=3", "Run with another seed.")
    .action(async (options, file) => {
      const script = await readChecked(file, options.set ?? [], err);
      if (script === null) return end(2);
      const folder = join(options.runs, runName(file));
      if (options.dryRun) {
        const { device } = options;
        return await showPlan(script, { device, runs: folder }, { out, err, end });
      }

      const progress = progressLine(err);
      const interrupt = listenToInterrupt(() =>
        progress.note("stopping after this step; once more leaves at once")
      );
      const { text } = script.source;
      const record: RunRecord = { outputs: [], circuits: new Map(), steps: new Map() };
      const { signal } = interrupt;
      const host = terminalHost({ out, progress, form: () => options.format, signal });
      let opened: RunFolder | undefined;
      const session = openSession({
        host: recordingHost(host, record),
        device: options.device,
        rehearses: true,
        run: async () => {
          opened = await openRunFolder(folder, text, { resume: options.resume === true });
          return recordingFolder(opened, record);
        },
        script: await hashOfText(text),
      });
      let ended: unknown;
      try {
        await runProgram(script.checked.program, session);
        if (session.failed.length > 0) end(1);
      } catch (error) {
        ended = error;
        progress.finish();
        end(report(error, err, script.sources));
      } finally {
        interrupt.close();
        // A run that found nothing has no folder, and leaves none.
        await opened?.report(() =>
          reportPage({
            ...record,
            name: file === "-" ? "stdin" : basename(file),
            script: text,
            failed: session.failed,
            ...(ended instanceof Error && { error: ended.message }),
          })
        ).catch((error) => progress.note(`note: report.html is not written: ${error.message}`));
        await session.close();
      }
    });
}
