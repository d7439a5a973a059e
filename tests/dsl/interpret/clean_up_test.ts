/** Notes and progress of a clean-up. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { ioiScript } from "../../support/toy_scripts.ts";
import { outcomeOf } from "../support/outcome.ts";

const script = (cleanUp: string) =>
  `${ioiScript({ train: 6, test: 2 })}
schedule s { steps 4 batch 4 }
circuit c { find edge_pruning in toy for ioi corrupted by strangers using s keep 20 ${cleanUp} }
edges(c)
`;

Deno.test("a clean-up shows its progress, and what it removed did not lie on no path", async () => {
  const progress: { label: string; step: number; steps: number; measured: number }[] = [];
  const { notes, texts } = await outcomeOf(script("clean_up on"), {
    onProgress: ({ label, step, steps, values }) => {
      const measured = Number(new Map(values).get("measured")?.replaceAll(",", ""));
      if (label.startsWith("c ")) progress.push({ label, step, steps, measured });
    },
  });
  const summary = notes.find((note) => note.startsWith("c: "))!;
  const [, taken, onPath, dropped = "0", left] = summary.match(
    /of (\d+) edges taken, (\d+) lie on a path from the input to the logits(?: and (\d+) (?:was|were) dropped)?; a clean-up by measurement left (\d+)$/,
  )!;
  // The numbers add up, and the last one is the circuit's.
  assertEquals(Number(taken), Number(onPath) + Number(dropped));
  assertEquals(left, texts[0]);
  assert(Number(onPath) > Number(left), summary);
  const removal = progress.filter(({ label }) => label === "c removes edges");
  assertEquals(removal[0].steps, Number(onPath) - 20);
  assert(removal.length > 0 && progress.some(({ label }) => label === "c exchanges edges"));
  // Each pass shows: never fewer sets measured than before, and no step beyond the last.
  progress.forEach(({ measured, step, steps }, i) => {
    assert(i === 0 || measured > progress[i - 1].measured);
    assert(step <= steps);
  });
});

Deno.test("without a clean-up the summary speaks of paths alone", async () => {
  const { notes } = await outcomeOf(script("clean_up off"));
  assertMatch(
    notes.find((note) => note.startsWith("c: "))!,
    /lie on a path from the input to the logits( and \d+ (was|were) dropped)?$/,
  );
});
