/** Results are kept under the content that decided them: for all scripts, and as long as nothing damages them. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { filesBelow, inFolder } from "../../cli/run_circ.ts";
import { ioiScript } from "../../support/toy_scripts.ts";
import { type Outcome, runKept } from "../support/kept.ts";

const find = (name: string, method = "eap", keep: number | string = 40) =>
  `circuit ${name} { find ${method} in toy for ioi corrupted by strangers keep ${keep} }\n`;
const base = ioiScript({ train: 4, test: 4 });

/** The circuits that a run found, and those that it took up. */
const sorted = ({ notes }: Outcome) => {
  const of = (pattern: RegExp) =>
    notes.filter((note) => pattern.test(note)).map((note) => note.split(":")[0]).sort();
  return { found: of(/ steps? in /), taken: of(/, found by an earlier run$/) };
};
const computed = ({ notes }: Outcome) => notes.some((note) => note.startsWith("device: "));

Deno.test("two scripts share circuits and measurements; --fresh sets them aside", () =>
  inFolder({
    "a.circ": `${base}${find("c")}evaluate c by kl, accuracy\n`,
    "b.circ": `${base}${find("other")}${find("more", "eap", 30)}evaluate other, more by kl\n`,
  }, async (cwd) => {
    const [a, b] = [join(cwd, "a.circ"), join(cwd, "b.circ")];
    const first = await runKept(a);
    assertEquals(sorted(first), { found: ["c"], taken: [] });
    const again = await runKept(a);
    assertEquals(sorted(again), { found: [], taken: ["c"] });
    assertEquals(again.shown, first.shown);
    assert(!computed(again), "nothing is computed where everything is there");
    assertEquals(again.notes.filter((note) => /are taken up from/.test(note)).length, 1);

    assertEquals(sorted(await runKept(b)), { found: ["more"], taken: ["other"] });

    const anew = await runKept(a, { fresh: true });
    assertEquals(sorted(anew), { found: ["c"], taken: [] });
    assertEquals(anew.shown, first.shown);
    const files = await filesBelow(join(cwd, "runs/store/aside"));
    const kinds = files.map((file) => file.split("/")[0]);
    assertEquals(kinds.filter((kind) => kind === "circuits").length, 1);
    // The KL and the accuracy of the circuit, and of the full model.
    assertEquals(kinds.filter((kind) => kind === "measurements").length, 4);
    assertEquals(sorted(await runKept(a)), { found: [], taken: ["c"] });
  }));

Deno.test("circuits that nothing asks for are not computed, imported or not", () =>
  inFolder({
    "parts.circ": `${base}${find("wanted")}${find("idle", "eap", 20)}let size = kl(idle)\n`,
    "main.circ": `import "parts.circ"\n${find("unused", "eap", 10)}${find("hint", "eap", 50)}` +
      `circuit c { find eap in toy for ioi corrupted by strangers within hint keep 5 }\n` +
      `edges(c)\nedges(wanted)\n`,
    "alone.circ": `${base}${find("alone", "eap", 15)}`,
    "sweep.circ": `${base}sweep n from [6, 7] { ${find("c", "eap", "n")} }\n`,
  }, async (cwd) => {
    const main = await runKept(join(cwd, "main.circ"));
    assertEquals(sorted(main).found, ["c", "hint", "wanted"]);
    assertEquals(main.notes.filter((note) => note.includes("is not found")), [
      "note: `unused` is not found, as nothing asks for it",
    ]);
    // Where there are only declarations, the circuits are what is wanted.
    assertEquals(sorted(await runKept(join(cwd, "alone.circ"))).found, ["alone"]);
    assertEquals(sorted(await runKept(join(cwd, "sweep.circ"))).found, ["c (n=6)", "c (n=7)"]);
  }));

Deno.test("an entry with one bit changed is set aside, said, and computed anew", () =>
  inFolder({ "a.circ": `${base}${find("c")}evaluate c by kl\n` }, async (cwd) => {
    const file = join(cwd, "a.circ");
    const first = await runKept(file);
    const store = join(cwd, "runs/store");
    const entries = (await filesBelow(store)).map((entry) => entry.split(" ")[0]);
    assertEquals(entries.length, 2);
    for (const [i, name] of entries.entries()) {
      const bytes = await Deno.readFile(join(store, name));
      bytes[Math.floor(bytes.length * (i + 1) / 3)] ^= 1 << i;
      await Deno.writeFile(join(store, name), bytes);
    }
    const again = await runKept(file);
    const said = again.notes.filter((note) => / is damaged: it is .* now, and computed/.test(note));
    assertEquals(said.length, entries.length, again.notes.join("\n"));
    assertEquals(sorted(again), { found: ["c"], taken: [] });
    assertEquals(again.shown, first.shown);
    assert(!computed(await runKept(file)));
  }));
