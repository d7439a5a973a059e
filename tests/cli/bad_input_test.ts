/**
 * Errors of users end in a sentence and status 2: never a stack trace, never half a file.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { placeOf } from "../support/place.ts";
import { circ, filesBelow, inFolder, root, toy } from "./run_circ.ts";

const script = (parts: Record<string, string> = {}) => {
  const text = {
    model: `model toy {\n  from "${toy.replaceAll("\\", "/")}"\n  split embeddings\n}`,
    task: `task names {
  vary A, B, C from lines("names.txt")
  prompt "When {A} and {B} went to the park, {B} gave a ring to"
  answer " {A}"
  wrong " {B}"
  examples train 8, validation 0, test 4
}`,
    corruption: `corruption others of names {
  redraw A, B, C
  prompt "When {A} and {B} went to the park, {C} gave a ring to"
}`,
    schedule: "schedule short {\n  steps 2\n  batch 4\n  edge_sparsity 0 -> 90%\n}",
    circuit: `circuit c {
  find edge_pruning
  in toy
  for names corrupted by others
  using short
}`,
    rest: 'save c to "c.circuit.json"',
    ...parts,
  };
  return Object.values(text).join("\n\n") + "\n";
};

const names = await Deno.readTextFile(join(root, "examples/toy/names.txt"));

interface Case {
  readonly name: string;
  readonly says: RegExp;
  /** The piece of the script that the error points at. */
  readonly at?: string;
  /** The script, where one is run. */
  readonly text?: string;
  readonly args?: readonly string[];
  /** Files beside the script. */
  readonly files?: () => Promise<Record<string, string | Uint8Array>>;
}

const config = JSON.stringify({
  model_type: "gpt2",
  n_layer: 1,
  n_head: 2,
  n_embd: 4,
  n_positions: 8,
  n_ctx: 8,
  vocab_size: 5,
  activation_function: "gelu_new",
  layer_norm_epsilon: 1e-5,
});

/** A safetensors file with this header and so many bytes of data. */
function safetensors(header: unknown, bytes: number, cut = 0): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + bytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file.subarray(0, file.length - cut);
}

const wte = (shape: number[], end: number) => ({
  "wte.weight": { dtype: "F32", shape, data_offsets: [0, end] },
});
const folder = (weights?: Uint8Array, own = config) => async () => ({
  "m/config.json": own,
  "m/tokenizer.json": await Deno.readTextFile(join(toy, "tokenizer.json")),
  ...(weights ? { "m/model.safetensors": weights } : {}),
});
const inM = script({ model: 'model toy {\n  from "m"\n  split embeddings\n}' });

const cases: Case[] = [
  {
    name: "no such file",
    args: ["run", "nowhere.circ"],
    says: /cannot read "nowhere\.circ": no such file/,
  },
  { name: "a folder in place of a file", args: ["run", "."], says: /cannot read "\."/ },
  {
    name: "bytes that are not UTF-8",
    args: ["check", "latin.circ"],
    files: () => Promise.resolve({ "latin.circ": Uint8Array.of(0x23, 0xe9, 0x0a) }),
    says: /cannot read "latin\.circ": its bytes are not UTF-8/,
  },
  { name: "an unknown command", args: ["rn", "x"], says: /"rn"/ },
  {
    name: "an unknown option",
    args: ["run", "s.circ", "--devise", "cpu"],
    text: script(),
    says: /--devise[^]*--device/,
  },
  {
    name: "an unknown device",
    args: ["run", "s.circ", "--device", "tpu"],
    text: script(),
    says: /tpu[^]*webgpu/,
  },
  {
    name: "a device that is not there",
    args: ["run", "s.circ", "--device", "cuda"],
    text: script(),
    says: /no device `cuda` can be used here/,
  },
  {
    name: "a setting without a let",
    args: ["run", "s.circ", "--set", "sed=1"],
    text: "let seed = 1\nseed\n",
    says: /no `let sed`; the nearest is `seed`/,
  },
  {
    name: "a setting of another form",
    args: ["run", "s.circ", "--set", "seed"],
    text: "let seed = 1\nseed\n",
    says: /--set takes name=value/,
  },
  {
    name: "an unknown word",
    text: script({ schedule: script().match(/schedule[^}]*}/)![0].replace("schedule", "shedule") }),
    at: "shedule",
    says: /`schedule`/,
  },
  {
    name: "an unknown field",
    text: script({ schedule: "schedule short {\n  stpes 2\n  edge_sparsity 0 -> 90%\n}" }),
    at: "stpes",
    says: /stpes[^]*`steps`/,
  },
  {
    name: "an unknown name",
    text: script({ rest: 'save cc to "c.circuit.json"' }),
    at: "save «cc to",
    says: /`cc`[^]*`c`/,
  },
  {
    name: "a brace left open",
    text: script({ rest: "" }).trimEnd().slice(0, -1),
    at: "circuit c «{",
    says: /brace is never closed/,
  },
  {
    name: "a prompt variable that nobody declared",
    text: script().replace("{B} gave", "{D} gave"),
    at: "{D}",
    says: /variable `D`/,
  },
  {
    name: "a sparsity above 100 %",
    text: script().replace("90%", "190%"),
    at: "190%",
    says: /this is 190%/,
  },
  {
    name: "a sparsity below 0 %",
    text: script().replace("0 -> 90%", "-5% -> 90%"),
    at: "-5%",
    says: /this is -5%/,
  },
  {
    name: "no steps",
    text: script().replace("steps 2", "steps 0"),
    at: "steps «0",
    says: /`steps`[^\n]* 0\n/,
  },
  {
    name: "an answer of several tokens",
    text: script().replace('" {A}"', '" {A} and {B}"'),
    at: 'answer " {A} and {B}"',
    says: /tokens where one is needed/,
  },
  {
    name: "prompts of unequal length",
    text: script({
      corruption:
        'corruption others of names {\n  redraw A, B\n  prompt "When {A} and {B} went, {B} gave a ring to"\n}',
    }).replace("A, B, C from", "A, B from"),
    at: "corruption «others",
    says: /tokens[^]*clean[^]*corrupted/,
  },
  { name: "no such model folder", text: inM, at: '"m"', says: /no such folder/ },
  {
    name: "a model folder without weights",
    text: inM,
    at: '"m"',
    files: folder(),
    says: /safetensors/,
  },
  {
    name: "a truncated safetensors file",
    text: inM,
    at: '"m"',
    files: folder(safetensors(wte([5, 4], 80), 80, 30)),
    says: /model\.safetensors/,
  },
  {
    name: "a header that points past the file's end",
    text: inM,
    at: '"m"',
    files: folder(safetensors(wte([5, 4000], 80000), 80)),
    says: /model\.safetensors/,
  },
  {
    name: "missing tensors",
    text: inM,
    at: '"m"',
    files: folder(safetensors(wte([5, 4], 80), 80)),
    says: /the weights in m lack wpe\.weight/,
  },
  {
    name: "a tensor of the wrong shape",
    text: inM,
    at: '"m"',
    files: async () => {
      const tiny = join(root, "tests/fixtures/gpt2-tiny");
      const config = JSON.parse(await Deno.readTextFile(join(tiny, "config.json")));
      return {
        "m/config.json": JSON.stringify({ ...config, vocab_size: config.vocab_size + 1 }),
        "m/model.safetensors": await Deno.readFile(join(tiny, "model.safetensors")),
      };
    },
    says: /wte\.weight in .* has shape/,
  },
  {
    name: "an architecture that is not supported",
    text: inM,
    at: '"m"',
    files: folder(undefined, JSON.stringify({ model_type: "bert", hidden_size: 4 })),
    says: /bert/,
  },
  {
    name: "no such circuit file",
    text: script({ circuit: 'circuit c {\n  from "nowhere.circuit.json"\n  in toy\n}' }),
    at: '"nowhere.circuit.json"',
    says: /nowhere\.circuit\.json/,
  },
  {
    name: "a circuit file that is damaged",
    text: script({ circuit: 'circuit c {\n  from "old.circuit.json"\n  in toy\n}' }),
    files: () => Promise.resolve({ "old.circuit.json": '{"format":"circ.circuit","version":99}' }),
    at: '"old.circuit.json"',
    says: /version/,
  },
  {
    name: "a word that explain does not know",
    args: ["explain", "edge_prunin"],
    says: /edge_pruning/,
  },
  { name: "an unknown dot command", args: ["repl", "-c", ".hlep"], says: /`\.hlep`[^]*\.help/ },
  {
    name: "more edges than there are",
    text: script({ circuit: "circuit c {\n  find random\n  in toy\n  keep 1e12\n}" }),
    at: "1e12",
    says: /cannot keep 1000000000000 of 1620 edges/,
  },
  {
    name: "a method that corrupts the inputs, where they are always kept",
    text: script({
      model: script().match(/model[^}]*}/)![0].replace("split", "keep"),
      circuit:
        "circuit c {\n  find clean_corrupted\n  in toy\n  for names corrupted by others\n  keep 9\n}",
    }),
    at: "circuit «c",
    says: /`clean_corrupted` corrupts the inputs[^]*always kept here[^]*split embeddings/,
  },
  {
    name: "a circuit within one of another model",
    text: script({
      circuit: `model other {\n  from "${toy.replaceAll("\\", "/")}"\n  join embeddings\n}`,
      hint: "circuit hint {\n  find random\n  in other\n  keep 9\n}",
      within: "circuit c {\n  find random\n  in toy\n  keep 9\n  within hint\n}",
      rest: "",
    }),
    at: "within «hint",
    says: /`hint` is a circuit of `other`/,
  },
  {
    name: "a folder of runs that is a file",
    text: script({ circuit: "circuit c {\n  find random\n  in toy\n  keep 9\n}" }),
    args: ["run", "s.circ", "--device", "cpu", "--runs", "names.txt"],
    says: /cannot write "names\.txt.s": a part of its path is a file/,
  },
  {
    name: "a setting without a value",
    text: "let n = 1\nn\n",
    args: ["run", "s.circ", "--set", "n="],
    says: /--set n: "" is no value/,
  },
  {
    name: "a form that no table has",
    args: ["run", "s.circ", "--format", "xml"],
    text: script(),
    says: /'xml' is invalid/,
  },
  { name: "two scripts to check", args: ["check", "s.circ", "t.circ"], says: /too many arguments/ },
  {
    name: "a script that imports itself",
    args: ["check", "s.circ"],
    text: 'import "s.circ"\n',
    at: '"s.circ"',
    says: /imports go in a circle/,
  },
  {
    name: "a model of absurd size",
    args: ["check", "s.circ"],
    text: inM,
    at: '"m"',
    files: folder(undefined, config.replace('"n_layer":1', '"n_layer":1e9')),
    says: /`n_layer` must be a whole number from 1 to 1024, and is 1000000000/,
  },
  {
    name: "a graph of nothing",
    args: ["graph", "nowhere"],
    says: /cannot open `nowhere`: no such/,
  },
  { name: "a graph of a folder", args: ["graph", "."], says: /cannot open `\.`: it is a folder/ },
  {
    name: "a graph of something else",
    args: ["graph", "names.txt"],
    says: /`names\.txt` holds no circuit that can be read[^]*end in \.circuit\.json/,
  },
  { name: "no model", args: ["model", "show", "nowhere"], says: /no such folder: nowhere/ },
  {
    name: "a file in place of a model",
    args: ["model", "show", "names.txt"],
    says: /a model is a folder, and names\.txt is a file/,
  },
  {
    name: "a folder without a model",
    args: ["model", "show", "."],
    says: /\. holds no config\.json/,
  },
  {
    name: "a name of the hub that is none",
    args: ["model", "show", "hub:gpt2"],
    says: /`hub:gpt2` is no model of the hub[^]*owner\/name/,
  },
  {
    name: "a model's description that is damaged",
    args: ["model", "show", "m"],
    files: folder(undefined, "{"),
    says: /m\/config\.json is not JSON/,
  },
  {
    name: "an unknown task",
    args: ["task", "show", "s.circ", "nams"],
    text: script(),
    says: /the script has no task `nams`/,
  },
  {
    name: "fewer than no examples",
    args: ["task", "show", "s.circ", "--count", "-3"],
    text: script(),
    says: /`--count` must be a whole number from 1: this is -3/,
  },
  {
    name: "a row that is no JSON",
    args: ["task", "show", "s.circ", "rows"],
    text: script({
      task: 'task rows {\n  data "rows.jsonl"\n}',
      corruption: "",
      circuit: "",
      rest: "",
    }),
    files: () => Promise.resolve({ "rows.jsonl": '{"clean":' }),
    at: 'data "rows.jsonl"',
    says: /rows\.jsonl:1: not JSON/,
  },
  {
    name: "a script to read that is not there",
    args: ["repl", "-c", ".read nowhere.circ"],
    says: /cannot read ".*nowhere\.circ": no such file/,
  },
  { name: "a plot of nothing", args: ["repl", "-c", ".plot x"], says: /there is no `x`/ },
  {
    name: "half an edge",
    args: ["repl", "-c", "top 1.5 of c"],
    says: /a number of edges must be a whole number from 0: this is 1\.5/,
  },
];

for (const { name, says, at, text, args, files } of cases) {
  Deno.test(`bad input: ${name}`, async () => {
    const beside = { "names.txt": names, ...await files?.() };
    await inFolder(
      { ...beside, ...(text === undefined ? {} : { "s.circ": text }) },
      async (cwd) => {
        const before = await filesBelow(cwd);
        const { status, err, out } = await circ(args ?? ["run", "s.circ", "--device", "cpu"], {
          cwd,
        });
        assertMatch(err, says);
        if (at) assertStringIncludes(err, `s.circ:${placeOf(text!, at)}: error: `);
        assertEquals(status, 2, err);
        assertEquals(out, "");
        assert(!/^\s+at .*:\d+:\d+/m.test(err), `a stack trace: ${err}`);
        assert(!/current value|Cannot |os error|the run failed/.test(err), err);
        assertEquals(await filesBelow(cwd), before);
      },
    );
  });
}
