/** `deno task install`: the command that it writes works in any folder. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { batchLauncher, shellLauncher } from "../../cli/launcher.ts";
import { packageVersion } from "../../base/version.ts";
import { smallScript } from "../support/toy_scripts.ts";
import { inFolder, ran, root } from "./run_circ.ts";

const install = (cwd: string, args: string[], env?: Record<string, string>) =>
  ran(Deno.execPath(), ["run", "-A", "--quiet", join(root, "cli/install.ts"), ...args], {
    cwd,
    env,
  });

const request = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { processId: null, rootUri: null, capabilities: {} },
});

Deno.test("the installed command checks, runs and serves editors in any folder", async () => {
  await inFolder({ "mine/r.circ": smallScript, "mine/wrong.circ": "model {" }, async (folder) => {
    const bin = join(folder, "a bin");
    const installed = await install(folder, ["--bin", "a bin"]);
    assertEquals(installed.status, 0, installed.err);
    assertStringIncludes(installed.out, `${bin} is not on the path yet`);
    const again = await install(folder, ["--bin", bin], { PATH: `${bin}:${Deno.env.get("PATH")}` });
    assertStringIncludes(again.out, `${bin} is on the path`);

    const cwd = join(folder, "mine");
    const circ = (args: string[], input?: string) => ran(join(bin, "circ"), args, { cwd, input });
    assertEquals((await circ(["--version"])).out.trim(), packageVersion);
    assertEquals(await circ(["check", "r.circ"]), { status: 0, out: "", err: "" });
    assertEquals((await circ(["check", "wrong.circ"])).status, 2);
    const run = await circ(["run", "r.circ", "--device", "cpu"]);
    assertEquals(run.status, 0, run.err);
    assertMatch(run.out, /^c +3 /m);
    assert((await Deno.stat(join(cwd, "runs/r/report.html"))).isFile);
    const served = await circ(["lsp"], `Content-Length: ${request.length}\r\n\r\n${request}`);
    assertEquals([served.status, served.err], [0, ""]);
    assertMatch(served.out, /^Content-Length: \d+\r\n\r\n\{"jsonrpc":"2.0","id":1,"result":/);
  });
});

Deno.test("the command goes into the user's folder if that is on the path", async () => {
  await inFolder({}, async (folder) => {
    const bin = join(folder, ".local/bin");
    const cache = JSON.parse((await ran(Deno.execPath(), ["info", "--json"], { cwd: root })).out);
    const env = { HOME: folder, DENO_DIR: cache.denoDir };
    const { status, out } = await install(folder, [], { ...env, PATH: `/usr/bin:${bin}` });
    assertEquals(status, 0);
    assertStringIncludes(out, `Installed ${join(bin, "circ")}`);
    assertStringIncludes(out, `To uninstall: rm "${join(bin, "circ")}"`);
  });
});

Deno.test("another program of that name stays", async () => {
  await inFolder({ "bin/circ": "#!/bin/sh\n" }, async (folder) => {
    const { status, err } = await install(folder, ["--bin", "bin"]);
    assertEquals(status, 1);
    assertStringIncludes(err, "is another program");
    assertEquals(await Deno.readTextFile(join(folder, "bin/circ")), "#!/bin/sh\n");
  });
});

Deno.test("a command whose Deno is gone asks npx for that version", async () => {
  const away = { root: "/it's a/checkout", deno: "/it's/gone", version: "2.9.6" };
  const npx = '#!/bin/sh\nprintf "%s|" "$@"\n';
  await inFolder({ circ: shellLauncher(away), "bin/npx": npx }, async (folder) => {
    await Deno.chmod(join(folder, "bin/npx"), 0o755);
    const { out } = await ran("/bin/sh", ["circ", "run", "a b.circ"], {
      cwd: folder,
      env: { PATH: join(folder, "bin") },
    });
    const config = "/it's a/checkout/deno.json|/it's a/checkout/cli.ts";
    assertEquals(out, `--yes|deno@2.9.6|run|-A|--quiet|--config|${config}|run|a b.circ|`);
  });
  const batch = batchLauncher({ root: "C:\\100%", deno: "C:\\deno.exe", version: "2.9.6" });
  assertStringIncludes(batch, '\r\nif not exist "C:\\deno.exe" goto npx\r\n');
  assertStringIncludes(batch, '--config "C:\\100%%\\deno.json" "C:\\100%%\\cli.ts" %*\r\n');
});
