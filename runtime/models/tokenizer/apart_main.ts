/** Program of the process in which `apart.ts` tokenises: a question on stdin, token ids on stdout. @module */
import { Tokenizer } from "../../../base/packages/tokenizers.ts";
import type { Question } from "./apart.ts";
import { encodeHere } from "./library.ts";

const { description, texts, special }: Question = await new Response(Deno.stdin.readable).json();
const encoded = await encodeHere(Tokenizer.fromString(JSON.stringify(description)), texts, special);
await new Response(JSON.stringify(encoded)).body!.pipeTo(Deno.stdout.writable);
