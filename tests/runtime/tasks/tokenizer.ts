/** The toy fixture's tokenizer, straight from the tokenizer library. */
import { Tokenizer as Library } from "../../../base/packages/huggingface_tokenizers.ts";
import type { Tokenizer } from "../../../runtime/models/architecture.ts";

export const TOY = new URL("../../fixtures/toy/", import.meta.url).pathname;

export function toyTokenizer(): Tokenizer {
  const library = new Library(
    JSON.parse(Deno.readTextFileSync(`${TOY}tokenizer.json`)),
    JSON.parse(Deno.readTextFileSync(`${TOY}tokenizer_config.json`)),
  );
  const decode = (tokens: readonly number[]) =>
    library.decode([...tokens], { skip_special_tokens: false });
  return {
    encode: (text) => library.encode(text).ids,
    encodePlain: (text) => library.encode(text, { add_special_tokens: false }).ids,
    decode,
    tokenText: (token) => decode([token]),
    vocabulary: 759,
  };
}
