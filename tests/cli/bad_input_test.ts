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
        assertEquals(await filesBelow(cwd), before);
      },
    );
  });
}
