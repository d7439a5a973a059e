/** Requirements of circuits: one origin, and what the method needs. @module */
import type {
  ChoiceField,
  CircuitDeclaration,
  CircuitField,
  Name,
  ScheduleField,
} from "../syntax/tree.ts";
import {
  type AnyMethod,
  choicesOf,
  type CircuitWord,
  type Option,
  refusalOf,
  type ScheduleWord,
  unknownTruth,
} from "../../runtime/discovery/mod.ts";
import { gradientNames, metricsWithGradient } from "../../runtime/metrics/mod.ts";
import type { Checker } from "./checker.ts";
import { wordOf } from "../syntax/field_word.ts";
import { first, lacks, withWord, wordIn } from "./fields.ts";
import { metricOfTask } from "./metrics.ts";
import { lookUp, type Symbol } from "./symbols.ts";

/** Fields that say where a circuit comes from: exactly one of them stands in each. */
const SOURCES = ["find", "from", "edges"];
/** Fields that are no options of the method. */
const FRAME = ["find", "in", "for"];

/** Facts of some fields of a circuit that others depend on. */
export interface Facts {
  readonly model: Symbol | undefined;
  readonly task: Symbol | undefined;
  /** True when the schedule, with its overrides, says how sparse the circuit gets; undefined when unknown. */
  edgeSparsity: boolean | undefined;
}

export function choice(
  fields: readonly CircuitField[],
  word: ChoiceField["word"],
): Name | undefined {
  return fields.find((field): field is ChoiceField =>
    field.kind === "ChoiceField" && field.word === word
  )?.value;
}

export function sources(c: Checker, node: CircuitDeclaration): void {
  const found = node.fields.filter((field) => SOURCES.includes(wordOf(field)));
  const isMissing = found.length === 0;
  lacks(c, "circuit", node, [isMissing && "find"], "say by which method: `find edge_pruning`");
  const [one, other] = found;
  if (other && wordOf(one) !== wordOf(other)) {
    c.error(
      other,
      `the circuit comes from \`${wordOf(one)}\` already`,
      "a circuit has one of `find`, `from` and `edges`",
    );
  }
  if (one && wordOf(one) !== "find") {
    const odd = node.fields.find((field) => ![...SOURCES, "in", "for"].includes(wordOf(field)));
    if (odd) {
      c.error(
        odd,
        `\`${wordOf(odd)}\` has no use in a circuit that is not searched for`,
        "remove it",
      );
    }
  }
}

/** A circuit's declaration, its method, and what is known of its other fields. */
interface Question {
  readonly node: CircuitDeclaration;
  readonly fields: readonly CircuitField[];
  readonly method: AnyMethod;
  readonly known: Facts;
}

/** Requirements of a method, each reported where it is not met. */
export function requirements(
  c: Checker,
  node: CircuitDeclaration,
  method: AnyMethod,
  known: Facts,
): void {
  for (const rule of rules) rule(c, { node, fields: node.fields, method, known });
}

const rules: readonly ((c: Checker, question: Question) => void)[] = [
  fieldsAreOfUse,
  scheduleIsOfUse,
  rankingIsCut,
  objectiveFits,
  truthIsKnown,
  taskIsGiven,
  promptsHaveTwins,
  sizeIsSaidOnce,
  sizeIsKnown,
  programIsThere,
];

function fieldsAreOfUse(c: Checker, { fields, method }: Question): void {
  const words = method.circuitWords;
  for (const field of fields) {
    const word = wordOf(field);
    if (FRAME.includes(word) || SOURCES.includes(word) || words.includes(word as CircuitWord)) {
      continue;
    }
    c.error(
      wordIn(field),
      `\`${method.name}\` has no use for \`${word}\``,
      words.length ? `it takes ${words.join(", ")}` : "it takes no options",
    );
  }
}

/** Fields of a schedule and of its overrides. */
function scheduleIsOfUse(c: Checker, { fields, method }: Question): void {
  const using = first(fields, "UsingField");
  const known = method.scheduleWords;
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
    const message = `\`${method.name}\` has no use for \`${word}\``;
    c.error(using.schedule, `${message}, which \`${using.schedule.text}\` sets`, help);
  }
  for (const field of using.overrides.filter(useless)) {
    c.error(field, `\`${method.name}\` has no use for \`${wordOf(field)}\``, help);
  }
}

function rankingIsCut(c: Checker, { fields, method }: Question): void {
  const above = fields.find((field) => field.kind === "KeepField" && field.above);
  if (above && !method.circuitWords.includes("rank")) {
    c.error(
      above,
      `\`${method.name}\` keeps a number of edges`,
      "a share such as `keep 2%`, or a number such as `keep 100`",
    );
  }
}

function objectiveFits(c: Checker, { fields, method, known }: Question): void {
  const objective = choice(fields, "objective");
  const objectiveOption: Option<unknown> | undefined = method.options.objective;
  const own = known.task?.task && metricOfTask(known.task.task);
  const place = objective ?? choice(fields, "find")!;
  const byMetric = (objective?.text ?? objectiveOption?.default) === "metric";
  const refusal = refusalOf(
    method.refuses,
    byMetric ? "metric" : objective?.text,
    own,
    (word) => withWord(fields, word) !== undefined,
  );
  if (refusal) c.error(place, refusal.message, refusal.help);
  if (method.followsGradient && byMetric && own && !gradientNames.includes(own)) {
    c.error(
      place,
      `\`${method.name}\` follows the objective's gradient, and \`${own}\`, the metric of \`${
        known.task!.name
      }\`, has none`,
      metricsWithGradient,
    );
  }
}

/** A true circuit is known under some ablations alone. */
function truthIsKnown(c: Checker, { fields, method }: Question): void {
  for (const option of Object.values<Option<unknown>>(method.options)) {
    if (option.kind !== "choice" || option.circuit === undefined) continue;
    const chosen = choice(fields, option.circuit as ChoiceField["word"]);
    if (!chosen || Object.hasOwn(option.choices, chosen.text)) continue;
    if (!choicesOf(option.circuit)?.includes(chosen.text)) continue;
    c.error(
      chosen,
      `the true circuit is not known under ${option.circuit} \`${chosen.text}\``,
      `it is under ${Object.keys(option.choices).join(" and ")}`,
    );
  }
}

function taskIsGiven(c: Checker, { node: { name, fields }, method }: Question): void {
  if (!first(fields, "ForField") && method.needs === "examples") {
    c.error(
      name,
      `\`${method.name}\` needs a task`,
      "for instance `for TASK corrupted by CORRUPTION`",
    );
  }
}

/** Corrupted prompts come from the task or from a corruption, not from both. */
function promptsHaveTwins(c: Checker, { fields, method, known }: Question): void {
  const forField = first(fields, "ForField");
  const ablation = choice(fields, "ablation")?.text ?? "interchange";
  const source = known.task?.task?.fields.find(({ kind }) =>
    kind === "DataField" || kind === "GenerateField"
  );
  if (
    forField && !forField.corruption && known.task?.task && !source &&
    method.needs === "examples" &&
    ablation !== "zero"
  ) {
    c.error(
      forField.task,
      `the prompts of \`${forField.task.text}\` have no corrupted twins here`,
      "say how they are made: `corrupted by CORRUPTION`",
    );
  }
  if (forField?.corruption && source) {
    c.error(
      forField.corruption,
      `\`${forField.task.text}\` brings its own corrupted prompts`,
      "remove `corrupted by`",
    );
  }
}

function sizeIsSaidOnce(c: Checker, { fields }: Question): void {
  const threshold = withWord(fields, "threshold");
  if (threshold && withWord(fields, "keep")) {
    c.error(
      threshold,
      "`threshold` and `keep` both say which edges stay",
      "give one of them: with `keep` the threshold is found that leaves as many",
    );
  }
}

function sizeIsKnown(c: Checker, { node: { name, fields }, method, known }: Question): void {
  const hasSize = method.size.some((word) =>
    word === "edge_sparsity" ? known.edgeSparsity !== false : withWord(fields, word)
  );
  if (method.size.length > 0 && !hasSize) {
    const ways = method.size.map((word) =>
      word === "edge_sparsity" ? "a schedule with `edge_sparsity`" : `\`${word}\``
    );
    c.error(
      name,
      `nothing says how many edges \`${name.text}\` keeps`,
      `\`${method.name}\` takes ${ways.join(" or ")}`,
    );
  }
}

/** A method that asks for a program needs a model that was made from one. */
function programIsThere(c: Checker, { fields, method, known }: Question): void {
  if (method.needs === "program" && known.model?.declaration?.kind === "ModelDeclaration") {
    const source = first(known.model.declaration.fields, "FromField")?.source;
    const saved = source?.kind === "TextLiteral" &&
      c.context.exists?.(`${source.value}/program.json`, known.model.file);
    if (source?.kind === "TextLiteral" && !saved) {
      const { message, help } = unknownTruth(known.model.name);
      c.error(choice(fields, "in")!, message, help);
    }
  }
}
