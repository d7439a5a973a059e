/**
 * Ablations: the value that an edge outside of a circuit carries.
 */
import { assert, assertEquals } from "@std/assert";
import { ablationOf } from "../../../runtime/circuits/mod.ts";
import { ioiScript } from "../../support/toy_scripts.ts";
import { once, outcomeOf } from "../support/outcome.ts";

const ablations = ["interchange", "zero", "mean", "mean_by_position"];
const evaluate = ablations.map((ablation) =>
  `evaluate by_${ablation} on ioi.test by kl
kl(by_${ablation} without a0.*)
`
);
const find = ablations.map((ablation) =>
  `circuit by_${ablation} {
  find eap
  in toy
  for ioi corrupted by strangers
  keep 100
  ablation ${ablation}
}
`
);
const outcome = once(() =>
  outcomeOf(`${ioiScript({ train: 8, test: 8 })}
${find.join("")}${evaluate.join("")}
evaluate by_interchange, by_zero by kl
compare by_interchange, by_zero by kl
evaluate by_zero by kl
compare by_zero, by_zero by kl
`)
);

for (const ablation of ablations) {
  Deno.test(`a circuit is found and kept under ablation ${ablation}`, async () => {
    const { names } = await outcome();
    const circuit = names.get(`by_${ablation}`);
    assert(circuit?.kind === "circuit");
    assertEquals(ablationOf(circuit.circuit), ablation);
    assertEquals(
      circuit.circuit.provenance.options?.ablation,
      ablation === "interchange" ? undefined : ablation,
    );
  });
}

Deno.test("a circuit is measured under its own ablation, each with another result", async () => {
  const { tables } = await outcome();
  const kls = tables.slice(0, 4).map(({ rows }) => Number(rows[0][3]));
  assertEquals(new Set(kls).size, 4, `${kls}`);
});

Deno.test("a part of a circuit is measured under the circuit's ablation", async () => {
  const { texts } = await outcome();
  assertEquals(new Set(texts).size, 4, `${texts}`);
});

for (const [i, query] of ["evaluate", "compare"].entries()) {
  Deno.test(`${query}: circuits under different ablations say so`, async () => {
    const { columns, rows } = (await outcome()).tables[4 + i];
    assertEquals(columns.indexOf("ablation"), 1);
    assertEquals(rows.map(([circuit, ablation]) => [circuit, ablation]), [
      ["by_interchange", "interchange"],
      ["by_zero", "zero"],
    ]);
  });

  Deno.test(`${query}: circuits under one ablation have no column for it`, async () => {
    const { columns } = (await outcome()).tables[6 + i];
    assertEquals(columns.indexOf("ablation"), -1);
  });
}
