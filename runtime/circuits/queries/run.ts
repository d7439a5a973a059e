/** Runs a query. @module */
import type { Circuit } from "../circuit.ts";
import type { Cell, Table } from "../../tables/table.ts";
import { bestPaths } from "./best_paths.ts";
import { requireQuery } from "./check.ts";
import { countEdgesTable, edgesTable, scoreCell } from "./edges.ts";
import { countNodesTable, nodesTable } from "./nodes.ts";
import { countPaths, pathText } from "./paths.ts";
import type { PathsQuery, Query } from "./query.ts";
import { whyTable } from "./why.ts";

export interface QueryOptions {
  /** The most rows to make where the query sets no lower limit; `total` still counts them all. */
  readonly maxRows?: number;
}

/** Paths that are listed when neither the query nor the caller sets a limit: there may be billions. */
const usualPaths = 20;

/**
 * Answers a query on a circuit.
 *
 * @throws {CircuitError} for fields, words and components that the circuit's universe lacks
 */
export function runQuery(query: Query, circuit: Circuit, options: QueryOptions = {}): Table {
  requireQuery(query, circuit.universe);
  switch (query.kind) {
    case "why":
      return whyTable(circuit, query);
    case "paths":
      return pathsTable(circuit, { ...query, limit: lower(query.limit, options.maxRows) });
    case "count":
      if (query.what === "paths") {
        return { columns: ["count"], rows: [[countPaths(circuit, query)]] };
      }
      return query.what === "edges"
        ? countEdgesTable(circuit, query)
        : countNodesTable(circuit, query);
    case "edges":
      return edgesTable(circuit, { ...query, limit: lower(query.limit, options.maxRows) });
    case "nodes":
      return nodesTable(circuit, { ...query, limit: lower(query.limit, options.maxRows) });
  }
}

function lower(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}

/** The best paths and, as `total`, the exact number of all of them. */
function pathsTable(circuit: Circuit, query: PathsQuery): Table {
  const limit = query.limit ?? usualPaths;
  const rows: Cell[][] = [];
  if (limit > 0) {
    for (const path of bestPaths(circuit, query)) {
      const text = pathText(circuit.universe, path);
      rows.push(circuit.scores ? [text, scoreCell(path.score)] : [text]);
      if (rows.length >= limit) break;
    }
  }
  const total = countPaths(circuit, query);
  return {
    columns: circuit.scores ? ["path", "weakest"] : ["path"],
    rows,
    ...(total > BigInt(rows.length) ? { total } : {}),
  };
}
