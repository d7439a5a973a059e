/** Names of models on the hub. @module */
import { ModelError } from "./errors.ts";

/** A model on the hub: `owner/name` and a branch, tag or commit. */
export interface HubName {
  readonly name: string;
  readonly revision: string;
}

/**
 * Reads `hub:owner/name[@revision]`; null for a text that does not begin with `hub:`.
 *
 * @throws {ModelError} if the text goes on in another way
 */
export function parseHubName(place: string): HubName | null {
  if (!place.startsWith("hub:")) return null;
  const [, name, revision = "main"] = /^hub:([^@]*)(?:@(.+))?$/.exec(place) ?? [];
  const plain = /^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/.test(name ?? "") &&
    /^[A-Za-z0-9_./-]+$/.test(revision) &&
    ![...name.split("/"), ...revision.split("/")].some((part) => /^\.*$/.test(part));
  if (plain) return { name, revision };
  throw new ModelError(
    `\`${place}\` is no model of the hub`,
    "write `hub:owner/name` or `hub:owner/name@revision`",
  );
}

/** A hub model as its user writes it. */
export function shown({ name, revision }: HubName): string {
  return `hub:${name}${revision === "main" ? "" : `@${revision}`}`;
}
