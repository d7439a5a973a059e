/** The thread of thread.ts. @module */
import { parentPort, workerData } from "node:worker_threads";
import { Tokenizer } from "../../../base/packages/tokenizers.ts";
import { encodeHere } from "./library.ts";
import { ANSWER, type Question, STATE } from "./thread.ts";

const tokenizer = Tokenizer.fromString(workerData);

parentPort!.on("message", async ({ text, special, memory }: Question) => {
  const [found] = await encodeHere(tokenizer, [text], special);
  const answer = new Int32Array(memory);
  const isMessage = typeof found === "string";
  const content = isMessage ? Array.from(found, (_, i) => found.charCodeAt(i)) : found;
  answer[ANSWER.length] = content.length;
  if (ANSWER.content + content.length <= answer.length) answer.set(content, ANSWER.content);
  Atomics.store(answer, ANSWER.state, isMessage ? STATE.message : STATE.tokens);
  Atomics.notify(answer, ANSWER.state);
});
