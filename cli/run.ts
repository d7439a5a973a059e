/** `circ run FILE` @module */
import { basename, join } from "node:path";
import { Command } from "@cliffy/command";
import { reportPage } from "../dsl/interpret/run/page.ts";
import { recordingFolder, recordingHost, type RunRecord } from "../dsl/interpret/run/record.ts";
import { openRunFolder, type RunFolder } from "../dsl/interpret/run/folder.ts";
import { resultsToJson } from "../dsl/interpret/run/history.ts";
import { openStore } from "../dsl/interpret/run/store.ts";
import { fileProblem } from "../base/file_problem.ts";
import { deferredIn } from "../dsl/interpret/deferred.ts";
import { runProgram } from "../dsl/interpret/run.ts";
import { openSession } from "../dsl/interpret/session.ts";
import { hashOfText } from "../base/hash.ts";
import { terminalHost } from "./host.ts";
import { interrupted, listenToInterrupt } from "./interrupt.ts";
import type { Streams } from "./main.ts";
import { deviceType, formType } from "./options.ts";
import { showPlan } from "./plan.ts";
import { progressLine } from "./progress.ts";
import { readChecked, runName } from "./script.ts";
import { report, type Status } from "./status.ts";

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
    .option("--fresh", "Compute anew, and set aside what earlier runs left.")
    .option("--runs <folder:string>", "Folder that results go to.", { default: "runs" })
    .option("--format <form:form>", "How tables are written.", { default: "table" })
    .example("circ run ioi.circ --set seed=3", "Run with another seed.")
    .action(async (options, file) => {
      const script = await readChecked(file, options.set ?? [], err);
      if (script === null) return end(2);
      const { device, runs } = options;
      if (options.dryRun) return await showPlan(script, { device, runs }, { out, err, end });

      const progress = progressLine(err);
      const interrupt = listenToInterrupt(() =>
        progress.note("stopping after this step; once more leaves at once")
      );
      const { text } = script.source;
      const record: RunRecord = { outputs: [], circuits: new Map(), steps: new Map() };
      const { signal } = interrupt;
      const { note } = progress;
      const host = terminalHost({ out, progress, form: () => options.format, signal });
      let opened: RunFolder | undefined;
      const session = openSession({
        host: recordingHost(host, record, async () => {
          await opened?.results(resultsToJson(record.outputs));
        }),
        device,
        rehearses: true,
        store: openStore({ runs, fresh: options.fresh === true, note }),
        run: async () => {
          const command = Deno.args;
          const name = runName(file);
          opened = await openRunFolder({ runs, name, file, text, command, device, note });
          return recordingFolder(opened, record);
        },
        script: await hashOfText(text),
      });
      let ended: unknown;
      let status: Status = 0;
      try {
        const { program } = script.checked;
        await runProgram(program, session, { defers: deferredIn(program) });
        if (session.failed.length > 0) status = 1;
      } catch (error) {
        ended = error;
        progress.finish();
        status = report(error, err, script.sources);
        if (status === interrupted) note(`\`${again()}\` goes on from here`);
      } finally {
        interrupt.close();
        if (opened !== undefined) await finish(opened);
        await session.close();
      }
      end(status);

      /** The command that continues this run. */
      function again(): string {
        const words = Deno.args.filter((word) => word !== "--fresh");
        return ["circ", ...words.map((word) => /[^\w@%+=:,./-]/.test(word) ? `'${word}'` : word)]
          .join(" ");
      }

      /** Writes the results and the page, and tells where they are. */
      async function finish(folder: RunFolder): Promise<void> {
        const page = {
          ...record,
          name: file === "-" ? "stdin" : basename(file),
          script: text,
          failed: session.failed,
          ...(ended instanceof Error && { error: ended.message }),
        };
        const outcome = status === interrupted
          ? "stopped"
          : ended !== undefined
          ? "failed"
          : status === 0
          ? "done"
          : "not as expected";
        try {
          await folder.results(resultsToJson(record.outputs));
          await folder.report(() => reportPage(page));
          note(`page: ${join(folder.path, "report.html")}`);
        } catch (error) {
          note(`note: the page is not written: ${fileProblem(error)}`);
        }
        await folder.end(outcome, session.provider ?? device).catch((error) =>
          note(`note: the end of this run is not recorded: ${fileProblem(error)}`)
        );
      }
    });
}
