/** Checkpoints of a method other than Edge Pruning, and those that another version left. */
import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { openCircuit } from "../../runtime/circuits/mod.ts";
import { ioiScript } from "../support/toy_scripts.ts";
import { circ, commandLine, inFolder } from "./run_circ.ts";

const script = ioiScript({ train: 8, test: 8 }) + `
circuit c { find soft_top_k in toy for ioi corrupted by strangers keep 40 steps 120 batch 2 seed 1 }
`;

Deno.test("a checkpoint is gone on from, and left aside when another version wrote it", () =>
  inFolder({ "a.circ": script }, async (folder) => {
    const args = (runs: string) => ["run", "a.circ", "--device", "cpu", "--runs", runs];
    const stateIn = (runs: string) => join(folder, runs, "a", "checkpoints", "c.state");
    const killed = new Deno.Command(Deno.execPath(), {
      args: commandLine(args("same")),
      cwd: folder,
      stdout: "null",
      stderr: "null",
    }).spawn();
    const there = () => Deno.stat(stateIn("same")).then(() => true, () => false);
    for (let i = 0; i < 1200 && !await there(); i++) await new Promise((go) => setTimeout(go, 50));
    assert(await there(), "no checkpoint within a minute");
    killed.kill("SIGKILL");
    await killed.status;

    const { key, state } = deserialize(await Deno.readFile(stateIn("same")));
    assertEquals(state.method, "soft_top_k");
    await Deno.mkdir(dirname(stateIn("other")), { recursive: true });
    const other = serialize({ key, state: { ...state, version: "0.0.1" } });
    await Deno.writeFile(stateIn("other"), other);

    const found: Float32Array[] = [];
    for (const [runs, resumed] of [["same", true], ["other", false]] as const) {
      const { status, err } = await circ([...args(runs), "--resume"], { cwd: folder });
      assertEquals(status, 0, err);
      assertEquals(err.includes("goes on from where an earlier run was stopped"), resumed, err);
      const circuit = await openCircuit(join(folder, runs, "a/circuits/c.circuit.json"));
      found.push(circuit.scores!);
    }
    assertEquals(found[0], found[1]);
  }));
