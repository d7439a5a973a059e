/**
 * The README's example of embedding the library, executed; its commands and links, held to what there is.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkText } from "../dsl/check/files.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const readme = await Deno.readTextFile(join(root, "README.md"));
const config = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));

const blocks = (language: string) =>
  [...readme.matchAll(new RegExp("^```" + language + "\\n([^]*?)^```$", "gm"))].map((match) =>
    match[1]
  );

Deno.test("the embedding example runs as it stands", async () => {
  const [code, ...others] = blocks("ts");
  assertEquals(others.length, 0);
  assert(code.split("\n").filter((line) => line !== "").length <= 10);
  // As the README says: a file in a folder beside the checkout, without any configuration.
  const folder = await Deno.makeTempDir();
  try {
    await Deno.symlink(root, join(folder, "circ"), { type: "dir" });
    await Deno.mkdir(join(folder, "mine"));
    await Deno.writeTextFile(join(folder, "mine/sort.ts"), code);
    // The lock only keeps the test on packages that the other tests use.
    await Deno.copyFile(join(root, "deno.lock"), join(folder, "mine/deno.lock"));
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--check", "-A", "--quiet", "--lock", "deno.lock", "sort.ts"],
      cwd: join(folder, "mine"),
      env: { NO_COLOR: "1" },
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assert(success, err);
    assertMatch(
      out,
      /^\{ kl: [\d.e-]+, exact_match: 1 \}\nfrom +to +weight\n(\S+ +\S+ +\S+\n){5}\(5 of 80 shown\)/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the tasks that the README names exist", () => {
  const named = [...readme.matchAll(/deno(?:@[\d.]+)? task ([a-z-]+)/g)].map((match) => match[1]);
  assert(named.includes("demo") && named.includes("test"));
  assertEquals(named.filter((task) => !Object.hasOwn(config.tasks, task)), []);
});

Deno.test("links of the README and of CONTRIBUTING.md lead somewhere", async () => {
  const pages = readme + await Deno.readTextFile(join(root, "CONTRIBUTING.md"));
  for (const [, target] of pages.matchAll(/\]\(([^)#]+)\)/g)) {
    if (/^https?:/.test(target)) continue;
    assert(await Deno.stat(join(root, target)).then(() => true, () => false), `no ${target}`);
  }
});

Deno.test("the README's script is the demo's, cut short", async () => {
  const demo = await Deno.readTextFile(join(root, "examples/demo.circ"));
  const { ok } = checkText(demo, join(root, "examples/demo.circ"));
  assert(ok);
  const squeezed = (text: string) => text.replace(/\s+/g, " ").trim();
  const [script] = blocks("circ");
  for (const line of script.split("\n").map(squeezed)) {
    if (line === "" || line.startsWith("#")) continue;
    assert(squeezed(demo).includes(line), `the demo lacks: ${line}`);
  }
});
