/** The page that a run leaves about itself. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { lineOf } from "../support/place.ts";
import { circ, inFolder, toy } from "./run_circ.ts";

const head = `
model toy {
  from  "${toy}"
  split embeddings
}
task pronoun {
  vary     name, pronoun, other from [["Agnes", "she", "he"], ["Amos", "he", "she"], ["Vera", "she", "he"], ["Hugo", "he", "she"]]
  prompt   "So {name} is a really good neighbour, isn't"
  answer   " {pronoun}"
  wrong    " {other}"
  examples train 2, validation 0, test 2
}
corruption other_person of pronoun { redraw name, pronoun }
circuit ep { find edge_pruning in toy for pronoun corrupted by other_person using short keep 30 }
`;
const script = head.replace("circuit ep", "schedule short { steps 24 batch 2 }\ncircuit ep") + `
evaluate ep by kl  # less < more & so on
expect edges(ep) <= 30
expect kl(ep) < -1
`;

Deno.test("report: results, expectations, circuits with their training, and the script, in one page", () =>
  inFolder({ "a.circ": script }, async (cwd) => {
    const { status, out } = await circ(["run", "a.circ", "--device", "cpu"], { cwd });
    assertEquals(status, 1);
    const page = await Deno.readTextFile(join(cwd, "runs/a/report.html"));
    assertStringIncludes(page, "evaluate ep by kl");
    for (const line of out.trim().split("\n")) assertStringIncludes(page, line.trim());
    assertStringIncludes(
      page,
      `<p class="held">as expected: edges(ep) &lt;= 30; edges(ep) is 30</p>`,
    );
    const line = lineOf(script, "expect kl(ep)");
    assertStringIncludes(page, `<p class="not">a.circ:${line}: not as expected: kl(ep) &lt; -1`);
    assertStringIncludes(page, "# less &lt; more &amp; so on");
    assertEquals(page.match(/<svg/g)?.length, 2);
    assertStringIncludes(page, "pronoun corrupted by other_person");
    // Nothing to fetch: no addresses but the drawings' name spaces.
    const addresses = page.match(/(?:src|href)="[^#"]/g) ?? [];
    assertEquals(addresses, []);

    const again = await circ(["run", "a.circ", "--device", "cpu"], { cwd });
    assertEquals(again.status, 1);
    assertStringIncludes(await Deno.readTextFile(join(cwd, "runs/a/report.html")), "<h3>ep: 30 of");
  }));

Deno.test("report: a run that ends early says so, and one that finds nothing is recorded too", () =>
  inFolder({
    "a.circ": script.replace(
      "expect edges",
      "circuit none { find random in toy keep edges(ep) - edges(ep) }\nnone\nexpect edges",
    ),
    "b.circ": "1 + 1\n",
  }, async (cwd) => {
    assertEquals((await circ(["run", "a.circ", "--device", "cpu"], { cwd })).status, 2);
    const page = await Deno.readTextFile(join(cwd, "runs/a/report.html"));
    assertStringIncludes(page, "The run ended early: cannot keep");
    assertEquals((await circ(["run", "b.circ"], { cwd })).out, "2\n");
    assertEquals(JSON.parse(await Deno.readTextFile(join(cwd, "runs/b/results.json"))), [
      { statement: "1 + 1", text: "2" },
    ]);
  }));
