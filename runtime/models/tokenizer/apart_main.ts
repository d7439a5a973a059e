/** Program of the process in which `apart.ts` tokenises: a question on stdin, token ids on stdout. @module */
import { Tokenizer } from "../../../base/packages/tokenizers.ts";
import type { Question } from "./apart.ts";
import { encodeHere } from "./library.ts";

const { description, texts, special }: Question = await new Response(Deno.stdin.readable).json();
const answer = await encode().catch((error: Error) => error.message);
await new Response(JSON.stringify(answer)).body!.pipeTo(Deno.stdout.writable);

async function encode() {
  return await encodeHere(Tokenizer.fromString(JSON.stringify(description)), texts, special);
}
