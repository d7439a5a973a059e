/** CONTRIBUTING.md, held to what there is: tasks, variables of tests and benches, the version. */
import { assert, assertEquals } from "@std/assert";
import { packageVersion } from "../base/version.ts";

const root = new URL("../", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, root));
const page = await read("CONTRIBUTING.md");
const config = JSON.parse(await read("deno.json"));

Deno.test("the tasks that CONTRIBUTING.md names exist", () => {
  const named = [...page.matchAll(/deno task ([a-z][a-z:-]*)/g)].map((match) => match[1]);
  assert(named.includes("test") && named.includes("ok"));
  assertEquals(named.filter((task) => !Object.hasOwn(config.tasks, task)), []);
});

async function* modules(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
    if (isDirectory) yield* modules(`${folder}${name}/`);
    else if (name.endsWith(".ts")) yield folder + name;
  }
}

Deno.test("CONTRIBUTING.md has the variables that tests and benches read, and no others", async () => {
  const variables = (text: string) => text.match(/\bCIRC_(TEST|BENCH|SCRIPTS|UPDATE)\w*/g) ?? [];
  const used = new Set<string>();
  for (const folder of ["tests/", "bench/"]) {
    for await (const path of modules(folder)) {
      if (path === "tests/contributing_test.ts") continue;
      for (const name of variables(await read(path))) used.add(name);
    }
  }
  assertEquals([...new Set(variables(page))].sort(), [...used].sort());
});

Deno.test("deno.json has the version that results are stored with", () => {
  assertEquals(config.version, packageVersion);
});
