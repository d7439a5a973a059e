/**
 * Checks of circuits: the method and what it needs, and that everything belongs together.
 *
 * @module
 */
import type {
  ChoiceField,
  CircuitDeclaration,
  CircuitField,
  EdgesField,
  KeepField,
  Name,
  ScheduleField,
} from "../syntax/tree.ts";
import {
  choicesOf,
  circuitFields,
  type CircuitWord,
  type ScheduleWord,
} from "../../runtime/discovery/fields.ts";
import {
  type AnyMethod,
  circuitWordsOf,
  isMethodName,
  type MethodName,
  methodNames,
  methods,
  type Option,
  scheduleWordsOf,
} from "../../runtime/discovery/mod.ts";
import { gradientNames } from "../../runtime/metrics/mod.ts";
import type { Ablation } from "../../runtime/stream/ablations.ts";
import { type Checker, declare, error, need, oneOf, resolve, useOf } from "./checker.ts";
import { component, isExact } from "./components.ts";
import { exists, pieceOf } from "./exists.ts";
import { wordOf } from "../syntax/field_word.ts";
import { all, first, once, withWord } from "./fields.ts";
import { shown, unknownTruth } from "./messages.ts";
import { corruptionOf } from "./occasions.ts";
import type { CheckedCircuit, CheckedEdge, CheckedOption, Open, Use } from "./program.ts";
import { scheduleFields } from "./schedules.ts";
import { metricOfTask } from "./metrics.ts";
import { lookUp, type Symbol, symbolOf } from "./symbols.ts";
import { fieldValue, number, share } from "./values.ts";

/** Fields that say where a circuit comes from: exactly one of them stands in each. */
const SOURCES = ["find", "from", "edges"];
/** Fields that are no options of the method. */
const FRAME = ["find", "in", "for"];

export function circuit(c: Checker, node: CircuitDeclaration): CheckedCircuit {
  const { fields } = node;
  once(c, "circuit", fields);
  const inField = choice(fields, "in");
  const model = inField && resolve(c, inField, ["model"]);
  const { task, corruption } = purpose(c, node);
  const method = findMethod(c, node);
  const facts: Facts = { model, task: task?.symbol, edgeSparsity: false };
  const said = fields.flatMap((field) => option(c, field, facts) ?? []);
  const edges = all(fields, "EdgesField").flatMap(({ edges }) =>
    edges.map((edge) => edgeOf(c, edge, model))
  );
  if (!node.damaged) {
    sources(c, node);
    if (!inField) {
      error(
        c,
        node.name.span,
        `the circuit \`${node.name.text}\` has no \`in\``,
        "say in which model: `in MODEL`",
      );
    }
    if (method) requirements(c, node, method, facts);
  }
  const symbol = symbolOf(node.name, c.file, {
    type: "circuit",
    ...(model && { model }),
    ...(task && { task: task.symbol }),
  }, { doc: node.doc, declaration: node });
  return {
    kind: "circuit",
    symbol: declare(c, symbol),
    model: useOf(inField ?? node.name, model),
    task,
    corruption,
    source: sourceOf(node, edges, said),
  };
}

/** Facts of some fields of a circuit that others depend on. */
interface Facts {
  readonly model: Symbol | undefined;
  readonly task: Symbol | undefined;
  /** True when the schedule, with its overrides, says how sparse the circuit gets; undefined when unknown. */
  edgeSparsity: boolean | undefined;
}

/** Origin of the circuit. */
function sourceOf(
  node: CircuitDeclaration,
  edges: readonly CheckedEdge[],
  said: readonly CheckedOption[],
): CheckedCircuit["source"] {
  const file = first(node.fields, "FromField")?.source;
  const method = choice(node.fields, "find")?.text;
  if (method === undefined && file?.kind === "TextLiteral") {
    return { kind: "file", file: pieceOf(file) };
  }
  if (method === undefined) return { kind: "edges", edges };
  const isFrame = ({ word }: CheckedOption) => FRAME_OPTIONS.has(word);
  const valueOf = (word: string) =>
    said.find((each): each is ValueOption => each.word === word && "value" in each)?.value;
  return {
    kind: "search",
    method: method as MethodName,
    ablation: (valueOf("ablation") ?? "interchange") as Ablation,
    seed: valueOf("seed") as Open<number> | undefined,
    examples: valueOf("examples") as Open<number> | undefined,
    resample: valueOf("resample") as Open<number> | undefined,
    options: said.filter((each) => !isFrame(each)),
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
  for (const [end, side] of [[from, "writer"], [to, "reader"]] as const) {
    if (isExact(end)) component(c, end, side, model);
    else error(c, end.span, `\`${end.text}\` is a pattern, and an edge joins two components`);
  }
  const weight = score && number(c, score, { what: "a score" });
  return { from: from.text, to: to.text, score: weight, span };
}

function choice(fields: readonly CircuitField[], word: ChoiceField["word"]): Name | undefined {
  return all(fields, "ChoiceField").find((field) => field.word === word)?.value;
}

function purpose(
  c: Checker,
  node: CircuitDeclaration,
): { readonly task: Use | undefined; readonly corruption: Use | undefined } {
  const field = first(node.fields, "ForField");
  if (!field) return { task: undefined, corruption: undefined };
  const task = resolve(c, field.task, ["task"]);
  const corruption = field.corruption && corruptionOf(c, field.corruption, task);
  return { task: useOf(field.task, task), corruption };
}

function findMethod(c: Checker, node: CircuitDeclaration): AnyMethod | undefined {
  const name = choice(node.fields, "find");
  if (!name || !oneOf(c, name, methodNames, "method")) return undefined;
  return isMethodName(name.text) ? methods[name.text] : undefined;
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
        error(
          c,
          field.source.span,
          "a circuit is read from a file",
          'for instance `from "ioi.circuit.json"`',
        );
      }
  }
  return undefined;
}

function otherCircuit(c: Checker, name: Name, model: Symbol | undefined): Use {
  const symbol = resolve(c, name, ["circuit"]);
  sameModel(c, name, symbol, model);
  return useOf(name, symbol);
}

function keep(c: Checker, { amount: node, above, span }: KeepField): CheckedOption {
  const amount = need(c, node, ["number"]);
  const checked = { word: "keep", above, amount, span } as const;
  if (above) return checked;
  if (amount.share) {
    share(c, node, "the share that is kept", amount);
    if (amount.values?.includes(0)) error(c, node.span, "a circuit of 0% of the edges is empty");
    return checked;
  }
  const bad = amount.values?.find((value) =>
    !(value > 0 && (value < 1 || Number.isSafeInteger(value)))
  );
  if (bad !== undefined) {
    error(
      c,
      node.span,
      `\`keep\` takes a share or a whole number of edges: this is ${shown(bad)}`,
    );
  } else if (node.kind === "NumberLiteral" && node.value < 1) {
    error(
      c,
      node.span,
      `\`keep ${node.text}\` could be a share or a number of edges`,
      `write ${shown(node.value * 100)}%`,
    );
  }
  return checked;
}

function sameModel(
  c: Checker,
  name: Name,
  other: Symbol | undefined,
  model: Symbol | undefined,
): void {
  if (!other?.typed.model || !model || other.typed.model === model) return;
  error(
    c,
    name.span,
    `\`${name.text}\` is a circuit of \`${other.typed.model.name}\`, and this one is in \`${model.name}\``,
  );
}

function sources(c: Checker, node: CircuitDeclaration): void {
  const found = node.fields.filter((field) => SOURCES.includes(wordOf(field)));
  if (found.length === 0) {
    error(
      c,
      node.name.span,
      `the circuit \`${node.name.text}\` has no \`find\``,
      "say by which method: `find edge_pruning`",
    );
  }
  const [one, other] = found;
  if (other && wordOf(one) !== wordOf(other)) {
    error(
      c,
      other.span,
      `the circuit comes from \`${wordOf(one)}\` already`,
      "a circuit has one of `find`, `from` and `edges`",
    );
  }
  if (one && wordOf(one) !== "find") {
    const odd = node.fields.find((field) => ![...SOURCES, "in", "for"].includes(wordOf(field)));
    if (odd) {
      error(
        c,
        odd.span,
        `\`${wordOf(odd)}\` has no use in a circuit that is not searched for`,
        "remove it",
      );
    }
  }
}

/** Fields of a schedule and of its overrides must be of use to the method. */
function ofSchedule(c: Checker, fields: readonly CircuitField[], method: AnyMethod): void {
  const using = first(fields, "UsingField");
  const known = scheduleWordsOf(method);
  if (!using || known.length === 0) return;
  const declaration = lookUp(c.scope, using.schedule.text)?.declaration;
  const of = declaration?.kind === "ScheduleDeclaration" ? declaration.fields : [];
  const overridden = using.overrides.map(wordOf);
  const useless = (field: ScheduleField) =>
    !known.includes(wordOf(field) as ScheduleWord) &&
    !(field.kind === "SparsityField" && field.form.kind === "Off");
  const help = `of a schedule it takes ${known.join(", ")}`;
  for (const field of of) {
    const word = wordOf(field);
    if (overridden.includes(word) || !useless(field)) continue;
    const { text, span } = using.schedule;
    error(c, span, `\`${method.name}\` has no use for \`${word}\`, which \`${text}\` sets`, help);
  }
  for (const field of using.overrides.filter(useless)) {
    error(c, field.span, `\`${method.name}\` has no use for \`${wordOf(field)}\``, help);
  }
}

function requirements(
  c: Checker,
  node: CircuitDeclaration,
  method: AnyMethod,
  known: Facts,
): void {
  const { fields, name } = node;
  const words = circuitWordsOf(method);
  for (const field of fields) {
    const word = wordOf(field);
    if (FRAME.includes(word) || SOURCES.includes(word) || words.includes(word as CircuitWord)) {
      continue;
    }
    error(
      c,
      { start: field.span.start, end: field.span.start + word.length },
      `\`${method.name}\` has no use for \`${word}\``,
      words.length ? `it takes ${words.join(", ")}` : "it takes no options",
    );
  }
  ofSchedule(c, fields, method);
  const above = all(fields, "KeepField").find(({ above }) => above);
  if (above && !words.includes("rank")) {
    error(
      c,
      above.span,
      `\`${method.name}\` keeps a number of edges`,
      "a share such as `keep 2%`, or a number such as `keep 100`",
    );
  }
  const objective = choice(fields, "objective");
  const objectiveOption: Option<unknown> | undefined = method.options.objective;
  const own = known.task?.task && metricOfTask(known.task.task);
  const place = (objective ?? choice(fields, "find")!).span;
  const byMetric = (objective?.text ?? objectiveOption?.default) === "metric";
  const { refuses } = method;
  if (refuses && (byMetric ? own : objective?.text) === refuses.objective) {
    if (!withWord(fields, refuses.unless)) {
      const other = own === refuses.objective ? "" : "`objective metric`, or ";
      error(c, place, refuses.why, `take ${other}${refuses.instead}`);
    }
  }
  if (method.followsGradient && byMetric && own && !gradientNames.includes(own)) {
    error(
      c,
      place,
      `\`${method.name}\` follows the objective's gradient, and \`${own}\`, the metric of \`${
        known.task!.name
      }\`, has none`,
      `the metrics that have one are ${gradientNames.join(", ")}`,
    );
  }
  for (const option of Object.values<Option<unknown>>(method.options)) {
    if (option.kind !== "choice" || option.circuit === undefined) continue;
    const chosen = choice(fields, option.circuit as ChoiceField["word"]);
    if (!chosen || Object.hasOwn(option.choices, chosen.text)) continue;
    if (!choicesOf(option.circuit)?.includes(chosen.text)) continue;
    error(
      c,
      chosen.span,
      `the true circuit is not known under ${option.circuit} \`${chosen.text}\``,
      `it is under ${Object.keys(option.choices).join(" and ")}`,
    );
  }
  const forField = first(fields, "ForField");
  if (!forField && method.needs === "examples") {
    error(
      c,
      name.span,
      `\`${method.name}\` needs a task`,
      "for instance `for TASK corrupted by CORRUPTION`",
    );
  }
  const ablation = choice(fields, "ablation")?.text ?? "interchange";
  const source = known.task?.task?.fields.find(({ kind }) =>
    kind === "DataField" || kind === "GenerateField"
  );
  if (
    forField && !forField.corruption && known.task?.task && !source &&
    method.needs === "examples" &&
    ablation !== "zero"
  ) {
    error(
      c,
      forField.task.span,
      `the prompts of \`${forField.task.text}\` have no corrupted twins here`,
      "say how they are made: `corrupted by CORRUPTION`",
    );
  }
  if (forField?.corruption && source) {
    error(
      c,
      forField.corruption.span,
      `\`${forField.task.text}\` brings its own corrupted prompts`,
      "remove `corrupted by`",
    );
  }
  const threshold = withWord(fields, "threshold");
  if (threshold && withWord(fields, "keep")) {
    error(
      c,
      threshold.span,
      "`threshold` and `keep` both say which edges stay",
      "give one of them: with `keep` the threshold is found that leaves as many",
    );
  }
  const hasSize = method.size.some((word) =>
    word === "edge_sparsity" ? known.edgeSparsity !== false : withWord(fields, word)
  );
  if (method.size.length > 0 && !hasSize) {
    const ways = method.size.map((word) =>
      word === "edge_sparsity" ? "a schedule with `edge_sparsity`" : `\`${word}\``
    );
    error(
      c,
      name.span,
      `nothing says how many edges \`${name.text}\` keeps`,
      `\`${method.name}\` takes ${ways.join(" or ")}`,
    );
  }
  if (method.needs === "program" && known.model?.declaration?.kind === "ModelDeclaration") {
    const source = first(known.model.declaration.fields, "FromField")?.source;
    const saved = source?.kind === "TextLiteral" &&
      c.context.exists?.(`${source.value}/program.json`, known.model.file);
    if (source?.kind === "TextLiteral" && !saved) {
      error(
        c,
        choice(fields, "in")!.span,
        ...unknownTruth(known.model.name),
      );
    }
  }
}
