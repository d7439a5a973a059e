/**
 * Checks of circuits: the method and what it needs, and that everything belongs together.
 *
 * @module
 */
import type {
  ChoiceField,
  CircuitDeclaration,
  CircuitField,
  KeepField,
  Name,
  ScheduleField,
} from "../syntax/tree.ts";
import { choicesOf, circuitFields } from "../../runtime/discovery/fields.ts";
import { gradientNames } from "../../runtime/metrics/mod.ts";
import { type Method, METHODS } from "../reference/methods.ts";
import { type Checker, declare, error, oneOf, resolve } from "./checker.ts";
import { component, isExact } from "./components.ts";
import { need } from "./expressions.ts";
import { wordOf } from "../syntax/field_word.ts";
import { all, first, once, withWord } from "./fields.ts";
import { corruptionOf } from "./queries.ts";
import { scheduleFields } from "./schedules.ts";
import { metricOfTask } from "./metrics.ts";
import { lookUp, type Symbol, symbolOf } from "./symbols.ts";
import { exists } from "./task_sources.ts";
import { isPercent, share, shown, valueOf } from "./values.ts";

/** Fields that say where a circuit comes from: exactly one of them stands in each. */
const SOURCES = ["find", "from", "edges"];
/** Fields that are no options of the method. */
const FRAME = ["find", "in", "for"];

export function circuit(c: Checker, node: CircuitDeclaration): void {
  const { fields } = node;
  once(c, "circuit", fields);
  const inField = choice(fields, "in");
  const model = inField && resolve(c, inField, ["model"]);
  const { task, corruption } = purpose(c, node);
  const method = findMethod(c, node);
  values(c, fields);
  const others = [choice(fields, "within"), first(fields, "StartField")?.circuit];
  for (const other of others) {
    if (other) sameModel(c, other, resolve(c, other, ["circuit"]), model);
  }
  const edgeSparsity = schedule(c, fields);
  for (const { edges } of all(fields, "EdgesField")) {
    for (const edge of edges) {
      for (const [end, side] of [[edge.from, "writer"], [edge.to, "reader"]] as const) {
        if (isExact(end)) component(c, end, side, model);
        else error(c, end.span, `\`${end.text}\` is a pattern, and an edge joins two components`);
      }
      if (edge.score) need(c, edge.score, ["number"]);
    }
  }
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
    if (method) requirements(c, node, method, { model, task, corruption, edgeSparsity });
  }
  declare(
    c,
    symbolOf(node.name, c.file, {
      type: "circuit",
      ...(model && { model }),
      ...(task && { task }),
    }, { doc: node.doc, declaration: node }),
  );
}

function choice(fields: readonly CircuitField[], word: ChoiceField["word"]): Name | undefined {
  return all(fields, "ChoiceField").find((field) => field.word === word)?.value;
}

function purpose(c: Checker, node: CircuitDeclaration) {
  const field = first(node.fields, "ForField");
  if (!field) return {};
  const task = resolve(c, field.task, ["task"]);
  const corruption = field.corruption && corruptionOf(c, field.corruption, task);
  return { task, corruption };
}

function findMethod(c: Checker, node: CircuitDeclaration): Method | undefined {
  const name = choice(node.fields, "find");
  if (!name || !oneOf(c, name, METHODS.map(({ word }) => word), "method")) return undefined;
  return METHODS.find(({ word }) => word === name.text);
}

function values(c: Checker, fields: readonly CircuitField[]): void {
  for (const field of fields) {
    switch (field.kind) {
      case "ChoiceField": {
        const words = choicesOf(field.word);
        if (words) oneOf(c, field.value, words, field.word);
        break;
      }
      case "ValueField":
        valueOf(c, field, circuitFields);
        break;
      case "KeepField":
        keep(c, field);
        break;
      case "FromField":
        if (field.source.kind === "TextLiteral") exists(c, field.source);
        else {error(
            c,
            field.source.span,
            "a circuit is read from a file",
            'for instance `from "ioi.circuit.json"`',
          );}
    }
  }
}

function keep(c: Checker, { amount, above }: KeepField): void {
  const typed = above ? need(c, amount, ["number"]) : undefined;
  if (typed) return;
  if (isPercent(c, amount)) {
    const values = share(c, amount, "the share that is kept");
    if (values?.includes(0)) error(c, amount.span, "a circuit of 0% of the edges is empty");
    return;
  }
  const { values } = need(c, amount, ["number"]);
  const bad = values?.find((value) => !(value > 0 && (value < 1 || Number.isSafeInteger(value))));
  if (bad !== undefined) {
    error(
      c,
      amount.span,
      `\`keep\` takes a share or a whole number of edges: this is ${shown(bad)}`,
    );
  } else if (amount.kind === "NumberLiteral" && amount.value < 1) {
    error(
      c,
      amount.span,
      `\`keep ${amount.text}\` could be a share or a number of edges`,
      `write ${shown(amount.value * 100)}%`,
    );
  }
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

/** Whether the schedule, with its overrides, says how sparse the circuit gets; undefined when unknown. */
function schedule(c: Checker, fields: readonly CircuitField[]): boolean | undefined {
  const using = first(fields, "UsingField");
  if (!using) return false;
  const symbol = resolve(c, using.schedule, ["schedule"]);
  once(c, "list of changes", using.overrides);
  const facts = scheduleFields(c, using.overrides, symbol?.schedule ?? { edgeSparsity: false });
  return symbol?.schedule ? facts.edgeSparsity : undefined;
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

/** What a schedule and its overrides say must be of use to the method. */
function ofSchedule(c: Checker, fields: readonly CircuitField[], method: Method): void {
  const using = first(fields, "UsingField");
  if (!using || !method.fields.includes("using")) return;
  const declaration = lookUp(c.scope, using.schedule.text)?.declaration;
  const of = declaration?.kind === "ScheduleDeclaration" ? declaration.fields : [];
  const overridden = using.overrides.map(wordOf);
  const useless = (field: ScheduleField) =>
    !method.schedule.includes(wordOf(field)) &&
    !(field.kind === "SparsityField" && field.form.kind === "Off");
  const help = `of a schedule it takes ${method.schedule.join(", ")}`;
  for (const field of of) {
    const word = wordOf(field);
    if (overridden.includes(word) || !useless(field)) continue;
    const { text, span } = using.schedule;
    error(c, span, `\`${method.word}\` has no use for \`${word}\`, which \`${text}\` sets`, help);
  }
  for (const field of using.overrides.filter(useless)) {
    error(c, field.span, `\`${method.word}\` has no use for \`${wordOf(field)}\``, help);
  }
}

function requirements(
  c: Checker,
  node: CircuitDeclaration,
  method: Method,
  known: {
    readonly model: Symbol | undefined;
    readonly task?: Symbol;
    readonly corruption?: Symbol;
    readonly edgeSparsity: boolean | undefined;
  },
): void {
  const { fields, name } = node;
  for (const field of fields) {
    const word = wordOf(field);
    if (FRAME.includes(word) || method.fields.includes(word) || SOURCES.includes(word)) continue;
    error(
      c,
      { start: field.span.start, end: field.span.start + word.length },
      `\`${method.word}\` has no use for \`${word}\``,
      method.fields.length ? `it takes ${method.fields.join(", ")}` : "it takes no options",
    );
  }
  ofSchedule(c, fields, method);
  const above = all(fields, "KeepField").find(({ above }) => above);
  if (above && !method.fields.includes("rank")) {
    error(
      c,
      above.span,
      `\`${method.word}\` keeps a number of edges`,
      "a share such as `keep 2%`, or a number such as `keep 100`",
    );
  }
  const objective = choice(fields, "objective");
  const own = known.task?.task && metricOfTask(known.task.task);
  // Without the field, methods that train masks take `kl`, and those that score edges `metric`.
  const byMetric = objective ? objective.text === "metric" : !method.fields.includes("using");
  const place = (objective ?? choice(fields, "find")!).span;
  const byKl = byMetric ? own === "kl" : objective?.text === "kl";
  if (method.word === "eap" && byKl && !choice(fields, "within")) {
    error(
      c,
      place,
      "the gradient of `kl` is zero at the full model, where `eap` takes it",
      `take ${own === "kl" ? "" : "`objective metric`, or "}\`find eap_ig\``,
    );
  }
  if (method.gradient && byMetric && own && !gradientNames.includes(own)) {
    error(
      c,
      place,
      `\`${method.word}\` follows the objective's gradient, and \`${own}\`, the metric of \`${
        known.task!.name
      }\`, has none`,
      `the metrics that have one are ${gradientNames.join(", ")}`,
    );
  }
  const forField = first(fields, "ForField");
  if (!forField && method.task === "needed") {
    error(
      c,
      name.span,
      `\`${method.word}\` needs a task`,
      "for instance `for TASK corrupted by CORRUPTION`",
    );
  }
  const ablation = choice(fields, "ablation")?.text ?? "interchange";
  const source = known.task?.task?.fields.find(({ kind }) =>
    kind === "DataField" || kind === "GenerateField"
  );
  if (
    forField && !forField.corruption && known.task?.task && !source && method.task === "needed" &&
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
    word === "using" ? known.edgeSparsity !== false : withWord(fields, word)
  );
  if (method.size.length > 0 && !hasSize) {
    const ways = method.size.map((word) =>
      word === "using" ? "a schedule with `edge_sparsity`" : `\`${word}\``
    );
    error(
      c,
      name.span,
      `nothing says how many edges \`${name.text}\` keeps`,
      `\`${method.word}\` takes ${ways.join(" or ")}`,
    );
  }
  if (method.word.endsWith("_truth") && known.model?.declaration?.kind === "ModelDeclaration") {
    const source = first(known.model.declaration.fields, "FromField")?.source;
    const saved = source?.kind === "TextLiteral" &&
      c.context.exists?.(`${source.value}/program.json`, known.model.file);
    if (source?.kind === "TextLiteral" && !saved) {
      error(
        c,
        choice(fields, "in")!.span,
        `nobody knows the true circuit of \`${known.model.name}\``,
        "only models that come from a program have a known circuit",
      );
    }
  }
}
