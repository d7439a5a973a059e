/** The table of families. Adding one is adding a file and a line here: see docs/adding-a-model.md. @module */
import { type Config, refuseUnknownSettings } from "../config.ts";
import { helpFor } from "../../../base/help_line.ts";
import type { Description, Family } from "./family.ts";
import { circProgram } from "./circ_program.ts";
import { gemma1 } from "./gemma1.ts";
import { gemma2 } from "./gemma2.ts";
import { gemma3Text } from "./gemma3_text.ts";
import { gpt2 } from "./gpt2.ts";
import { gptNeox } from "./gpt_neox.ts";
import { llama } from "./llama.ts";
import { mistral } from "./mistral.ts";
import { olmo2 } from "./olmo2.ts";
import { phi3 } from "./phi3.ts";
import { qwen2 } from "./qwen2.ts";
import { qwen3 } from "./qwen3.ts";

const table: readonly Family[] = [
  circProgram,
  gemma1,
  gemma2,
  gemma3Text,
  gpt2,
  gptNeox,
  llama,
  mistral,
  olmo2,
  phi3,
  qwen2,
  qwen3,
];

/** Names of the families that can be run, in alphabetical order. */
export function familyNames(): string[] {
  return table.map((family) => family.name).sort();
}

/** The family that a configuration names; an unknown one is refused with the names that are known. */
export function familyOf(config: Config): Family {
  const name = config.text("model_type");
  const family = table.find((one) => one.name === name);
  if (family !== undefined) return family;
  throw config.refusal(
    "model_type",
    `the name of a known family`,
    name,
    helpFor(name, familyNames(), "the families are"),
  );
}

/** Describes a model from its configuration; settings that are not implemented are refused by name. */
export function describeModel(config: Config): Description {
  const family = familyOf(config);
  const description = family.describe(config);
  refuseUnknownSettings(config, family.harmless);
  return description;
}
