/**
 * Queries: expressions that look into circuits, each a file, each answering with a table.
 *
 * @module
 */
import { compareCircuits } from "./compare.ts";
import { evaluateCircuits } from "./evaluate.ts";
import { listQuery, whyQuery } from "./list.ts";
import { overlapQuery } from "./overlap.ts";
import { stabilityQuery } from "./stability.ts";
import { runPrompt } from "./run.ts";

export const queries = {
  ListQuery: listQuery,
  WhyQuery: whyQuery,
  OverlapQuery: overlapQuery,
  StabilityQuery: stabilityQuery,
  RunQuery: runPrompt,
  EvaluateQuery: evaluateCircuits,
  CompareQuery: compareCircuits,
} as const;
