import { assert, assertEquals } from "@std/assert";
import { readWords, toyCourse } from "../../../examples/toy/data.ts";
import { evaluate } from "../../../examples/training/evaluate.ts";
import { parameters, type Sizes } from "../../../examples/training/model.ts";
import { makeTokenizer } from "../../../examples/training/tokenizer.ts";
import { openModel } from "../../../runtime/models/mod.ts";
import { readTensor } from "../../runtime/models/values.ts";

const folder = new URL("../../../examples/models/toy", import.meta.url).pathname;

Deno.test("the committed model keeps its promises on held-out prompts", async () => {
  const course = toyCourse(readWords());
  const model = await openModel(folder);
  const { layers, heads, width, vocabulary, contextLength } = model.architecture;
  const sizes: Sizes = { layers, heads, width, vocabulary, contextLength };
  const weights = new Map<string, Float32Array>();
  for (const { name, dims } of parameters(sizes)) {
    const tensor = await readTensor(model.tensors.get(name)!);
    assertEquals([...tensor.dims], [...dims], name);
    weights.set(name, tensor.data);
  }
  const { encode, endOfText } = makeTokenizer(course, contextLength);
  const batch = { prompts: 48, positions: 20 };
  const scores = await evaluate(weights, sizes, batch, course, encode, endOfText, 288);
  assert(scores.indirect_object.accuracy >= 0.99, `${scores.indirect_object.accuracy}`);
  assert(scores.greater_than.probability >= 0.95, `${scores.greater_than.probability}`);
  assert(scores.pronoun.accuracy >= 0.99, `${scores.pronoun.accuracy}`);
});

Deno.test("the committed folder is float16 and under 3 MB", async () => {
  let bytes = 0;
  for (const { name } of Deno.readDirSync(folder)) bytes += Deno.statSync(`${folder}/${name}`).size;
  assert(bytes < 3e6, `${bytes} bytes`);
  const model = await openModel(folder);
  for (const { type } of model.tensors.values()) assertEquals(type, "float16");
});
