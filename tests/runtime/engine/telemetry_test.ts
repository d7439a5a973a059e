/** onnxruntime's telemetry is off: no file of it appears, in the process or in the worker. */
import { assertEquals } from "@std/assert";

const root = new URL("../../../", import.meta.url);

async function deno(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), { args: [...args], env, cwd: root });
  const { success, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  if (!success) throw new Error(text.decode(stderr));
  return text.decode(stdout);
}

function* filesIn(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* filesIn(`${folder}/${name}`);
    else yield `${folder}/${name}`;
  }
}

Deno.test("computing leaves no files in the home and the temporary folder", async () => {
  const { denoDir } = JSON.parse(await deno(["info", "--json"]));
  const folder = await Deno.makeTempDir();
  try {
    const [home, temporary] = [`${folder}/home`, `${folder}/tmp`];
    for (const each of [home, temporary]) await Deno.mkdir(each);
    const code = `
      import { openEngine, openMasked, openModel } from "${root}mod.ts";
      const model = await openModel(new URL("examples/models/sorting-gpt", "${root}").pathname);
      const masked = await openMasked(await openEngine({ device: "cpu" }), model);
      const tokens = Int32Array.of(0, 1, 2, 2, 1, 0);
      const answers = Int32Array.of(0);
      const example = { cleanTokens: tokens, corruptedTokens: tokens, answers, wrong: answers };
      await masked.prepare([example]);
      await masked.engine.close();
    `;
    await Deno.writeTextFile(`${folder}/compute.ts`, code);
    await deno(["run", "-A", "--quiet", "--config=deno.json", `${folder}/compute.ts`], {
      DENO_DIR: denoDir,
      HOME: home,
      XDG_CACHE_HOME: `${home}/.cache`,
      TMPDIR: temporary,
      ORT_DISABLE_TELEMETRY: "",
    });
    assertEquals([...filesIn(home), ...filesIn(temporary)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
