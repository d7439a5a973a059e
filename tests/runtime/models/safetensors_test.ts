import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ModelError, writeSafetensors } from "../../../runtime/models/mod.ts";
import { readTensor } from "./values.ts";
import { locationOf, readSafetensorsHeader } from "../../../runtime/models/safetensors.ts";
import { fixture, withFolder } from "./helpers.ts";

const values = Float32Array.from([0, 1, -2.5, 65504, 2 ** -24, 1 / 3]);

/** A file with the header given, and so many bytes of data. */
async function writeRaw(path: string, header: unknown, bytes: number, headerLength?: number) {
  const text = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const file = new Uint8Array(8 + text.length + bytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength ?? text.length), true);
  file.set(text, 8);
  await Deno.writeFile(path, file);
}

Deno.test("what is written is read back, in every type", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/weights.safetensors`;
    await writeSafetensors(path, [
      { name: "b", dims: [2, 3], type: "float32", data: values },
      { name: "a", dims: [6], type: "float16", data: () => values },
      { name: "c", dims: [6, 1], type: "bfloat16", data: values },
      { name: "scalar", dims: [], type: "float32", data: Float32Array.of(7) },
    ]);
    const stored = await readSafetensorsHeader(path);
    assertEquals(stored.map((tensor) => [tensor.name, tensor.dtype, tensor.dims]), [
      ["b", "F32", [2, 3]],
      ["scalar", "F32", []],
      ["a", "F16", [6]],
      ["c", "BF16", [6, 1]],
    ]);
    assertEquals(stored.every((tensor) => tensor.offset % 2 === 0), true);
    const read = Object.fromEntries(
      await Promise.all(
        stored.map(async (tensor) =>
          [tensor.name, [...(await readTensor(locationOf(tensor))).data]] as const
        ),
      ),
    );
    assertEquals(read.b, [...values]);
    assertEquals(read.scalar, [7]);
    assertEquals(read.a, [...values].map(Math.f16round));
    // With 8 bits of significand, 65504 is nearest to 65536.
    assertEquals(read.c, [0, 1, -2.5, 65536, 2 ** -24, 0.333984375]);
  });
});

Deno.test("16-bit types round to nearest, ties to even", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/weights.safetensors`;
    const ties = Float32Array.from([2049, 2051, -2049, 2 ** -25, 3 * 2 ** -25]);
    const coarse = Float32Array.from([257, 259, -257, NaN, Infinity]);
    await writeSafetensors(path, [
      { name: "half", dims: [5], type: "float16", data: ties },
      { name: "brain", dims: [5], type: "bfloat16", data: coarse },
    ]);
    const [brain, half] = await readSafetensorsHeader(path);
    assertEquals([...(await readTensor(locationOf(half))).data], [2048, 2052, -2048, 0, 2 ** -23]);
    assertEquals([...(await readTensor(locationOf(brain))).data], [256, 260, -256, NaN, Infinity]);
  });
});

Deno.test("the same tensors give the same bytes in any order", async () => {
  await withFolder(async (folder) => {
    const tensors = ["x", "y", "z"].map((name) =>
      ({ name, dims: [6], type: "float16", data: values }) as const
    );
    await writeSafetensors(`${folder}/1.safetensors`, tensors);
    await writeSafetensors(`${folder}/2.safetensors`, tensors.toReversed());
    assertEquals(
      await Deno.readFile(`${folder}/1.safetensors`),
      await Deno.readFile(`${folder}/2.safetensors`),
    );
  });
});

Deno.test("a file that cannot be written leaves nothing behind", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/weights.safetensors`;
    const good = { name: "a", dims: [6], type: "float32", data: values } as const;
    const cases = [
      [
        { ...good, name: "b", dims: [5] },
        "tensor b must have 5 values for [5]: current value is 6",
      ],
      [good, "names must differ: current value is a, twice"],
      [
        { name: "h", dims: [1], type: "float16", data: Float32Array.of(65520) } as const,
        "tensor h must fit float16: current value is 65520",
      ],
    ] as const;
    for (const [bad, message] of cases) {
      const error = await assertRejects(() => writeSafetensors(path, [good, bad]), RangeError);
      assertStringIncludes(error.message, message);
      assertEquals([...Deno.readDirSync(folder)], []);
    }
  });
});

Deno.test("damaged files are refused by name, with what was expected and found", async () => {
  const entry = (start: number, end: number, dtype = "F32", shape: unknown = [2]) => ({
    dtype,
    shape,
    data_offsets: [start, end],
  });
  const cases: [string, unknown, number, number | undefined, string][] = [
    ["cut short", { a: entry(0, 8), b: entry(8, 16) }, 12, undefined, "b ends at byte"],
    ["header past the end", "{}", 0, 3, "its header ends at byte 11 of 10"],
    ["header of absurd length", "{}", 0, 2 ** 50, "its header ends at byte"],
    ["not JSON", "{nothing", 0, undefined, "its header is not JSON"],
    ["not an object", "[1]", 0, undefined, "its header is no JSON object"],
    ["overlap", { a: entry(0, 8), b: entry(4, 12) }, 12, undefined, "b begins at byte"],
    ["hole", { a: entry(0, 8), b: entry(12, 20) }, 20, undefined, "b begins at byte"],
    ["surplus bytes", { a: entry(0, 8) }, 12, undefined, "4 bytes follow a"],
    ["shape and bytes differ", { a: entry(0, 12) }, 12, undefined, "F32 [2] is 8 bytes"],
    ["reversed", { a: entry(8, 0) }, 8, undefined, "bytes 8 to 0"],
    ["no shape", { a: entry(0, 8, "F32", null) }, 8, undefined, "dtype, shape and data_offsets"],
    ["negative shape", { a: entry(0, 8, "F32", [-2]) }, 8, undefined, "dtype, shape and"],
  ];
  await withFolder(async (folder) => {
    for (const [name, header, bytes, headerLength, message] of cases) {
      const path = `${folder}/${name}.safetensors`;
      await writeRaw(path, header, bytes, headerLength);
      const error = await assertRejects(() => readSafetensorsHeader(path), ModelError);
      assertStringIncludes(error.message, message);
      assertStringIncludes(error.message, path);
    }
    await Deno.writeFile(`${folder}/tiny`, new Uint8Array(5));
    const error = await assertRejects(() => readSafetensorsHeader(`${folder}/tiny`), ModelError);
    assertStringIncludes(error.message, "5 bytes");
  });
});

Deno.test("a type that no weight may have is refused by name", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/weights.safetensors`;
    await writeRaw(path, { ids: { dtype: "I64", shape: [1], data_offsets: [0, 8] } }, 8);
    const [tensor] = await readSafetensorsHeader(path);
    const error = await assertRejects(async () => await locationOf(tensor), ModelError);
    assertStringIncludes(error.message, `ids in ${tensor.file} has type I64`);
    assertStringIncludes(error.help, "F32, F16 or BF16");
  });
});

Deno.test("files written by others are read", async () => {
  const stored = await readSafetensorsHeader(fixture("gpt2-tiny/model.safetensors"));
  assertEquals(stored.length, 28);
  const gain = stored.find((tensor) => tensor.name === "transformer.ln_f.weight")!;
  assertEquals((await readTensor(locationOf(gain))).data.length, 32);
});
