/** docs/verification.md has a row for everything that computes a number, and every row has its test. */
import { assert, assertEquals } from "@std/assert";
import { page, verifiable } from "./support/verified.ts";

const rows = (await Deno.readTextFile(page)).split(/^(?=\| \w+ \| compared with )/m).slice(1)
  .flatMap((table) => {
    const of = table.match(/^\| (\w+)/)![1];
    return [...table.matchAll(/^\| `(\w+)` \| .* \| \[.*\]\(\.\.\/(.*)\) \|/gm)]
      .map(([, name, test]) => ({ of, name, test }));
  });

for (const [of, names] of Object.entries(verifiable)) {
  Deno.test(`every ${of} is compared with an independent computation, or the page lacks it`, () => {
    const compared = new Set(rows.filter((row) => row.of === of).map(({ name }) => name));
    assertEquals(names.filter((name) => !compared.has(name)), []);
    assertEquals([...compared].filter((name) => !(names as readonly string[]).includes(name)), []);
  });
}

Deno.test("every row of the page has a test that compares", async () => {
  for (const test of new Set(rows.map(({ test }) => test))) {
    const text = await Deno.readTextFile(new URL(`../${test}`, import.meta.url));
    assert(/\bverified\(/.test(text), `${test} compares nothing`);
  }
});
