/** Requests to the hub: the commit of a revision, the files of a commit, their bytes. @module */
import { ModelError } from "./errors.ts";
import { type HubSettings, isCommit } from "./hub_cache.ts";
import { type HubName, shown } from "./hub_name.ts";
import type { ByteSource, HubFile } from "./hub_download.ts";

/** Milliseconds that the hub has to begin an answer. */
const patience = 20_000;

/** The commit of a revision; null when the hub does not answer. */
export async function currentCommit(
  settings: HubSettings,
  model: HubName,
): Promise<string | null> {
  const { modelInfo } = await import("../../base/packages/huggingface_hub.ts");
  const info = await answered(model, () =>
    modelInfo({
      ...parameters(settings),
      name: model.name,
      revision: model.revision,
      additionalFields: ["sha"],
    }));
  if (info !== null && !isCommit(info.sha ?? "")) {
    throw new ModelError(`the hub names no commit of ${shown(model)}, but ${info.sha}`);
  }
  return info?.sha ?? null;
}

/** The files at the top of a commit, by name. */
export async function listFiles(
  settings: HubSettings,
  model: HubName,
  commit: string,
): Promise<Map<string, HubFile>> {
  const client = await import("../../base/packages/huggingface_hub.ts");
  const entries = await answered(model, async () => {
    const found = [];
    const repo = { type: "model", name: model.name } as const;
    for await (
      const entry of client.listFiles({ ...parameters(settings), repo, revision: commit })
    ) {
      found.push(entry);
    }
    return found;
  });
  if (entries === null) throw noAnswer(settings, model);
  const files = new Map<string, HubFile>();
  for (const { type, path, size, lfs, oid } of entries) {
    const checksum = lfs?.oid ?? oid ?? "";
    const digest = lfs === undefined ? "git" : "sha256";
    const hex = digest === "git" ? /^[0-9a-f]{40}$/ : /^[0-9a-f]{64}$/;
    if (type !== "file" || !hex.test(checksum)) continue;
    files.set(path, { path, size: lfs?.size ?? size, checksum, digest });
  }
  return files;
}

/** Opens the bytes of one file of a commit. */
export function byteSource(
  settings: HubSettings,
  model: HubName,
  commit: string,
  path: string,
): ByteSource {
  const url = `${settings.endpoint}/${model.name}/resolve/${commit}/${encodeURIComponent(path)}`;
  return async (offset) => {
    const response = await fetch(url, {
      headers: {
        ...(settings.token !== undefined && { Authorization: `Bearer ${settings.token}` }),
        ...(offset > 0 && { Range: `bytes=${offset}-` }),
        "Accept-Encoding": "identity",
      },
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw refusal(model, response.status, path);
    }
    return { stream: response.body, offset: response.status === 206 ? offset : 0 };
  };
}

/** An error for a hub that cannot be reached. */
export function noAnswer(settings: HubSettings, model: HubName): ModelError {
  return new ModelError(
    `${settings.endpoint} does not answer, and ${
      shown(model)
    } is not complete in the cache ${settings.cache}`,
  );
}

function parameters(settings: HubSettings) {
  return {
    hubUrl: settings.endpoint,
    accessToken: settings.token,
    fetch:
      ((input, init) =>
        fetch(input, { ...init, signal: AbortSignal.timeout(patience) })) as typeof fetch,
  };
}

/** The answer, or null when there is none; an answer that says no is an error. */
async function answered<T>(model: HubName, ask: () => Promise<T>): Promise<T | null> {
  const { HubApiError } = await import("../../base/packages/huggingface_hub.ts");
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HubApiError) {
      if (error.statusCode >= 500 || error.statusCode === 429) return null;
      throw refusal(model, error.statusCode);
    }
    const lost = error instanceof TypeError && !/token/.test(error.message);
    if (lost || (error as Error).name === "TimeoutError") return null;
    throw new ModelError(
      `the hub's answer about ${shown(model)} cannot be read: ${(error as Error).message}`,
    );
  }
}

function refusal(model: HubName, status: number, path?: string): ModelError {
  const what = path === undefined ? shown(model) : `${path} of ${shown(model)}`;
  if (status === 404) return new ModelError(`the hub has no ${what} (status 404)`);
  return new ModelError(
    `the hub does not give ${what} (status ${status})`,
    status === 401 || status === 403
      ? "a model must exist and be open to you: HF_TOKEN is who you are, and some models ask for consent on their page"
      : undefined,
  );
}
