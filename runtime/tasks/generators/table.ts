/** The generators of prompts; adding one is adding its file here. @module */
import { booleanExpressions } from "./boolean.ts";
import type { Generator } from "./generator.ts";

export const GENERATORS: readonly Generator[] = [booleanExpressions];
