/** Checks of circuits: the method and what it needs, and that everything belongs together. @module */
import { shownNumber, shownShare } from "../../base/number_text.ts";
import type {
  CircuitDeclaration,
  CircuitField,
  EdgesField,
  KeepField,
  Name,
} from "../syntax/tree.ts";
import {
  type AnyMethod,
  choicesOf,
  circuitFields,
  type CircuitWord,
  type MethodName,
  methodNames,
  methods,
} from "../../runtime/discovery/mod.ts";
import type { Ablation } from "../../runtime/universe/ablations.ts";
import { type Checker, declared, need, oneOf, resolve, useOf } from "./checker.ts";
import { component, edgeIsThere, isExact } from "./components.ts";
import { exists, pieceOf } from "./exists.ts";
import { all, first, lacks, once } from "./fields.ts";
import { choice, type Facts, requirements, sources } from "./circuit_requirements.ts";
import { corruptionOf } from "./occasions.ts";
import type { CheckedEdge, CheckedOption, Open, StatementOf, Use } from "./program.ts";
import { scheduleFields } from "./schedules.ts";
import { bothNames, type Symbol, type Typed } from "./symbols.ts";
import { fieldValue, number, share } from "./values.ts";

export function circuit(c: Checker, node: CircuitDeclaration): StatementOf<"circuit"> {
  const { fields } = node;
  once(c, "circuit", fields);
  const inField = choice(fields, "in");
  const model = inField && resolve(c, inField, ["model"]);
  const purpose = first(fields, "ForField");
  const task = purpose && useOf(purpose.task, resolve(c, purpose.task, ["task"]));
  const corruption = purpose?.corruption && corruptionOf(c, purpose.corruption, task?.symbol);
  const find = choice(fields, "find");
  const method: AnyMethod | undefined = find && oneOf(c, find, methodNames, "method")
    ? methods[find.text as MethodName]
    : undefined;
  const facts: Facts = { model, task: task?.symbol, edgeSparsity: false };
  const said = fields.flatMap((field) => option(c, field, facts) ?? []);
  const edges = all(fields, "EdgesField").flatMap(({ edges }) =>
    edges.map((edge) => edgeOf(c, edge, model))
  );
  if (!node.damaged) {
    sources(c, node);
    lacks(c, "circuit", node, [!inField && "in"], "say in which model: `in MODEL`");
    if (method) requirements(c, node, method, facts);
  }
  const source = sourceOf(node, edges, said);
  const ablation = source.kind === "search"
    ? source.ablation
    : source.kind === "edges"
    ? "interchange"
    : undefined;
  const typed: Typed = {
    type: "circuit",
    ...(model && { model }),
    ...(task && { task: task.symbol }),
    ...(!node.damaged && { corruption: corruption?.symbol ?? null }),
    ...(!node.damaged && ablation && { ablation }),
  };
  return {
    kind: "circuit",
    symbol: declared(c, node, typed),
    model: useOf(inField ?? node.name, model),
    task,
    corruption,
    source,
  };
}

/** Origin of the circuit. */
function sourceOf(
  node: CircuitDeclaration,
  edges: readonly CheckedEdge[],
  said: readonly CheckedOption[],
): StatementOf<"circuit">["source"] {
  const file = first(node.fields, "FromField")?.source;
  const method = choice(node.fields, "find")?.text;
  if (method === undefined && file?.kind === "TextLiteral") {
    return { kind: "file", file: pieceOf(file) };
  }
  if (method === undefined) return { kind: "edges", edges };
  const valueOf = (word: string) =>
    said.find((each): each is ValueOption => each.word === word && "value" in each)?.value;
  return {
    kind: "search",
    method: method as MethodName,
    ablation: (valueOf("ablation") ?? "interchange") as Ablation,
    seed: valueOf("seed") as Open<number> | undefined,
    examples: valueOf("examples") as Open<number> | undefined,
    resample: valueOf("resample") as Open<number> | undefined,
    options: said.filter(({ word }) => !FRAME_OPTIONS.has(word)),
  };
}

type ValueOption = Extract<CheckedOption, { readonly value: unknown }>;

/** Fields that say which examples a search looks at, and how: they are no options of the method. */
const FRAME_OPTIONS: ReadonlySet<string> = new Set(["ablation", "seed", "examples", "resample"]);

function edgeOf(
  c: Checker,
  { from, to, score, span }: EdgesField["edges"][number],
  model: Symbol | undefined,
): CheckedEdge {
  const ends = [[from, "writer"], [to, "reader"]] as const;
  const patterns = ends.filter(([end]) => !isExact(end));
  for (const [end] of patterns) {
    c.error(end, `\`${end.text}\` is a pattern, and an edge joins two components`);
  }
  if (patterns.length === 0) {
    const known = ends.map(([end, side]) => component(c, end, side, model)).every((fits) => fits);
    if (known && model?.universe) edgeIsThere(c, model, from.text, to.text, span);
  }
  const weight = score && number(c, score, { what: "a score" });
  return { from: from.text, to: to.text, score: weight, span };
}

/** A field that says something of the search; undefined for those that say where the circuit comes from. */
function option(c: Checker, field: CircuitField, facts: Facts): CheckedOption | undefined {
  const { span } = field;
  switch (field.kind) {
    case "ChoiceField": {
      const { word, value } = field;
      if (word === "within") return { word, circuit: otherCircuit(c, value, facts.model), span };
      const words = choicesOf(word);
      if (!words) return undefined;
      oneOf(c, value, words, word);
      const { kind } = circuitFields[word as CircuitWord];
      return { word, value: kind === "switch" ? value.text === "on" : value.text, span };
    }
    case "ValueField":
      return { word: field.word, value: fieldValue(c, field, circuitFields), span };
    case "KeepField":
      return keep(c, field);
    case "StartField":
      return { word: "start", circuit: otherCircuit(c, field.circuit, facts.model), span };
    case "UsingField": {
      const symbol = resolve(c, field.schedule, ["schedule"]);
      once(c, "list of changes", field.overrides);
      const base = symbol?.schedule ?? { edgeSparsity: false };
      const { facts: known, said } = scheduleFields(c, field.overrides, base);
      facts.edgeSparsity = symbol?.schedule ? known.edgeSparsity : undefined;
      return { word: "using", schedule: symbol!, overrides: said, span };
    }
    case "FromField":
      if (field.source.kind === "TextLiteral") exists(c, field.source);
      else {
        c.error(
          field.source,
          "a circuit is read from a file",
          'for instance `from "ioi.circuit.json"`',
        );
      }
  }
  return undefined;
}

function otherCircuit(c: Checker, name: Name, model: Symbol | undefined): Use {
  const symbol = resolve(c, name, ["circuit"]);
  const other = symbol?.typed.model;
  if (other && model && other !== model) {
    const [there, here] = bothNames(c, other, model);
    c.error(name, `\`${name.text}\` is a circuit of ${there}, and this one is in ${here}`);
  }
  return useOf(name, symbol);
}

function keep(c: Checker, { amount: node, above, span }: KeepField): CheckedOption {
  const amount = need(c, node, ["number"]);
  const checked = { word: "keep", above, amount, span } as const;
  if (above) return checked;
  if (amount.share) {
    share(c, node, "the share that is kept", amount);
    if (amount.values?.includes(0)) c.error(node, "a circuit of 0% of the edges is empty");
    return checked;
  }
  const bad = amount.values?.find((value) =>
    !(value > 0 && (value < 1 || Number.isSafeInteger(value)))
  );
  if (bad !== undefined) {
    c.error(node, `\`keep\` takes a share or a whole number of edges: this is ${shownNumber(bad)}`);
  } else if (node.kind === "NumberLiteral" && node.value < 1) {
    c.error(
      node,
      `\`keep ${node.text}\` could be a share or a number of edges`,
      `write ${shownShare(node.value)}`,
    );
  }
  return checked;
}
