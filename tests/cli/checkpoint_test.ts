/** Checkpoints of a method other than Edge Pruning, and those that another version left. */
import { assert, assertEquals } from "@std/assert";
import { basename, dirname, join } from "node:path";
import { openStore } from "../../dsl/interpret/run/store.ts";
import { openCircuit } from "../../runtime/circuits/mod.ts";
import { ioiScript } from "../support/toy_scripts.ts";
import { circ, commandLine, filesBelow, inFolder } from "./run_circ.ts";

const script = ioiScript({ train: 8, test: 8 }) + `
circuit c { find soft_top_k in toy for ioi corrupted by strangers keep 40 steps 400 batch 2 seed 1 }
`;

Deno.test("a checkpoint is gone on from, and left aside when another version wrote it or it is damaged", () =>
  inFolder({ "a.circ": script }, async (folder) => {
    const args = (runs: string) => ["run", "a.circ", "--device", "cpu", "--runs", runs];
    const killed = new Deno.Command(Deno.execPath(), {
      args: commandLine(args("same")),
      cwd: folder,
      stdout: "null",
      stderr: "null",
    }).spawn();
    /** Entries with the state of a search, from the folder of runs. */
    const states = async (runs: string) =>
      (await filesBelow(join(folder, runs)).catch(() => []))
        .map((file) => file.split(" ")[0]).filter((file) => /^store\/states\/../.test(file));
    const there = async () => (await states("same")).some((file) => !file.endsWith(".part"));
    for (let i = 0; i < 1200 && !await there(); i++) await new Promise((go) => setTimeout(go, 50));
    assert(await there(), "no checkpoint within a minute");
    killed.kill("SIGKILL");
    await killed.status;

    const [file] = (await states("same")).filter((file) => !file.endsWith(".part"));
    const key = basename(file);
    const { state, steps } = (await openStore({ runs: join(folder, "same"), note: () => {} })
      .state(key))!;
    const kept = state as { readonly method: string };
    assertEquals(kept.method, "soft_top_k");
    assert(steps.length > 0);
    await openStore({ runs: join(folder, "other"), note: () => {} })
      .keepState(key, { state: { ...kept, version: "0.0.1" }, steps });
    // One bit of a state is another one.
    const entry = await Deno.readFile(join(folder, "same", file));
    entry[entry.length >> 1] ^= 1;
    await Deno.mkdir(join(folder, "flipped", dirname(file)), { recursive: true });
    await Deno.writeFile(join(folder, "flipped", file), entry);

    const found: Float32Array[] = [];
    for (const [runs, resumed] of [["same", true], ["other", false], ["flipped", false]] as const) {
      const { status, err } = await circ(args(runs), { cwd: folder });
      assertEquals(status, 0, err);
      assertEquals(err.includes("goes on from where an earlier run was stopped"), resumed, err);
      assertEquals(
        / is damaged: it is .* now, and computed anew/.test(err),
        runs === "flipped",
        err,
      );
      const circuit = await openCircuit(join(folder, runs, "a/circuits/c.circuit.json"));
      found.push(circuit.scores!);
    }
    assertEquals(found[0], found[1]);
    assertEquals(found[0], found[2]);
  }));
