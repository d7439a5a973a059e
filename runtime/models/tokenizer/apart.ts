/**
 * Tokenising in a process of its own: a regular expression that runs away, or a damaged table, ends that process alone.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { ModelError } from "../errors.ts";

type Json = Record<string, unknown>;

/** Input of the process, as JSON. */
export interface Question {
  /** Contents of `tokenizer.json`. */
  readonly description: Json;
  readonly texts: readonly string[];
  readonly special: boolean;
}

/** Seconds after which texts count as never done: a thousand of them take a tenth of one. */
const PATIENCE = 20;

/**
 * A function that tokenises texts in a process that ends with them; after one that failed, none is started.
 *
 * @param path the description's file, for messages.
 * @param blamed its parts that may be at fault, for messages.
 */
export function encodeApart(
  path: string,
  description: Json,
  blamed: string,
): (texts: readonly string[], special: boolean) => Promise<(number[] | string)[]> {
  let failure: ModelError | undefined;
  return async (texts, special) => {
    if (failure !== undefined) throw failure;
    const answer = await ask({ description, texts, special });
    if (typeof answer !== "string") return answer;
    failure = new ModelError(
      `${path} cannot be used: ${answer.replace(/ at line 1 column \d+$/, "")}, by ${blamed}`,
      blamed.includes("expression")
        ? "write it without repetition inside of repetition, or behind one another"
        : "",
    );
    throw failure;
  };
}

async function ask(question: Question): Promise<(number[] | string)[] | string> {
  const script = new URL("./apart_main.ts", import.meta.url);
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-config", "--no-lock", "--no-prompt", "--node-modules-dir=none"],
        ...["--allow-ffi", "--allow-read", "--allow-env", "--allow-sys"],
        script.protocol === "file:" ? fileURLToPath(script) : script.href,
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
  } catch (error) {
    return `the process of its own cannot be started (${(error as Error).message})`;
  }
  let late = false;
  const timer = setTimeout(() => (late = true, child.kill("SIGKILL")), 1000 * PATIENCE);
  const output = child.output();
  const writer = child.stdin.getWriter();
  // A process that ends before it has read everything says so by its status.
  await writer.write(new TextEncoder().encode(JSON.stringify(question))).catch(() => {});
  await writer.close().catch(() => {});
  const { success, stdout } = await output;
  clearTimeout(timer);
  if (success) return JSON.parse(new TextDecoder().decode(stdout));
  return late ? `the process did not end in ${PATIENCE} seconds` : "the process was ended";
}
