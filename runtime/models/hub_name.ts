/** Names of models on the hub. @module */
import { ModelError } from "./errors.ts";

/** A model on the hub: `owner/name` and a branch, tag or commit. */
export interface HubName {
  readonly name: string;
  readonly revision: string;
}

/** A part between slashes: never dots alone. */
const PART = "(?!\\.*(?:[/@]|$))[A-Za-z0-9_.-]+";
const FORM = new RegExp(`^hub:(${PART}/${PART})(?:@(${PART}(?:/${PART})*))?$`);

/**
 * Reads `hub:owner/name[@revision]`; null for a text that does not begin with `hub:`.
 *
 * @throws {ModelError} if the text continues in another way
 */
export function parseHubName(place: string): HubName | null {
  if (!place.startsWith("hub:")) return null;
  const [, name, revision = "main"] = FORM.exec(place) ?? [];
  if (name !== undefined) return { name, revision };
  throw new ModelError(
    `\`${place}\` is no model of the hub`,
    "write `hub:owner/name` or `hub:owner/name@revision`",
  );
}

/** A hub model as its user writes it. */
export function shown({ name, revision }: HubName): string {
  return `hub:${name}${revision === "main" ? "" : `@${revision}`}`;
}
