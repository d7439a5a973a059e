import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  type DenseTensor,
  ModelError,
  openModel,
  readArchitecture,
  type TensorToWrite,
  writeSafetensors,
} from "../../../runtime/models/mod.ts";
import { changeConfig, copyModel, fixture, readJson, tensorsOf, withFolder } from "./helpers.ts";
import { referenceLogits } from "./reference_forward.ts";

function toWrite(
  tensors: Iterable<[string, DenseTensor]>,
  type: TensorToWrite["type"] = "float32",
): TensorToWrite[] {
  return [...tensors].map(([name, { dims, data }]) => ({ name, dims, data, type }));
}

/** Spreads a fixture's tensors over two shards; returns what the index says, for a test to change. */
async function shard(name: string, folder: string) {
  await copyModel(name, folder);
  await Deno.remove(`${folder}/model.safetensors`);
  const all = toWrite(await tensorsOf(name));
  const places: Record<string, string> = {};
  for (const part of [0, 1]) {
    const file = `model-0000${part + 1}-of-00002.safetensors`;
    const own = all.filter((_, i) => i % 2 === part);
    await writeSafetensors(`${folder}/${file}`, own);
    own.forEach((tensor) => places[tensor.name] = file);
  }
  const elements = all.reduce((sum, t) => sum + (t.data as Float32Array).length, 0);
  return { metadata: { total_size: 4 * elements }, weight_map: places };
}

async function writeIndex(folder: string, index: unknown): Promise<void> {
  await Deno.writeTextFile(`${folder}/model.safetensors.index.json`, JSON.stringify(index));
}

async function refusal(folder: string): Promise<string> {
  const error = await assertRejects(() => openModel(folder), ModelError);
  assertEquals(error.stack?.includes(error.message), true);
  return error.message;
}

Deno.test("a model is its description: places of tensors, no values", async () => {
  const model = await openModel(fixture("gpt2-tiny"));
  assertEquals(model.name, "gpt2-tiny");
  assertEquals(model.tokenizer, null);
  assertEquals(model.architecture.layers, 2);
  assertEquals(model.architecture.mlpWidth, 128);
  const place = model.tensors.get("transformer.wte.weight")!;
  assertEquals([place.dims, place.type, place.length], [[64, 32], "float32", 64 * 32 * 4]);
  assertEquals(place.file, await Deno.realPath(fixture("gpt2-tiny/model.safetensors")));
});

Deno.test("files behind links are named by where they lie", async () => {
  await withFolder(async (folder) => {
    await copyModel("gpt2-tiny", folder);
    await Deno.mkdir(`${folder}/blobs`);
    await Deno.rename(`${folder}/model.safetensors`, `${folder}/blobs/0a1b`);
    await Deno.symlink("blobs/0a1b", `${folder}/model.safetensors`);
    const model = await openModel(folder);
    const place = model.tensors.get("transformer.wte.weight")!;
    assertEquals(place.file, `${await Deno.realPath(folder)}/blobs/0a1b`);
  });
});

Deno.test("names without the base model's prefix are read as well", async () => {
  for (
    const [name, prefix] of [
      ["gpt2-tiny", "transformer."],
      ["architectures/llama-mha", "model."],
      ["architectures/gpt-neox", "gpt_neox."],
    ]
  ) {
    await withFolder(async (folder) => {
      await copyModel(name, folder);
      const tensors = [...await tensorsOf(name)].map(([key, tensor]) =>
        [key.startsWith(prefix) ? key.slice(prefix.length) : key, tensor] as [string, DenseTensor]
      );
      await writeSafetensors(`${folder}/model.safetensors`, toWrite(tensors));
      const model = await openModel(folder);
      assertEquals([...model.tensors.keys()].some((key) => key.startsWith(prefix)), false);
      const tokens = [1, 2, 3];
      assertEquals(
        await referenceLogits(model, tokens),
        await referenceLogits(await openModel(fixture(name)), tokens),
      );
    });
  }
});

Deno.test("16-bit checkpoints keep their type and give nearly the same logits", async () => {
  for (const [type, tolerance] of [["float16", 0.01], ["bfloat16", 0.1]] as const) {
    await withFolder(async (folder) => {
      await copyModel("architectures/qwen3", folder);
      const tensors = toWrite(await tensorsOf("architectures/qwen3"), type);
      await writeSafetensors(`${folder}/model.safetensors`, tensors);
      const model = await openModel(folder);
      assertEquals(new Set([...model.tensors.values()].map((t) => t.type)), new Set([type]));
      const golden = readJson<{ tokens: number[][]; logits: number[][][] }>(
        "architectures/qwen3/golden.json",
      );
      const logits = await referenceLogits(model, golden.tokens[0]);
      const errors = [...logits[8]].map((x, j) => Math.abs(x - golden.logits[0][8][j]));
      assert(Math.max(...errors) < tolerance && Math.max(...errors) > 0);
    });
  }
});

Deno.test("shards are one model, with the hash of the single file", async () => {
  await withFolder(async (folder) => {
    await writeIndex(folder, await shard("gpt2-tiny", folder));
    const model = await openModel(folder);
    const single = await openModel(fixture("gpt2-tiny"));
    assertEquals(new Set([...model.tensors.values()].map((place) => place.file)).size, 2);
    assertEquals(await referenceLogits(model, [1, 2]), await referenceLogits(single, [1, 2]));
    await Deno.copyFile(fixture("gpt2-tiny/config.json"), `${folder}/config.json`);
    assertEquals(await model.hash(), await single.hash());
  });
});

Deno.test("metadata of an index is no measure", async () => {
  await withFolder(async (folder) => {
    const index = await shard("gpt2-tiny", folder);
    for (const total_size of [28, "many", null]) {
      await writeIndex(folder, { ...index, metadata: { total_size } });
      assertEquals((await openModel(folder)).tensors.size, 28);
    }
  });
});

Deno.test("shards that do not add up are refused by name", async () => {
  await withFolder(async (folder) => {
    const index = await shard("gpt2-tiny", folder);
    const names = Object.keys(index.weight_map);
    const [first, second] = [names[0], names.at(-1)!].map((name) => index.weight_map[name]);
    const without = (name: string) => {
      const { [name]: _, ...rest } = index.weight_map;
      return rest;
    };
    const cases: [unknown, string][] = [
      [{ weight_map: without(names[0]) }, `${first} has ${names[0]}, which`],
      [
        { weight_map: { ...index.weight_map, extra: first } },
        `lists extra in ${first}, which has no such tensor`,
      ],
      [
        { weight_map: { ...index.weight_map, [names[0]]: second } },
        `lists in ${second}`,
      ],
      [
        { weight_map: { ...index.weight_map, extra: "other.safetensors" } },
        "lists other.safetensors, which is not there",
      ],
      [{ weight_map: { a: "../other.safetensors" } }, "no plain name of a safetensors file"],
      [{ weight_map: { a: "weights.bin" } }, "no plain name of a safetensors file"],
      [{}, "has no `weight_map`"],
    ];
    for (const [changed, message] of cases) {
      await writeIndex(folder, changed);
      assertStringIncludes(await refusal(folder), message);
    }
    await writeIndex(folder, index);
    await Deno.remove(`${folder}/${second}`);
    assertStringIncludes(await refusal(folder), `lists ${second}, which is not there`);
  });
});

Deno.test("a folder that is no model is refused", async () => {
  assertStringIncludes(await refusal("/no/such/folder"), "no such folder");
  assertStringIncludes(await refusal(fixture("gpt2-tiny/config.json")), "is a file");
  await withFolder(async (folder) => {
    assertStringIncludes(await refusal(folder), "config.json");
    await Deno.copyFile(fixture("gpt2-tiny/config.json"), `${folder}/config.json`);
    await Deno.writeTextFile(`${folder}/pytorch_model.bin`, "");
    const { message, help } = await assertRejects(() => openModel(folder), ModelError);
    assertStringIncludes(message, "weights in pytorch_model.bin, which may hold code");
    assertStringIncludes(help, "save_pretrained");
    await Deno.remove(`${folder}/pytorch_model.bin`);
    const none = await assertRejects(() => openModel(folder), ModelError);
    assertStringIncludes(none.message, "neither model.safetensors nor");
    assertStringIncludes(none.help, "there is config.json");
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n";
    await Deno.writeTextFile(`${folder}/model.safetensors`, pointer);
    assertStringIncludes(await refusal(folder), "model.safetensors is a Git LFS pointer");
    await Deno.writeTextFile(`${folder}/config.json`, pointer);
    assertStringIncludes(await refusal(folder), "config.json is a Git LFS pointer");
    await Deno.writeTextFile(`${folder}/config.json`, "{ truly");
    assertStringIncludes(await refusal(folder), "config.json is not JSON");
    await Deno.writeTextFile(`${folder}/config.json`, "[]");
    assertStringIncludes(await refusal(folder), "holds no JSON object");
  });
});

Deno.test("a truncated file is refused", async () => {
  await withFolder(async (folder) => {
    await copyModel("gpt2-tiny", folder);
    await Deno.truncate(`${folder}/model.safetensors`, 100_000);
    assertStringIncludes(await refusal(folder), "it is cut short: ");
  });
});

Deno.test("missing, surplus and misshapen tensors are refused by name; known buffers are not", async () => {
  await withFolder(async (folder) => {
    await copyModel("gpt2-tiny", folder);
    const tensors = toWrite(await tensorsOf("gpt2-tiny"));
    const write = (list: TensorToWrite[]) => writeSafetensors(`${folder}/model.safetensors`, list);
    const one = { dims: [1], type: "float32", data: Float32Array.of(1) } as const;

    await write(tensors.filter((tensor) => tensor.name !== "transformer.h.1.ln_2.bias"));
    assertStringIncludes(await refusal(folder), "lack transformer.h.1.ln_2.bias");

    await write([...tensors, { ...one, name: "score.weight" }]);
    assertStringIncludes(
      await refusal(folder),
      "have score.weight, unknown in a model of type gpt2",
    );

    await write(
      tensors.map((tensor) =>
        tensor.name === "transformer.h.0.attn.c_attn.weight"
          ? { ...tensor, dims: [96, 32] }
          : tensor
      ),
    );
    assertStringIncludes(
      await refusal(folder),
      "has shape [96, 32], and config.json asks for [32, 96]",
    );

    await write([
      ...tensors,
      { ...one, name: "transformer.h.0.attn.bias", dims: [1, 1] },
      { ...one, name: "transformer.h.1.attn.masked_bias", dims: [] },
    ]);
    assertEquals((await openModel(folder)).tensors.size, 28);
  });
});

Deno.test("a head that is stored although it is tied must be the embedding", async () => {
  await withFolder(async (folder) => {
    await copyModel("gpt2-tiny", folder);
    const tensors = toWrite(await tensorsOf("gpt2-tiny"));
    const embedding = tensors.find((tensor) => tensor.name === "transformer.wte.weight")!;
    const head = { ...embedding, name: "lm_head.weight" };
    await writeSafetensors(`${folder}/model.safetensors`, [...tensors, head]);
    assertEquals((await openModel(folder)).tensors.has("lm_head.weight"), false);
    const data = Float32Array.from(embedding.data as Float32Array);
    data[5] += 1;
    await writeSafetensors(`${folder}/model.safetensors`, [...tensors, { ...head, data }]);
    assertStringIncludes(
      await refusal(folder),
      "have lm_head.weight, which differs from transformer.wte.weight",
    );
    await changeConfig(folder, { tie_word_embeddings: false });
    assertEquals((await openModel(folder)).tensors.has("lm_head.weight"), true);
  });
});

Deno.test("a tied head may be of another type, if it is the embedding rounded to it", async () => {
  await withFolder(async (folder) => {
    await copyModel("gpt2-tiny", folder);
    const tensors = toWrite(await tensorsOf("gpt2-tiny"));
    const embedding = tensors.find((tensor) => tensor.name === "transformer.wte.weight")!;
    const data = embedding.data as Float32Array;
    const write = (type: TensorToWrite["type"], head: Float32Array) =>
      writeSafetensors(`${folder}/model.safetensors`, [
        ...tensors,
        { ...embedding, name: "lm_head.weight", type, data: head },
      ]);
    for (const type of ["float16", "bfloat16"] as const) {
      await write(type, data);
      assertEquals((await openModel(folder)).tensors.has("lm_head.weight"), false, type);
      await write(type, data.map((value, i) => i === 9 ? value + 0.1 : value));
      assertStringIncludes(await refusal(folder), "differs from transformer.wte.weight");
    }
  });
});

Deno.test("a tied embedding may be stored as the head alone", async () => {
  await withFolder(async (folder) => {
    await copyModel("gpt2-tiny", folder);
    const expected = await referenceLogits(await openModel(folder), [1, 2, 3]);
    const tensors = toWrite(await tensorsOf("gpt2-tiny")).map((tensor) =>
      tensor.name === "transformer.wte.weight" ? { ...tensor, name: "lm_head.weight" } : tensor
    );
    await writeSafetensors(`${folder}/model.safetensors`, tensors);
    assertEquals(await referenceLogits(await openModel(folder), [1, 2, 3]), expected);
    await changeConfig(folder, { tie_word_embeddings: false });
    assertStringIncludes(await refusal(folder), "lack transformer.wte.weight");
  });
});

Deno.test("names of compiled and distributed models are read without their wrapper", async () => {
  const expected = await referenceLogits(await openModel(fixture("gpt2-tiny")), [1, 2, 3]);
  for (const wrapper of ["_orig_mod.", "module.", "module._orig_mod.", "_orig_mod.module."]) {
    await withFolder(async (folder) => {
      await copyModel("gpt2-tiny", folder);
      const tensors = toWrite(await tensorsOf("gpt2-tiny")).map((tensor) => ({
        ...tensor,
        name: wrapper + tensor.name,
      }));
      await writeSafetensors(`${folder}/model.safetensors`, tensors);
      assertEquals(await referenceLogits(await openModel(folder), [1, 2, 3]), expected, wrapper);
    });
  }
});

Deno.test("an untied head must be there", async () => {
  await withFolder(async (folder) => {
    await copyModel("gpt2-tiny", folder, { tie_word_embeddings: false });
    assertStringIncludes(await refusal(folder), "lack lm_head.weight");
  });
});

Deno.test("the hash follows configuration, weights and tokenizer", async () => {
  const original = await (await openModel(fixture("stories260k"))).hash();
  assertEquals(original.length, 64);
  await withFolder(async (folder) => {
    await copyModel("stories260k", folder);
    const hash = async () => await (await openModel(folder)).hash();
    assertEquals(await hash(), original);
    await changeConfig(folder, { rms_norm_eps: 1e-6 });
    const changed = await hash();
    assertNotEquals(changed, original);
    await Deno.remove(`${folder}/tokenizer.json`);
    const bare = await hash();
    assertNotEquals(bare, changed);
    const bytes = await Deno.readFile(`${folder}/model.safetensors`);
    bytes[bytes.length - 1] ^= 1;
    await Deno.writeFile(`${folder}/model.safetensors`, bytes);
    assertNotEquals(await hash(), bare);
  });
});

Deno.test("an architecture needs no weights", async () => {
  await withFolder(async (folder) => {
    await Deno.copyFile(fixture("stories260k/config.json"), `${folder}/config.json`);
    assertEquals((await readArchitecture(folder)).keyValueHeads, 4);
  });
});
