/** A discovery that is killed leaves nothing half-written, and goes on from its last checkpoint. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { openCircuit } from "../../runtime/circuits/mod.ts";
import { ioiScript } from "../support/toy_scripts.ts";
import { circ, commandLine, filesBelow, inFolder } from "./run_circ.ts";

const script = ioiScript({ train: 8, test: 8 }) + `
schedule short { steps 200 edge_sparsity 0 -> 97% over 140 steps batch 2 }
circuit first { find random in toy for ioi corrupted by strangers keep 20 }
circuit ep { find edge_pruning in toy for ioi corrupted by strangers using short seed 2 }
`;

Deno.test("killed without a chance to clean up: whole files only, and the next start ends where it would have ended", () =>
  inFolder({ "kill.circ": script }, async (folder) => {
    const file = join(folder, "kill.circ");
    const start = (runs: string) =>
      new Deno.Command(Deno.execPath(), {
        args: commandLine([
          ...["run", file, "--device", "cpu", "--runs", join(folder, runs)],
        ]),
        stdout: "null",
        stderr: "piped",
      });
    const killed = start("killed").spawn();
    const notes = new Response(killed.stderr).text();
    const run = join(folder, "killed", "kill");
    const states = () => filesBelow(join(folder, "killed/store/states")).catch(() => []);
    const there = async () => (await states()).some((file) => !file.includes(".part"));
    for (let i = 0; i < 600 && !await there(); i++) await new Promise((go) => setTimeout(go, 50));
    assert(await there(), "no checkpoint within half a minute");
    killed.kill("SIGKILL");
    await killed.status;
    await notes;

    // What was finished is whole; what was not is not there.
    const names = [...Deno.readDirSync(join(run, "circuits"))].map(({ name }) => name).sort();
    assertEquals(names, ["first.circuit.json"]);
    assertEquals((await openCircuit(join(run, "circuits", "first.circuit.json"))).edges.length, 20);
    const listed = await circ(["runs", "--runs", join(folder, "killed")], { cwd: folder });
    assertMatch(listed.out, /kill\/1 .* killed /);

    const [resumed, whole] = [await start("killed").output(), await start("whole").output()];
    const said = new TextDecoder().decode(resumed.stderr);
    assertStringIncludes(said, "ep: goes on from where an earlier run was stopped");
    assertStringIncludes(said, "first: 20 of 1,620 edges");
    assertEquals([resumed.code, whole.code], [0, 0], said);
    const found = (runs: string) =>
      openCircuit(join(folder, runs, "kill/circuits/ep.circuit.json"));
    const [a, b] = [await found("killed"), await found("whole")];
    assertEquals(a.edges, b.edges);
    assertEquals(a.scores, b.scores);
    assertEquals(await states(), [], "a checkpoint goes when its circuit is there");
    // The curve is that of the whole search, whichever run made its steps.
    const steps = async (runs: string) =>
      (await Deno.readTextFile(join(folder, runs, "kill/metrics.jsonl"))).trim().split("\n")
        .map((line) => ({ ...JSON.parse(line), seconds: 0 }));
    assertEquals(await steps("killed"), await steps("whole"));
  }));

const sweep = ioiScript({ train: 8, test: 8 }) + `
schedule short { steps 30 edge_sparsity 0 -> 97% over 20 steps batch 2 }
sweep share from [3%, 6%], seed from 1..2 {
  circuit c { find edge_pruning in toy for ioi corrupted by strangers using short keep share seed seed }
  evaluate c by kl, accuracy, minimality
  evaluate c by kl over seed
  save c to "out/c-{share}-{seed}.circuit.json"
  plot kl of c over share to "out/kl.svg"
}
`;

/** Times that a run is killed before one comes to its end; `KILLS` gives another number. */
const kills = Number(Deno.env.get("KILLS") ?? 2);

Deno.test("a sweep that is killed at random moments, and simply started again, ends byte-identical", () =>
  inFolder({ "killed/s.circ": sweep, "whole/s.circ": sweep }, async (folder) => {
    const start = (name: string) =>
      new Deno.Command(Deno.execPath(), {
        args: commandLine(["run", "s.circ", "--device", "cpu"]),
        cwd: join(folder, name),
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    const began = performance.now();
    const whole = await start("whole").output();
    const time = performance.now() - began;
    assertEquals(whole.code, 0, new TextDecoder().decode(whole.stderr));
    const moments: number[] = [];
    for (let i = 0; i < kills; i++) {
      const child = start("killed");
      const output = child.output();
      moments.push(Math.round(Math.random() * time * 0.8));
      const timer = setTimeout(() => child.kill("SIGKILL"), moments.at(-1));
      const { code } = await output;
      clearTimeout(timer);
      if (code === 0) break;
    }
    const last = await start("killed").output();
    assertEquals(last.code, 0, new TextDecoder().decode(last.stderr));
    const told = `killed after ${moments.join(", ")} ms`;
    assertEquals(
      new TextDecoder().decode(last.stdout),
      new TextDecoder().decode(whole.stdout),
      told,
    );
    const kept = async (name: string) => {
      const files = await filesBelow(join(folder, name));
      const names = files.map((file) => file.replace(/ \d+$/, ""))
        .filter((file) =>
          /^out\/|^runs\/s\/(circuits\/|results\.json$|script\.circ$)|^runs\/store\/measurements/
            .test(file)
        );
      const bytes = names.map((file) => Deno.readFile(join(folder, name, file)));
      return new Map(names.map((file, i) => [file, bytes[i]]));
    };
    const [a, b] = [await kept("killed"), await kept("whole")];
    assertEquals([...a.keys()], [...b.keys()], told);
    assert([...a.keys()].length >= 4 + 4 + 1 + 2, [...a.keys()].join("\n"));
    for (const [file, bytes] of a) assertEquals(await bytes, await b.get(file), `${file}, ${told}`);
  }));
