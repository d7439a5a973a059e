/**
 * Imports: one script is one program, whatever way it is reached.
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { checkText } from "../../../dsl/check/files.ts";
import { runScript } from "../../../dsl/interpret/script.ts";
import { inFolder } from "../../cli/run_circ.ts";
import { atPrompt } from "../../support/prompt.ts";

Deno.test("a script that is reached twice is one: its names are the same, and it runs once", () =>
  inFolder({
    "shared.circ": "let n = 3\nschedule s { steps 10 }\n",
    "part.circ": 'import "./shared.circ"\nlet m = n + 1\n',
    "deep/part.circ": 'import "../shared.circ"\nlet k = n + 2\n',
  }, async (folder) => {
    const text =
      'import "shared.circ"\nimport "part.circ"\nimport "deep/part.circ"\nimport "shared.circ"\nn + m + k\n';
    const { checked, diagnostics, sources } = checkText(text, join(folder, "a.circ"));
    assertEquals(diagnostics, []);
    assertEquals(checked.program.statements.length, 5);
    const [first, , , last] = checked.program.statements;
    assert(first.kind === "import" && last.kind === "import" && first.program === last.program);
    assert(sources.length >= 4);
    const { shown } = await runScript(text, { file: join(folder, "a.circ"), device: "cpu" });
    assertEquals(shown, ["12"]);
  }));

Deno.test("what is wrong with a script that is reached twice is said once", () =>
  inFolder({
    "shared.circ": "let n = unknown_name\n",
    "part.circ": 'import "shared.circ"\n',
  }, (folder) => {
    const { diagnostics } = checkText(
      'import "shared.circ"\nimport "part.circ"\n',
      join(folder, "a.circ"),
    );
    assertEquals(diagnostics.map(({ message }) => message), ["unknown name `unknown_name`"]);
    return Promise.resolve();
  }));

Deno.test("two scripts that declare one name clash, two spellings of one path do not", () =>
  inFolder({ "a.circ": "let n = 3\n", "b.circ": "let n = 3\n" }, (folder) => {
    const messages = (text: string) =>
      checkText(text, join(folder, "s.circ")).diagnostics.map(({ message }) => message);
    assertEquals(messages('import "a.circ"\nimport "./a.circ"\nn\n'), []);
    assertEquals(messages('import "a.circ"\nimport "b.circ"\nn\n'), [
      "b.circ declares `n`, which is already a number here",
    ]);
    return Promise.resolve();
  }));

Deno.test("at the prompt an import runs again when its script, or one that it imports, was changed", () =>
  inFolder(
    { "part.circ": "let n = 3\n", "all.circ": 'import "part.circ"\nlet m = n + 1\n' },
    (folder) =>
      atPrompt(async ({ repl, shown, problems }) => {
        await repl.execute('import "all.circ"\nm');
        const before = repl.symbols.get("m");
        await repl.execute('import "all.circ"\nm');
        assert(repl.symbols.get("m") === before, "an unchanged script is the same program");
        await repl.execute("let m = 40\nm");
        await repl.execute('import "all.circ"\nm');
        await Deno.writeTextFile(join(folder, "part.circ"), "let n = 5\n");
        await repl.execute('import "all.circ"\nm');
        assertEquals(shown, ["4", "4", "40", "4", "6"]);
        assertEquals(problems, []);
      }, folder),
  ));

Deno.test("a script that is reached by a link, or from another folder, is the same script", () =>
  inFolder({
    "shared.circ": "schedule s { steps 10 }\n",
    "deep/part.circ": 'import "../shared.circ"\n',
    "deep/linked.circ": 'import "link.circ"\n',
    "deep/circle.circ": 'import "../here/deep/circle.circ"\n',
  }, async (folder) => {
    await Deno.symlink(join(folder, "shared.circ"), join(folder, "deep/link.circ"));
    await Deno.symlink(folder, join(folder, "here"));
    const messages = (text: string, file: string) =>
      checkText(text, join(folder, file)).diagnostics.map(({ message }) => message);
    assertEquals(
      messages(
        'import "shared.circ"\nimport "deep/part.circ"\nimport "deep/linked.circ"\n' +
          'import "here/shared.circ"\nimport "deep/../shared.circ"\n',
        "a.circ",
      ),
      [],
    );
    const text = await Deno.readTextFile(join(folder, "deep/circle.circ"));
    const [circle] = messages(text, "deep/circle.circ");
    assert(circle.startsWith("imports go in a circle"), circle);
  }));

Deno.test("an import that cannot be read says why", () =>
  inFolder(
    { "latin.circ": Uint8Array.of(0x23, 0xe9, 0x0a), "folder/x.circ": "" },
    (folder) => {
      const messages = (text: string) =>
        checkText(text, join(folder, "a.circ")).diagnostics.map(({ message }) => message);
      assertEquals(messages('import "latin.circ"\n'), [
        'cannot read "latin.circ": its bytes are not UTF-8',
      ]);
      assertEquals(messages('import "folder"\n'), ['cannot read "folder": it is a folder']);
      assertEquals(messages('import "none.circ"\n'), ["no such file: none.circ"]);
      return Promise.resolve();
    },
  ));
