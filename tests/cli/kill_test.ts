/** A discovery that is killed leaves nothing half-written, and goes on from its last checkpoint. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { openCircuit } from "../../runtime/circuits/mod.ts";
import { ioiScript } from "../support/toy_scripts.ts";
import { commandLine, inFolder } from "./run_circ.ts";

const script = ioiScript({ train: 8, test: 8 }) + `
schedule short { steps 200 edge_sparsity 0 -> 97% over 140 steps batch 2 }
circuit first { find random in toy for ioi corrupted by strangers keep 20 }
circuit ep { find edge_pruning in toy for ioi corrupted by strangers using short seed 2 }
`;

Deno.test("killed without a chance to clean up: whole files only, and --resume ends where it would have ended", () =>
  inFolder({ "kill.circ": script }, async (folder) => {
    const file = join(folder, "kill.circ");
    const start = (runs: string, ...more: string[]) =>
      new Deno.Command(Deno.execPath(), {
        args: commandLine([
          ...["run", file, "--device", "cpu", "--runs", join(folder, runs)],
          ...more,
        ]),
        stdout: "null",
        stderr: "piped",
      });
    const killed = start("killed").spawn();
    const notes = new Response(killed.stderr).text();
    const run = join(folder, "killed", "kill");
    const checkpoint = join(run, "checkpoints", "ep.state");
    const there = () => Deno.stat(checkpoint).then(() => true, () => false);
    for (let i = 0; i < 600 && !await there(); i++) await new Promise((go) => setTimeout(go, 50));
    assert(await there(), "no checkpoint within half a minute");
    killed.kill("SIGKILL");
    await killed.status;
    await notes;

    // What was finished is whole; what was not is not there.
    const names = [...Deno.readDirSync(join(run, "circuits"))].map(({ name }) => name).sort();
    assertEquals(names, ["finished.json", "first.circuit.json"]);
    assertEquals((await openCircuit(join(run, "circuits", "first.circuit.json"))).edges.length, 20);
    const finished = JSON.parse(await Deno.readTextFile(join(run, "circuits", "finished.json")));
    assertEquals(Object.keys(finished), ["first"]);

    const [resumed, whole] = [
      await start("killed", "--resume").output(),
      await start("whole").output(),
    ];
    const said = new TextDecoder().decode(resumed.stderr);
    assertStringIncludes(said, "ep: goes on from where an earlier run was stopped");
    assertEquals([resumed.code, whole.code], [0, 0], said);
    const found = (runs: string) =>
      openCircuit(join(folder, runs, "kill/circuits/ep.circuit.json"));
    const [a, b] = [await found("killed"), await found("whole")];
    assertEquals(a.edges, b.edges);
    assertEquals(a.scores, b.scores);
    assertEquals(await there(), false, "a checkpoint goes when its circuit is there");
  }));
