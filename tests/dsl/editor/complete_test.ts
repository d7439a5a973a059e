import { assert, assertEquals } from "@std/assert";
import { complete } from "../../../dsl/editor/complete.ts";
import { analyse } from "../../../dsl/editor/document.ts";
import {
  COMMAND_WORDS,
  DECLARATION_WORDS,
  FIELD_WORDS,
  QUERY_WORDS,
} from "../../../dsl/syntax/tokens.ts";
import { testContext } from "../support/context.ts";

const SCRIPT = `model toy {
  from  "models/toy"
  split embeddings
}

task ioi {
  vary   A, B from lines("names.txt")
  prompt "When {A} and {B} went"
  answer " {A}"
}

corruption fresh of ioi { redraw A, B }

schedule slow { steps 3000 }

circuit ep {
  find  edge_pruning
  in    toy
  for   ioi corrupted by fresh
  using slow
  keep  10
}

`;

/** Labels offered at `|` in a text below the script. */
function offered(marked: string): string[] {
  const offset = SCRIPT.length + marked.indexOf("|");
  const text = SCRIPT + marked.replace("|", "");
  const { checked } = analyse(text, "a.circ", testContext(new URL("file:///")));
  const symbols = [...checked.names.values(), ...checked.symbols.filter(({ inner }) => inner)];
  const { from, items } = complete(text, offset, {
    file: "a.circ",
    symbols,
    files: (prefix) => [`${prefix}x.svg`],
  });
  assert(from <= offset);
  return items.map(({ label }) => label);
}

function assertOffers(marked: string, wanted: string[], unwanted: string[] = []): void {
  const labels = offered(marked);
  for (const label of wanted) assert(labels.includes(label), `${marked} lacks ${label}: ${labels}`);
  for (const label of unwanted) assert(!labels.includes(label), `${marked} offers ${label}`);
}

Deno.test("statements at the start of a line", () => {
  assertOffers("|", ["model", "circuit", "evaluate", "edges", "ep"], ["find", "where"]);
  const words = [...DECLARATION_WORDS, ...COMMAND_WORDS, ...QUERY_WORDS];
  assertEquals(offered("eval|"), words.filter((word) => word.startsWith("eval")));
  assertOffers("sweep n from 1..3 {\n  |", ["circuit", "evaluate", "n"]);
  assertOffers("circuit x {\n  find eap\n}\n|", ["circuit"], ["find"]);
});

Deno.test("the fields of the block at hand", () => {
  assertOffers("circuit x {\n  |", ["find", "in", "for", "keep"], [
    "steps_",
    "edge_sparsity",
    "model",
  ]);
  assertEquals(
    offered("schedule s {\n  batch 3\n  st|"),
    FIELD_WORDS.schedule.filter((word) => word.startsWith("st")),
  );
  assertOffers("program p {\n  |", ["over", "attention", "let", "output"], ["find"]);
  assertOffers("circuit x {\n  using slow with |", ["steps", "edge_sparsity"], ["find"]);
});

Deno.test("names of the right kind", () => {
  assertEquals(offered("circuit x {\n  in |"), ["toy"]);
  assertEquals(offered("circuit x {\n  for |"), ["ioi"]);
  assertEquals(offered("circuit x {\n  for ioi corrupted by |"), ["fresh"]);
  assertEquals(offered("circuit x {\n  using |"), ["slow"]);
  assertEquals(offered("circuit x {\n  start from |"), ["ep"]);
  assertEquals(offered("corruption z of |"), ["ioi"]);
  assertEquals(offered("corruption z of ioi { redraw |"), ["A", "B"]);
  assertOffers("evaluate |", ["ep", "top"], ["toy", "ioi", "kl", "edges"]);
  assertEquals(offered("evaluate ep on |"), ["ioi", "ioi.train", "ioi.validation", "ioi.test"]);
});

Deno.test("methods, metrics and choices", () => {
  assertOffers("circuit x {\n  find |", ["edge_pruning", "acdc"], ["kl"]);
  assertOffers("evaluate ep by |", ["kl", "faithfulness", "all"], ["edge_pruning"]);
  assertOffers("task t {\n  metric |", ["kl"], ["faithfulness"]);
  assertOffers("circuit x {\n  ablation z|", ["zero"], ["mean", "interchange"]);
  assertOffers("ep under m|", ["mean", "mean_by_position"], ["zero"]);
  assertOffers("plot |", ["faithfulness", "overlap"]);
  assertOffers("program p {\n  output |", ["select", "aggregate", "if", "mod", "tokens", "length"]);
  assertOffers("program p {\n  attention |", ["causal", "full"], ["tokens"]);
});

Deno.test("columns, words and components in queries", () => {
  assertOffers("edges of ep |", ["where", "order", "limit"]);
  assertOffers("edges of ep where |", ["from", "to.layer", "weight", "not"], ["ep", "evaluate"]);
  assertOffers("nodes of ep where |", ["out_degree"], ["from"]);
  assertOffers("edges of ep where kind = |", ["q", "mlp"], ["ep"]);
  assertOffers("edges of ep where to = a3.h1|", ["a3.h1.q"], ["a2.h1", "to"]);
  assertOffers("why |", ["a0.h0", "m3", "tok"], ["m4"]);
  assertOffers("ep without |", ["a0.h0"]);
});

Deno.test("variables in prompts, files in other texts, nothing in comments", () => {
  assertEquals(offered('task ioi2 {\n  vary X from ["a"]\n  prompt "{|'), ["X"]);
  assertEquals(offered('save ep to "|'), ["x.svg"]);
  assertEquals(offered("# model |"), []);
});
