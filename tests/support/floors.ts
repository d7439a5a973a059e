/** Floors from the ground up, and the rooms of each: a room knows those before it, and no other. */
export const floors: readonly (readonly [floor: string, rooms: readonly string[]])[] = [
  ["base/", []],
  ["ops/", []],
  ["runtime/", [
    "universe",
    "tables",
    "metrics",
    "engine",
    "models",
    "tasks",
    "circuits",
    "stream",
    "evaluation",
    "programs",
    "discovery",
  ]],
  ["dsl/", ["text", "syntax", "reference", "format", "check", "interpret", "editor", "repl"]],
  ["cli/", []],
];
