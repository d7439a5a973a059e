import { assert, assertEquals } from "@std/assert";
import { positions, readWords, scribeCourse } from "../../../examples/scribe/data.ts";
import { evaluate } from "../../../examples/training/evaluate.ts";
import { parameters, type Sizes } from "../../../examples/training/model.ts";
import { makeTokenizer } from "../../../examples/training/tokenizer.ts";
import { openModel } from "../../../runtime/models/mod.ts";
import { readTensor } from "../../runtime/models/values.ts";

const folder = new URL("../../../examples/models/scribe", import.meta.url).pathname;
const course = scribeCourse(readWords());
const tokenizer = makeTokenizer(course, 128);

Deno.test("the committed scribe keeps its promises on held-out prompts", async () => {
  const model = await openModel(folder);
  const { layers, heads, width, vocabulary, contextLength } = model.architecture;
  const sizes: Sizes = {
    layers,
    heads,
    width,
    vocabulary,
    contextLength,
    form: "gpt_neox",
    activation: "relu",
  };
  const weights = new Map<string, Float32Array>();
  for (const { name, dims } of parameters(sizes)) {
    const tensor = await readTensor(model.tensors.get(name)!);
    assertEquals([...tensor.dims], [...dims], name);
    weights.set(name, tensor.data);
  }
  const batch = { prompts: 48, positions };
  const { encode, endOfText } = tokenizer;
  const scores = await evaluate(weights, sizes, batch, course, encode, endOfText, 288);
  for (const [task, { accuracy }] of Object.entries(scores)) {
    assert(accuracy >= (task === "induction" ? 0.85 : 0.97), `${task}: ${accuracy}`);
  }
});

Deno.test("the committed folder is float16, under 3 MB, and has the tokenizer that the committed words give", async () => {
  let bytes = 0;
  for (const { name } of Deno.readDirSync(folder)) bytes += Deno.statSync(`${folder}/${name}`).size;
  assert(bytes < 3e6, `${bytes} bytes`);
  const model = await openModel(folder);
  for (const { type } of model.tensors.values()) assertEquals(type, "float16");
  for (const [name, text] of Object.entries(tokenizer.files)) {
    assertEquals(Deno.readTextFileSync(`${folder}/${name}`), text, name);
  }
});
