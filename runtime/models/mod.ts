/** Models: a Hugging Face folder described as data. @module */
export type * from "./architecture.ts";
export { ModelError } from "./errors.ts";
export { familyNames } from "./families/mod.ts";
export { type ModelOptions, openModel, readArchitecture } from "./hub.ts";
export { type HubSettings, hubSettings } from "./hub_cache.ts";
export { parseHubName } from "./hub_name.ts";
export { parseConfig } from "./config.ts";
export { type TensorToWrite, writeSafetensors } from "./safetensors_writer.ts";
export { shapeOf } from "./shape.ts";
export { emptyTokenizer, specialToken } from "./tokenizer/files.ts";
export { readTokenizer, tokenizerFrom } from "./tokenizer.ts";
export { unsoundTensor } from "./unsound.ts";
export type { DenseTensor } from "./views.ts";
export { readCheckpoint } from "./checkpoint.ts";
export {
  type LayerTensor,
  programConfig,
  type ProgramSizes,
  programWeights,
} from "./families/circ_program.ts";
export { readAt } from "./safetensors.ts";
export { viewsOf } from "./views.ts";
