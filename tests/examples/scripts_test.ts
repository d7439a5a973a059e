/** The shipped scripts: each of them runs. (That they are sound and in canonical form is tested with the docs' snippets.) */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { runScript } from "../../dsl/interpret/script.ts";
import type { Table } from "../../runtime/circuits/mod.ts";
import { circ } from "../cli/run_circ.ts";

const folder = fileURLToPath(new URL("../../examples", import.meta.url));
const scripts = ["", "tasks/", "programs/"].flatMap((within) =>
  [...Deno.readDirSync(`${folder}/${within}`)].map(({ name }) => within + name)
    .filter((name) => name.endsWith(".circ")).sort()
);

Deno.test("there are scripts for every task and for programs", () => {
  const count = (within: string) => scripts.filter((name) => name.startsWith(within)).length;
  assertEquals(count("tasks/"), 9);
  assert(count("programs/") >= 8);
});

for (const name of scripts) {
  const file = `${folder}/${name}`;
  const text = Deno.readTextFileSync(file);

  // Training a real model's masks until a promise holds takes too long for a test; all else is run as it stands.
  if (name.startsWith("programs/") || !text.includes("schedule ")) {
    Deno.test(`${name} finds what it expects, in full`, async () => {
      const { failed, shown } = await runScript(text, { file, device: "cpu" });
      assertEquals(failed, []);
      assert(shown.length >= 1);
      if (/reverse|xproportion/.test(name)) assertEquals(areas(shown), [1, 1, 1, 1]);
    });
    continue;
  }

  Deno.test(`${name} runs, with a few steps and without its expectations`, async () => {
    const work = await Deno.makeTempDir();
    try {
      for (const { name, isDirectory } of Deno.readDirSync(folder)) {
        if (isDirectory && name !== "runs" && name !== "tasks") {
          await Deno.symlink(`${folder}/${name}`, `${work}/${name}`);
        }
      }
      await Deno.mkdir(`${work}/tasks`);
      await Deno.writeTextFile(`${work}/${name}`, shortened(text));
      const { status, out, err } = await circ(["run", name, "--device", "cpu"], { cwd: work });
      assertEquals(status, 0, err);
      assertMatch(out, /^found +\d+ +0\.\d+ /m);
    } finally {
      await Deno.remove(work, { recursive: true });
    }
  });
}

/** The script with next to no training, which finds some circuit of the asked size, and nothing expected of it. */
function shortened(text: string): string {
  return text
    .replace(/(?<=^ +steps +)\d+/gm, "3")
    .replace(/(?<=warm_up +)\d+/g, "1")
    .replace(/(?<=over +)\d+/g, "2")
    .replace(/^expect .*\n/gm, "");
}

/** Areas under the curve against known circuits, of all that a script evaluates against one. */
function areas(shown: readonly (Table | string)[]): unknown[] {
  return shown.flatMap((table) => {
    const column = typeof table === "string" ? -1 : table.columns.indexOf("area");
    return column < 0 ? [] : (table as Table).rows.map((row) => row[column]);
  });
}
