/** Methods that find circuits: the records of discovery, as entries. @module */
import { methods } from "../../runtime/discovery/mod.ts";
import type { Entry } from "./entry.ts";

export const METHODS: readonly Entry[] = Object.values(methods).map(({ name, about }) => ({
  word: name,
  kind: "method",
  form: `find ${name}`,
  text: about,
}));
