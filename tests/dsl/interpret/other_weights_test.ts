/**
 * A circuit file says which weights its circuit was found on; read for a model of other weights, it is told.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { ScriptError } from "../../../dsl/interpret/error.ts";
import { inFolder, toy } from "../../cli/run_circ.ts";
import { outcomeOf } from "../support/outcome.ts";

Deno.test("a circuit that is read for other weights than it was found on says so, and names both", () =>
  inFolder({}, async (folder) => {
    // The same model with one other weight: the last byte of its tensors.
    const other = join(folder, "other");
    await Deno.mkdir(other);
    for await (const { name, isFile } of Deno.readDir(toy)) {
      if (isFile) await Deno.copyFile(join(toy, name), join(other, name));
    }
    const weights = join(other, "model.safetensors");
    const bytes = await Deno.readFile(weights);
    bytes[bytes.length - 2] ^= 1;
    await Deno.writeFile(weights, bytes);

    const models = `model toy { from "${toy}" }\nmodel other { from "${other}" }\n`;
    const files = ["c.circuit.json", "c.txt", "c.dot"].map((name) => join(folder, name));
    const read = (model: string) =>
      files.map((file, i) => `circuit read_${i} { from "${file}" in ${model} }\n`).join("");
    const found = await outcomeOf(
      `${models}circuit c { find random in toy keep 20 }\n` +
        files.map((file) => `save c to "${file}"\n`).join(""),
    );
    const [ours, theirs] = ["toy", "other"].map((name) => {
      const value = found.names.get(name);
      assert(value?.kind === "model");
      return value.model.hash();
    });
    const note = (file: string, their: string, our: string) =>
      `note: ${file}: the circuit was found on \`toy\` with weights ${
        our.slice(0, 12)
      }, and \`other\` has weights ${their.slice(0, 12)}`;
    const [our, their] = [await ours, await theirs];
    assert(our !== their);
    assertEquals((await outcomeOf(models + read("toy"))).notes, []);
    assertEquals(
      (await outcomeOf(models + read("other"))).notes,
      files.map((file) => note(file, their, our)),
    );

    const split = `model split { from "${other}" split embeddings }\n`;
    const { message } = await assertRejects(
      () => outcomeOf(`${split}circuit read { from "${files[0]}" in split }\n`),
      ScriptError,
    );
    assert(message.includes("found on `toy` and is read for `split`"), message);
  }));
