import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { createHash } from "node:crypto";
import {
  type HubSettings,
  hubSettings,
  ModelError,
  type ModelOptions,
  openModel,
  parseHubName,
  readArchitecture,
} from "../../../runtime/models/mod.ts";
import { fixture, withFolder } from "./helpers.ts";

const commit = "0123456789abcdef0123456789abcdef01234567";

/** Files and behaviour of the server; tests change them. */
interface Stage {
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  /** Every request as `METHOD path range`, and who asked. */
  readonly requests: string[];
  readonly authorizations: Set<string | null>;
  /** Bytes after which a download of a large file breaks off. */
  cutAfter?: number;
  /** Ranges are not understood. */
  wholeOnly?: boolean;
  status?: number;
  /** Address that requests for large files are redirected to. */
  redirect?: string;
}

/** Serves one model by the hub's routes: its revision, its file list, its files. */
async function withHub(
  test: (stage: Stage, options: ModelOptions & { settings: HubSettings }) => Promise<void>,
  folder = "stories260k",
): Promise<void> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { name } of Deno.readDirSync(fixture(folder))) {
    files.set(name, Deno.readFileSync(`${fixture(folder)}/${name}`));
  }
  files.set("pytorch_model.bin", new Uint8Array([128, 2]));
  files.set("modeling.py", new TextEncoder().encode("print('boo')"));
  const stage: Stage = { files, requests: [], authorizations: new Set() };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => answer(stage, request),
  );
  const endpoint = `http://127.0.0.1:${(server.addr as Deno.NetAddr).port}`;
  try {
    await withFolder(async (cache) => {
      await test(stage, { settings: { cache, endpoint, token: "hf_secret", offline: false } });
    });
  } finally {
    await server.shutdown();
  }
}

function answer(stage: Stage, request: Request): Response {
  const { pathname } = new URL(request.url);
  const range = request.headers.get("Range");
  stage.requests.push(`${pathname}${range === null ? "" : ` ${range}`}`);
  if (!pathname.startsWith("/elsewhere")) {
    stage.authorizations.add(request.headers.get("Authorization"));
  }
  if (stage.status !== undefined) return new Response("no", { status: stage.status });
  if (pathname === "/api/models/tiny/stories/revision/main") {
    return Response.json({ _id: "1", id: "tiny/stories", sha: commit, lastModified: 0 });
  }
  if (pathname === `/api/models/tiny/stories/tree/${commit}`) {
    return Response.json([...stage.files].map(([path, bytes]) => listing(path, bytes)));
  }
  const path = pathname.replace(`/tiny/stories/resolve/${commit}/`, "");
  const bytes = stage.files.get(path);
  if (bytes === undefined) return new Response("none", { status: 404 });
  if (stage.redirect !== undefined && isLarge(path)) {
    return new Response(null, { status: 302, headers: { Location: `${stage.redirect}/${path}` } });
  }
  return body(stage, path, bytes, range);
}

function body(
  stage: Stage,
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  range: string | null,
): Response {
  const start = stage.wholeOnly ? 0 : Number(/^bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0);
  const cut = stage.cutAfter !== undefined && isLarge(path) ? start + stage.cutAfter : undefined;
  const status = range !== null && !stage.wholeOnly ? 206 : 200;
  return new Response(bytes.slice(start, cut), { status });
}

function isLarge(path: string): boolean {
  return path.endsWith(".safetensors");
}

function listing(path: string, bytes: Uint8Array) {
  const sha1 = createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const lfs = { oid: sha256, size: bytes.length, pointerSize: 134 };
  return { type: "file", path, oid: sha1, size: bytes.length, ...(isLarge(path) && { lfs }) };
}

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory
      ? filesBelow(path).map((name) => `${entry.name}/${name}`)
      : [entry.name];
  }).sort();
}

const refused = (place: string, options: ModelOptions): Promise<ModelError> =>
  assertRejects(() => openModel(place, options), ModelError);

const refusal = async (place: string, options: ModelOptions): Promise<string> =>
  (await refused(place, options)).message;

Deno.test("a model comes down once, into the standard cache, without anything that executes", async () => {
  await withHub(async (stage, options) => {
    const progress: Parameters<NonNullable<ModelOptions["onProgress"]>>[0][] = [];
    const model = await openModel("hub:tiny/stories", {
      ...options,
      onProgress: (one) => progress.push(one),
    });
    const local = await openModel(fixture("stories260k"));
    assertEquals([model.name, await model.hash()], ["tiny/stories", await local.hash()]);
    assertEquals(await model.tokenizer!.encode("Lily"), [1, 317]);
    const last = progress.at(-1)!;
    assertEquals([last.received, last.file], [last.size, "model.safetensors"]);

    const folder = `${options.settings.cache}/models--tiny--stories`;
    assertEquals(Deno.readTextFileSync(`${folder}/refs/main`), commit);
    assertEquals(filesBelow(`${folder}/snapshots`), [
      `${commit}/config.json`,
      `${commit}/model.safetensors`,
      `${commit}/tokenizer.json`,
      `${commit}/tokenizer_config.json`,
    ]);
    const target = Deno.readLinkSync(`${folder}/snapshots/${commit}/model.safetensors`);
    const sum = createHash("sha256").update(stage.files.get("model.safetensors")!).digest("hex");
    assertEquals(target, `../../blobs/${sum}`);
    assertEquals(stage.requests.some((one) => /\.bin|\.py/.test(one)), false);
    assertEquals([...stage.authorizations], ["Bearer hf_secret"]);

    stage.requests.length = 0;
    await openModel("hub:tiny/stories", options);
    assertEquals(stage.requests.length, 1);
    stage.requests.length = 0;
    await openModel(`hub:tiny/stories@${commit}`, options);
    assertEquals(stage.requests, []);
  });
});

Deno.test("every file that declares tokens comes down, and a vocabulary by itself where there is no tokenizer.json", async () => {
  await withHub(async (stage, options) => {
    const put = (path: string, value: unknown) =>
      stage.files.set(path, new TextEncoder().encode(JSON.stringify(value)));
    stage.files.delete("tokenizer_config.json");
    put("special_tokens_map.json", { sep_token: "<sep>" });
    put("added_tokens.json", { "<sep>": 512 });
    put("vocab.json", { a: 0, b: 1 });
    stage.files.set("merges.txt", new TextEncoder().encode("#version: 0.2\n"));
    const names = () =>
      filesBelow(`${options.settings.cache}/models--tiny--stories/snapshots/${commit}`);
    const model = await openModel("hub:tiny/stories", options);
    assertEquals((await model.tokenizer!.encode("Lily<sep>")).at(-1), 512);
    assertEquals(names().includes("vocab.json"), false);
    stage.files.delete("tokenizer.json");
    stage.files.delete("added_tokens.json");
    await Deno.remove(options.settings.cache, { recursive: true });
    const other = await openModel("hub:tiny/stories", options);
    assertEquals(await other.tokenizer!.encode("ba"), [1, 0]);
    assertEquals(names(), [
      "config.json",
      "merges.txt",
      "model.safetensors",
      "special_tokens_map.json",
      "vocab.json",
    ]);
  });
});

Deno.test("a download cut short goes on from where it stopped", async () => {
  await withHub(async (stage, options) => {
    stage.cutAfter = 300_000;
    const first = await refusal("hub:tiny/stories", options);
    assertStringIncludes(first, "only 300000 of 1044992 bytes of model.safetensors arrived");
    assertStringIncludes(await refusal("hub:tiny/stories", options), "only 600000 of");
    stage.cutAfter = undefined;
    stage.requests.length = 0;
    await openModel("hub:tiny/stories", options);
    assertEquals(stage.requests.filter((one) => one.includes("safetensors")), [
      `/tiny/stories/resolve/${commit}/model.safetensors bytes=600000-`,
    ]);
  });
});

Deno.test("a server that cannot resume gives the file from its beginning", async () => {
  await withHub(async (stage, options) => {
    stage.cutAfter = 1000;
    await refusal("hub:tiny/stories", options);
    stage.cutAfter = undefined;
    stage.wholeOnly = true;
    assertEquals((await openModel("hub:tiny/stories", options)).architecture.layers, 5);
  });
});

Deno.test("a file whose checksum differs is refused and removed", async () => {
  for (const path of ["model.safetensors", "tokenizer.json"]) {
    await withHub(async (stage, options) => {
      const good = stage.files.get(path)!;
      const changed = good.slice();
      changed[changed.length - 2] ^= 1;
      const honest = listing(path, good);
      const map = stage.files.entries.bind(stage.files);
      // The list keeps the sums of the good file; the bytes are the changed one's.
      stage.files.set(path, changed);
      Object.defineProperty(stage.files, Symbol.iterator, {
        value: () => [...map()].map(([p, b]) => [p, p === path ? good : b])[Symbol.iterator](),
      });
      const sum = honest.lfs?.oid ?? honest.oid;
      const message = await refusal("hub:tiny/stories", options);
      assertStringIncludes(message, `and the hub names ${sum}`);
      const blobs = filesBelow(`${options.settings.cache}/models--tiny--stories/blobs`);
      assertEquals(blobs.some((blob) => blob.startsWith(sum)), false);
      stage.files.set(path, good);
      await openModel("hub:tiny/stories", options);
    });
  }
});

Deno.test("the cache serves when the network does not, or must not be asked", async () => {
  await withHub(async (stage, options) => {
    const offline = { settings: { ...options.settings, offline: true } };
    assertStringIncludes(
      await refusal("hub:tiny/stories", offline),
      "hub:tiny/stories is absent in the cache",
    );
    await openModel("hub:tiny/stories", options);
    stage.requests.length = 0;
    await openModel("hub:tiny/stories", offline);
    assertEquals(stage.requests, []);

    const notes: string[] = [];
    const onNote = (note: string) => notes.push(note);
    stage.status = 503;
    await openModel("hub:tiny/stories", { ...options, onNote });
    const unreachable = { ...options.settings, endpoint: "http://127.0.0.1:1" };
    await openModel("hub:tiny/stories", { settings: unreachable, onNote });
    assertEquals(notes.length, 2);
    assertStringIncludes(notes[1], "http://127.0.0.1:1 did not answer, using the cache");
    const message = await refusal("hub:tiny/other", { settings: unreachable });
    assertStringIncludes(
      message,
      "http://127.0.0.1:1 does not answer, and hub:tiny/other is not complete",
    );
  });
});

Deno.test("a model that is not there, not open or not usable is refused by name", async () => {
  await withHub(async (stage, options) => {
    assertStringIncludes(await refusal("hub:tiny/none", options), "status 404");
    stage.status = 401;
    const closed = await refusal("hub:tiny/stories", options);
    assertStringIncludes(closed, "the hub does not give hub:tiny/stories (status 401)");
    stage.status = undefined;
    const weights = stage.files.get("model.safetensors")!;
    stage.files.delete("model.safetensors");
    const bare = await refused("hub:tiny/stories", options);
    assertStringIncludes(bare.message, "has no model.safetensors or model.safetensors.index.json");
    assertStringIncludes(bare.help, "pytorch_model.bin");
    stage.files.set("model.safetensors", weights);
    stage.files.set("config.json", new TextEncoder().encode('{"model_type": "mamba"}'));
    stage.requests.length = 0;
    assertStringIncludes(await refusal("hub:tiny/stories", options), '"mamba"');
    assert(!stage.requests.some((one) => one.includes("safetensors")));
  });
});

Deno.test("shards come down with their index", async () => {
  await withHub(async (stage, options) => {
    const whole = stage.files.get("model.safetensors")!;
    const shard = "model-00001-of-00001.safetensors";
    const length = Number(new DataView(whole.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(whole.subarray(8, 8 + length)));
    const names = Object.keys(header).filter((name) => name !== "__metadata__");
    const index = { weight_map: Object.fromEntries(names.map((name) => [name, shard])) };
    stage.files.delete("model.safetensors");
    stage.files.set(shard, whole);
    stage.files.set(
      "model.safetensors.index.json",
      new TextEncoder().encode(JSON.stringify(index)),
    );
    const model = await openModel("hub:tiny/stories", options);
    const local = await openModel(fixture("stories260k"));
    assertEquals(await model.hash(), await local.hash());
  });
});

Deno.test("absent tokenizer files are noted, so that a commit needs no second question", async () => {
  await withHub(async (stage, options) => {
    stage.files.delete("golden.json");
    assertEquals((await openModel("hub:tiny/stories", options)).tokenizer, null);
    stage.requests.length = 0;
    await openModel(`hub:tiny/stories@${commit}`, options);
    assertEquals(stage.requests, []);
  }, "gpt2-tiny");
});

Deno.test("an architecture needs config.json alone", async () => {
  await withHub(async (stage, options) => {
    assertEquals((await readArchitecture("hub:tiny/stories", options)).layers, 5);
    assert(!stage.requests.some((one) => /safetensors|tokenizer/.test(one)));
  });
});

Deno.test("the token stays with the hub when a file lies elsewhere", async () => {
  const seen: (string | null)[] = [];
  await withHub(async (stage, options) => {
    const other = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      seen.push(request.headers.get("Authorization"));
      return body(stage, "model.safetensors", stage.files.get("model.safetensors")!, null);
    });
    try {
      stage.redirect = `http://127.0.0.1:${(other.addr as Deno.NetAddr).port}/elsewhere`;
      await openModel("hub:tiny/stories", options);
      assertEquals(seen, [null]);
    } finally {
      await other.shutdown();
    }
  });
});

Deno.test("names of hub models", () => {
  assertEquals(parseHubName("models/toy"), null);
  assertEquals(parseHubName("hub:a/b"), { name: "a/b", revision: "main" });
  assertEquals(parseHubName("hub:a/b.c@refs/pr/1"), { name: "a/b.c", revision: "refs/pr/1" });
  for (const wrong of ["hub:gpt2", "hub:a/b/c", "hub:../b", "hub:a/b@../x", "hub:a/b@", "hub:"]) {
    assertStringIncludes(
      assertThrows(() => parseHubName(wrong), ModelError).message,
      `\`${wrong}\` is no model of the hub`,
    );
  }
});

Deno.test("settings come from the environment as Hugging Face's tools read it", async () => {
  await withFolder(async (folder) => {
    const read = (variables: Record<string, string>) => hubSettings((name) => variables[name]);
    await Deno.writeTextFile(`${folder}/token`, "hf_file\n");
    assertEquals(read({ HF_HOME: folder }), {
      cache: `${folder}/hub`,
      endpoint: "https://huggingface.co",
      token: "hf_file",
      offline: false,
    });
    const all = read({
      HF_HOME: folder,
      HF_HUB_CACHE: "/cache",
      HF_ENDPOINT: "https://mirror.example/",
      HF_TOKEN: "hf_own",
      HF_HUB_OFFLINE: "1",
    });
    assertEquals(all, {
      cache: "/cache",
      endpoint: "https://mirror.example",
      token: "hf_own",
      offline: true,
    });
  });
});
