/**
 * Circuits that are found again, with other seeds and on other samples.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ScriptError } from "../../../dsl/interpret/error.ts";
import type { Table } from "../../../runtime/circuits/mod.ts";
import { ioiScript } from "../../support/toy_scripts.ts";
import { once, outcomeOf } from "../support/outcome.ts";

const scored = `${ioiScript({ train: 8, test: 8 })}
circuit ig { find eap_ig in toy for ioi corrupted by strangers keep 100 steps 2 }
`;
const outcome = once(async () => {
  const { tables } = await outcomeOf(`${scored}
circuit second { find eap_ig in toy for ioi corrupted by strangers keep 100 steps 2 resample 2 }
stability of ig over 3 resamples
overlap ig, second
circuit luck { find random in toy keep 400 seed 4 }
circuit sixth { find random in toy keep 400 seed 6 }
stability of luck over 2 seeds
overlap luck, sixth
stability of second over 2 resamples
`);
  const [resamples, samples, seeds, pair, own] = tables;
  return { resamples, samples, seeds, pair, own };
});
const runs = ({ rows }: Table) => rows.map(([run]) => run);
const shared = (table: Table) => table.rows[0][table.columns.indexOf("shared")];

Deno.test("stability: the columns name the circuit", async () =>
  assertEquals((await outcome()).resamples.columns, [
    "run",
    "edges",
    "shared with ig",
    "jaccard with ig",
    "jaccard with others",
  ]));

Deno.test("stability over resamples: one run for each", async () =>
  assertEquals(runs((await outcome()).resamples), ["resample 1", "resample 2", "resample 3"]));

Deno.test("stability over resamples: a run is the circuit of that resample", async () => {
  const { resamples, samples } = await outcome();
  assertEquals(resamples.rows[1][2], shared(samples));
});

Deno.test("stability over resamples: eight examples drawn anew differ", async () =>
  assert((await outcome()).resamples.rows.every((row) => Number(row[2]) < 100)));

Deno.test("stability: notes give an interval and the edges that stay", async () => {
  const { notes } = (await outcome()).resamples;
  assertStringIncludes(notes![1], ", 95% confidence interval 0.");
  assertStringIncludes(notes![2], "of the 100 edges of ig, ");
});

Deno.test("stability over seeds: the seeds after the circuit's own", async () =>
  assertEquals(runs((await outcome()).seeds), ["seed 5", "seed 6"]));

Deno.test("stability over seeds: a run is the circuit of that seed", async () => {
  const { seeds, pair } = await outcome();
  assertEquals(seeds.rows[1][2], shared(pair));
});

Deno.test("stability over seeds: a note counts the edges of any run", async () =>
  assertStringIncludes((await outcome()).seeds.notes![0], "in any; jaccard 0."));

Deno.test("stability: a circuit is none of its own runs", async () =>
  assertEquals(runs((await outcome()).own), ["resample 1", "resample 3"]));

Deno.test("a method that draws nothing at random is not found again over seeds", async () => {
  await assertRejects(
    () => outcomeOf(`${scored}let alias = ig\nstability of alias over 2 seeds`),
    ScriptError,
    "`eap_ig` draws nothing at random",
  );
});

Deno.test("a circuit that no method found is not found again", async () => {
  await assertRejects(
    () => outcomeOf(`${scored}stability of top 50 of ig over 2 resamples`),
    ScriptError,
    "`top 50 of ig` was not found by a method",
  );
});
