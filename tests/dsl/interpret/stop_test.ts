/**
 * Discoveries that the user stops.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { StoppedError } from "../../../dsl/interpret/error.ts";
import { ioiScript } from "../../support/toy_scripts.ts";
import { atPrompt } from "../../support/prompt.ts";
import { once, outcomeOf } from "../support/outcome.ts";

const script = (steps: number, query: string) =>
  `${ioiScript({ train: 8, test: 8 })}
schedule long {
  steps ${steps}
  batch 2
  edge_sparsity 0 -> 90%
}
circuit c { find edge_pruning in toy for ioi corrupted by strangers using long }
${query}
`;

/** Runs a script and stops at the second step of a search; returns how it ended, and the notes. */
async function stopped(text: string, search: string) {
  const controller = new AbortController();
  const notes: string[] = [];
  const error = await outcomeOf(text, {
    signal: controller.signal,
    onProgress: ({ step, label }) => label === search && step >= 2 && controller.abort(),
    onNote: (note) => notes.push(note),
  }).then(() => undefined, (error: unknown) => error);
  return { error, notes };
}

const first = once(() => stopped(script(10000, "edges(c)"), "c"));

Deno.test("a discovery stops when asked", async () => {
  const { error } = await first();
  assert(error instanceof StoppedError);
  assertStringIncludes(error.message, "`c` is what was found so far");
});

Deno.test("what a stopped discovery found is a circuit of the asked size", async () => {
  const { notes } = await first();
  assert(notes.some((note) => note.startsWith("c: 162 of 1,620 edges")));
});

Deno.test("a circuit that is found again and stopped leaves the circuit as it was", async () => {
  const { error } = await stopped(script(20, "stability of c over 2 seeds"), "c (seed=2)");
  assert(error instanceof StoppedError);
  assertStringIncludes(
    error.message,
    "stopped at `c (seed=2)`: what was found before it is kept",
  );
});

Deno.test("resume never replaces a name that was declared again since", async () => {
  let controller = new AbortController();
  let stopping = true;
  await atPrompt(
    async ({ repl, shown, problems }) => {
      await repl.execute(script(20, ""));
      assertStringIncludes(problems.pop()!, "stopped: `c`");
      const found = repl.symbols.get("c");
      stopping = false;
      controller = new AbortController();
      await repl.execute("circuit c { in toy edges { a0.h0 -> logits } }");
      await repl.execute("resume");
      assertStringIncludes(
        problems.pop()!,
        "`c`, whose search was stopped, was declared again since",
      );
      await repl.execute("edges(c)");
      assertEquals(shown, ["1"]);
      assert(repl.symbols.get("c") !== found);
      // A name of its own is taken up.
      stopping = true;
      await repl.execute(
        "circuit d { find edge_pruning in toy for ioi corrupted by strangers using long }",
      );
      assertStringIncludes(problems.pop()!, "stopped: `d`");
      stopping = false;
      controller = new AbortController();
      await repl.execute("circuit c { in toy edges { a0.h1 -> logits } }");
      await repl.execute("resume");
      await repl.execute("edges(c) + edges(d)");
      assertEquals(shown, ["1", "163"]);
      assertEquals(problems, []);
    },
    Deno.cwd(),
    {
      signal: () => controller.signal,
      progress: ({ step }) => stopping && step >= 2 && controller.abort(),
    },
  );
});

Deno.test("a measurement stops when asked", async () => {
  const controller = new AbortController();
  const error = await outcomeOf(script(20, "evaluate c by minimality"), {
    signal: controller.signal,
    onNote: (note) => note.startsWith("c: ") && setTimeout(() => controller.abort(), 300),
  }).then(() => undefined, (error: unknown) => error);
  assert(error instanceof StoppedError, String(error));
});
