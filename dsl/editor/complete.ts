/** Completion: what may be written at a position, for the editor and for the prompt alike. @module */
import { partsOf, type Way } from "../../runtime/universe/conventions.ts";
import { choicesOf, circuitFields, rates, shapes } from "../../runtime/discovery/mod.ts";
import type { Universe } from "../../runtime/universe/universe.ts";
import { COLUMN_ROLES, GENERATORS, SPLITS } from "../../runtime/tasks/mod.ts";
import { COLUMNS } from "../reference/columns.ts";
import { type Entry, entryMarkdown } from "../reference/entry.ts";
import * as measures from "../reference/measures.ts";
import { METHODS } from "../reference/methods.ts";
import { entryOf } from "../reference/mod.ts";
import { REPEATS } from "../reference/repeats.ts";
import { ATTENTIONS } from "../check/programs.ts";
import type { Symbol, Type } from "../check/symbols.ts";
import { Identifier, QUERY_WORDS, STATEMENT_WORDS, W, Word } from "../syntax/tokens.ts";
import type { Next } from "../syntax/grammar.ts";
import { type Place, placeAt } from "./place.ts";

export interface Completion {
  readonly label: string;
  readonly kind: "word" | "field" | "name" | "value" | "function" | "component" | "file";
  /** A few words: `a circuit`, `a field of a schedule`. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
}

export interface Completions {
  /** Start of the text that a completion replaces; the text ends at the cursor. */
  readonly from: number;
  readonly items: readonly Completion[];
}

/** Knowledge of completion besides the text. */
export interface World {
  /** Names that can be used, inner ones too. */
  readonly symbols: Iterable<Symbol>;
  /** The script's name: what it declares further down is not offered. */
  readonly file?: string;
  /** Files whose path begins so, relative to the script. */
  files?(prefix: string): readonly string[];
}

const parts = (verb: Way["verb"]) => partsOf(verb).map(({ part }) => part);

/** Words of choices, by field. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  split: parts("split"),
  join: parts("join"),
  keep: parts("keep"),
  skip: ["broken", "rows"],
  examples: SPLITS,
  learning_rate: Object.keys(rates),
  edge_sparsity: Object.keys(shapes),
  node_sparsity: Object.keys(shapes),
  ...Object.fromEntries(
    Object.keys(circuitFields).map((word) => [word, choicesOf(word) ?? []] as const)
      .filter(([, words]) => words.length > 0),
  ),
  attention: ATTENTIONS,
  columns: COLUMN_ROLES,
};

/** Most components that one list offers. */
const MOST_COMPONENTS = 400;

export function complete(text: string, offset: number, world: World): Completions {
  const place = placeAt(text, offset);
  const start = place.tokens[0]?.startOffset ?? place.from;
  // What is declared further down cannot be used yet; the task at hand is kept for its variables.
  const symbols = [...world.symbols].filter(({ file, span, inner, task }) =>
    file !== world.file || span.start < start || inner || task?.span.start === start
  );
  if (place.inText) return insideText(text, offset, place, symbols, world);
  const items: Completion[] = [];
  if (place.atStatement) {
    items.push(...statementStarts(), ...names(symbols, ["circuit", "number", "list", "table"]));
  }
  // A condition takes all tokens that it can.
  const inCondition = place.next.filter(({ rules }) => isColumn(rules));
  for (const next of inCondition.length > 0 ? inCondition : place.next) {
    items.push(...offers(next, place, symbols));
  }
  const seen = new Set<string>();
  const prefix = place.prefix.toLowerCase();
  return {
    from: place.from,
    items: items.filter(({ label }) => {
      if (seen.has(label) || !label.toLowerCase().startsWith(prefix)) return false;
      seen.add(label);
      return true;
    }),
  };
}

function statementStarts(): Completion[] {
  return STATEMENT_WORDS.map((word) =>
    fromEntry(entryOf(word, ["statement", "query"]), word, "word")
  );
}

function fromEntry(
  entry: Entry | undefined,
  label: string,
  kind: Completion["kind"],
): Completion {
  if (!entry) return { label, kind };
  return { label, kind, detail: entry.form, documentation: entryMarkdown(entry) };
}

/** Completions for one thing that the grammar allows next. */
function offers(next: Next, place: Place, symbols: readonly Symbol[]): Completion[] {
  const { type, rules } = next;
  const rule = rules.at(-1)!;
  if (type === Word || type === Identifier) return wordsFor(rules, place, symbols);
  if (type.name === "Component") return rules.includes("pattern") ? components(place, symbols) : [];
  const word = type.PATTERN;
  if (typeof word !== "string" || !/^\w+$/.test(word) || !Object.hasOwn(W, word)) return [];
  // Conditions of queries compare columns; what else the grammar allows there has no meaning.
  if (rule === "call" || (isColumn(rules) && (rule === "primary" || rule === "prefixed"))) {
    return [];
  }
  // A query within a query has no meaning either.
  const within = rules.slice(0, -1).some((each) => each.endsWith("Query"));
  if (within && rule.endsWith("Query") && (QUERY_WORDS as readonly string[]).includes(word)) {
    return [];
  }
  if (place.block && place.block !== "sweep" && /Field$/.test(rule)) {
    const field = entryOf(word, ["field"], place.block);
    if (field) return [fromEntry(field, word, "field")];
  }
  return [fromEntry(entryOf(word, ["clause", "operator", "query", "field"]), word, "word")];
}

/** True if a column of a query, or a value to compare it with, is wanted here. */
function isColumn(rules: readonly string[]): boolean {
  const inside = inQuery(rules);
  return COLUMN_RULES.includes(inside[0]) && !inside.includes("pattern");
}

/** The rules within the outermost list query. */
function inQuery(rules: readonly string[]): readonly string[] {
  const query = rules.indexOf("listQuery");
  return query < 0 ? [] : rules.slice(query + 1);
}
const COLUMN_RULES = ["expression", "path", "orderKey"];

/** True if a circuit is wanted here. */
function isCircuit(rules: readonly string[]): boolean {
  const at = Math.max(...QUERY_RULES.map((rule) => rules.lastIndexOf(rule)));
  return at >= 0 && !rules.slice(at).includes("argument");
}
/** Types of a sweep's variables. */
const SWEPT: readonly Type[] = ["number", "text", "circuit", "unknown"];
const QUERY_RULES = [
  "circuits",
  "listQuery",
  "whyQuery",
  "runQuery",
  "overlapQuery",
  "stabilityQuery",
];

/** Completions where the grammar wants a name. */
function wordsFor(
  rules: readonly string[],
  place: Place,
  symbols: readonly Symbol[],
): Completion[] {
  const has = (rule: string) => rules.includes(rule);
  if (has("declaredName")) return [];
  const named: [string, Type][] = [
    ["modelName", "model"],
    ["taskName", "task"],
    ["scheduleName", "schedule"],
    ["circuitName", "circuit"],
    ["corruptionName", "corruption"],
  ];
  for (const [rule, type] of named) if (has(rule)) return names(symbols, [type]);
  if (has("onClause")) {
    return names(symbols, ["task"]).flatMap((task) => [
      task,
      ...SPLITS.map((split) => ({ ...task, label: `${task.label}.${split}` })),
    ]);
  }
  if (has("ablationName")) return labelled("value", CHOICES.ablation);
  if (has("sweepName")) return names(symbols.filter(({ inner }) => inner === "sweep"), SWEPT);
  if (has("repeatName")) return labelled("value", REPEATS);
  if (has("methodName")) return entries(METHODS, "value");
  if (has("generatorName")) {
    return GENERATORS.map(({ name: label, about }) => ({
      label,
      kind: "value",
      documentation: about,
    }));
  }
  if (has("metricName")) {
    return entries([
      ...measures.TASK_METRICS,
      ...measures.CIRCUIT_METRICS,
      ...measures.METRIC_GROUPS,
    ], "value");
  }
  if (has("metricValue")) {
    const wrong = entryOf("wrong", ["field"], "task")!;
    return entries([...measures.TASK_METRICS, ...measures.METRIC_FUNCTIONS, wrong], "value");
  }
  if (has("plotName")) {
    return entries(
      [...measures.TASK_METRICS, ...measures.CIRCUIT_METRICS, ...measures.PLOTS],
      "value",
    );
  }
  if (has("choice") || has("columnsField")) return choices(place);
  if (has("fromField")) return names(symbols, ["program"]);
  if (has("variableName")) return variables(place, symbols);
  if (has("pattern")) return components(place, symbols);
  if (isColumn(rules)) return rules.at(-1) === "path" ? columns(place, symbols) : [];
  if (isCircuit(rules)) return rules.at(-1) === "path" ? names(symbols, ["circuit"]) : [];
  if (place.block === "program") {
    return [
      ...entries([...measures.PROGRAM_FUNCTIONS, ...measures.NUMBER_FUNCTIONS], "function"),
      ...entries(measures.PROGRAM_NAMES, "value"),
      ...inner(place, symbols, "part"),
    ];
  }
  if (place.block === "task" || place.block === "corruption") {
    return [
      ...variables(place, symbols),
      ...entries(measures.VALUE_FUNCTIONS, "function"),
      ...names(symbols, ["number", "text", "list"]),
    ];
  }
  if (place.block) return names(symbols, ["number"]);
  return [
    ...names(symbols, ["circuit", "number", "text", "truth", "list", "table"]),
    ...entries(
      [
        ...measures.TASK_METRICS,
        ...measures.CIRCUIT_METRICS,
        ...measures.CIRCUIT_FUNCTIONS,
        ...measures.NUMBER_FUNCTIONS,
      ],
      "function",
    ),
  ];
}

function entries(list: readonly Entry[], kind: Completion["kind"]): Completion[] {
  return list.map((entry) => fromEntry(entry, entry.word, kind));
}

const labelled = (kind: Completion["kind"], labels: readonly string[]): Completion[] =>
  labels.map((label) => ({ label, kind }));

function names(symbols: readonly Symbol[], types: readonly Type[]): Completion[] {
  return symbols
    .filter(({ type, inner }) => types.includes(type) && (!inner || inner === "sweep"))
    .map(({ name, type, doc }) => ({
      label: name,
      kind: "name",
      detail: `a ${type}`,
      ...(doc && { documentation: doc }),
    }));
}

function choices(place: Place): Completion[] {
  const word = place.tokens.findLast(({ image }) => Object.hasOwn(CHOICES, image));
  const generator = GENERATORS.find(({ name }) => place.tokens.some(({ image }) => image === name));
  const options = generator ? Object.keys(generator.options) : [];
  return labelled("value", [...(word && !generator ? CHOICES[word.image] : []), ...options]);
}

/** Variables of the task at hand, or of the task that a corruption is of. */
function variables(place: Place, symbols: readonly Symbol[]): Completion[] {
  const { tokens, block } = place;
  const task = block === "corruption" ? tokens[3]?.image : tokens[1]?.image;
  const found = symbols.find(({ name, type }) => type === "task" && name === task);
  return [...found?.variables?.keys() ?? []].map((label) => ({
    label,
    kind: "name",
    detail: `a variable of ${task}`,
  }));
}

function inner(place: Place, symbols: readonly Symbol[], what: Symbol["inner"]): Completion[] {
  const start = place.tokens[0]?.startOffset ?? 0;
  const own = symbols.filter(({ inner, span }) =>
    inner === what && span.start >= start && span.start < place.from
  );
  return labelled("name", own.map(({ name }) => name));
}

function queried(place: Place): "edges" | "nodes" | "paths" {
  const word = place.tokens.findLast(({ image }) => /^(edges|nodes|paths)$/.test(image));
  return (word?.image ?? "edges") as "edges" | "nodes" | "paths";
}

/** True if the last word of the statement is a comparison, so that a value comes next. */
function behindComparison({ tokens }: Place): boolean {
  return /^(=|==|!=|<|<=|>|>=|in|\[|,)$/.test(tokens.at(-1)?.image ?? "");
}

/** Columns of the query; behind a comparison, what the column is compared with. */
function columns(place: Place, symbols: readonly Symbol[]): Completion[] {
  const of = queried(place);
  const own = COLUMNS.filter((entry) => entry.of === of);
  if (!behindComparison(place)) return entries(own, "field");
  const { tokens } = place;
  const i = tokens.findLastIndex(({ image }) => /^(=|==|!=|in)$/.test(image));
  const path: string[] = [];
  for (let j = i - 1; j > 0 && (/^\w+$/.test(tokens[j].image) || tokens[j].image === "."); j--) {
    if (path.length % 2 === 1 && tokens[j].image !== ".") break;
    path.unshift(tokens[j].image);
  }
  const column = own.find(({ word }) => word === path.join(""));
  const words = column?.range?.match(/\w+/g);
  if (words) return labelled("value", words);
  return components(place, symbols);
}

/** Components of the model that the statement is about. */
function components(place: Place, symbols: readonly Symbol[]): Completion[] {
  const universe = universeOf(place, symbols);
  if (!universe) {
    return labelled("component", ["logits", "tok", "pos", "embed", "m*", "a*"]);
  }
  const all = new Set([
    ...universe.writers.map(({ name }) => name),
    ...universe.readers.map(({ name }) => name),
    ...Array.from({ length: universe.shape.layers }, (_, layer) => `a${layer}.*`),
    "m*",
  ]);
  const fitting = [...all].filter((label) => label.startsWith(place.prefix));
  return labelled("component", fitting.slice(0, MOST_COMPONENTS));
}

function universeOf(place: Place, symbols: readonly Symbol[]): Universe | undefined {
  const words = new Set(place.tokens.map(({ image }) => image));
  const circuit = symbols.find(({ name, typed }) => words.has(name) && typed.model?.universe);
  if (circuit) return circuit.typed.model!.universe;
  const model = symbols.find(({ name, type, universe }) =>
    type === "model" && words.has(name) && universe
  );
  const all = symbols.filter(({ type, universe }) => type === "model" && universe);
  return model?.universe ?? (all.length === 1 ? all[0].universe : undefined);
}

/** In a prompt, variables behind an opening brace; elsewhere, files. */
function insideText(
  text: string,
  offset: number,
  place: Place,
  symbols: readonly Symbol[],
  world: World,
): Completions {
  const start = place.inText!.startOffset + 1;
  const written = text.slice(start, offset);
  const brace = /\{(\w*)$/.exec(written);
  if (brace && (place.block === "task" || place.block === "corruption")) {
    const items = variables(place, symbols).filter(({ label }) => label.startsWith(brace[1]));
    return { from: offset - brace[1].length, items };
  }
  const wantsFile = /^(from|to|lines|\(|data|import)$/.test(place.tokens.at(-1)?.image ?? "");
  const files = wantsFile ? world.files?.(written) ?? [] : [];
  return { from: start, items: labelled("file", files) };
}
