/**
 * Plots that scripts write: metrics over sizes, overlaps, layers.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { ScriptError } from "../../../dsl/interpret/error.ts";
import { inFolder } from "../../cli/run_circ.ts";
import { ioiScript } from "../../support/toy_scripts.ts";
import { once, outcomeOf } from "../support/outcome.ts";

const scored = `${ioiScript({ train: 8, test: 8 })}
circuit ig { find eap_ig in toy for ioi corrupted by strangers keep 100 steps 2 }
`;

/** The plots of a script, by file, its notes, and the message where a file stands in place of a folder. */
const outcome = once(() =>
  inFolder({}, async (folder) => {
    const file = join(folder, "x.circ");
    const { notes } = await outcomeOf(
      `${scored}
circuit chance { find random in toy for ioi corrupted by strangers keep 400 }
let half = (ig & ig) without m0
plot faithfulness of ig, chance to "faithfulness.svg"
plot kl of ig, half on ioi.train to "kl.svg"
plot cpr of ig to "cpr.svg"
plot overlap of ig, half to "overlap.svg"
plot layers of ig to "layers.svg"
`,
      { file },
    );
    const plots = Object.fromEntries(
      [...Deno.readDirSync(folder)].map(({ name }) => [
        name,
        Deno.readTextFileSync(join(folder, name)),
      ]),
    );
    const { message } = await assertRejects(
      () => outcomeOf(`${scored}plot layers of ig to "kl.svg/x.svg"\n`, { file }),
      ScriptError,
    );
    return { plots, notes, message };
  })
);

Deno.test("every plot is a file of its own, and nothing else is left", async () =>
  assertEquals(
    Object.keys((await outcome()).plots).sort(),
    ["cpr", "faithfulness", "kl", "layers", "overlap"].map((name) => `${name}.svg`),
  ));

for (const name of ["cpr", "faithfulness", "kl", "layers", "overlap"]) {
  Deno.test(`plot ${name}: the drawing is whole`, async () =>
    assert(/^<svg[^]*<\/svg>\n$/.test((await outcome()).plots[`${name}.svg`])));
}

Deno.test("a curve has the name of its circuit, and the axis that of the metric", async () => {
  const plot = (await outcome()).plots["faithfulness.svg"];
  assertStringIncludes(plot, ">chance<");
  assertStringIncludes(plot, ">faithfulness<");
});

// Of two circuits, one has a curve: its band. A measure of a whole curve has none.
const band = 'aria-roledescription="area mark"';

Deno.test("a curve has a band", async () =>
  assertStringIncludes((await outcome()).plots["faithfulness.svg"], band));

Deno.test("a measure of a whole curve has no band", async () =>
  assert(!(await outcome()).plots["cpr.svg"].includes(band)));

Deno.test("the axis of kl has its unit", async () =>
  assertStringIncludes((await outcome()).plots["kl.svg"], "KL from the full model (nats)"));

Deno.test("an overlap names its circuits with their sizes", async () =>
  assertStringIncludes((await outcome()).plots["overlap.svg"], ">half ("));

Deno.test("a note tells where a plot is", async () =>
  assert((await outcome()).notes.includes("plotted kl to kl.svg")));

Deno.test("a plot cannot be written into a folder whose name a file has", async () =>
  assertStringIncludes(
    (await outcome()).message,
    'cannot write "kl.svg/x.svg": ',
  ));
