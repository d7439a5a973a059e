/** A world for the checker in tests: one model, files that are there unless their name says otherwise. @module */
import { dirname, join } from "node:path";
import type { CheckContext } from "../../../dsl/check/check.ts";
import type { Source } from "../../../dsl/text/source.ts";
import { ModelError } from "../../../runtime/models/errors.ts";

/** The shape of `models/toy`: four layers of eight heads. */
export const TOY = {
  layers: 4,
  heads: 8,
  keyValueHeads: 8,
  residual: "sequential",
  learnedPositions: true,
} as const;

/**
 * @param root folder that scripts lie in
 * @param sources where imported texts are noted
 */
export function testContext(root: URL, sources: Source[] = []): CheckContext {
  return {
    shapeOf: (path) => {
      if (path === "models/unsupported") {
        throw new ModelError(
          'models/unsupported/config.json: `model_type` must be one of gpt2, llama, and is "bert"',
        );
      }
      if (path === "models/grouped") return { ...TOY, keyValueHeads: 4 };
      return path === "models/toy" ? TOY : undefined;
    },
    exists: (path) =>
      !path.includes("missing") && path !== "models/empty/config.json" &&
      !path.endsWith("/program.json"),
    load: (path, from) => {
      const file = join(dirname(from), path);
      try {
        const source = { file, text: Deno.readTextFileSync(new URL(file, root)) };
        sources.push(source);
        return source;
      } catch {
        return undefined;
      }
    },
  };
}
