/**
 * `deno task verification`: runs the tests that compare numbers with other computations, and writes the table of
 * `docs/verification.md`. With paths of tests it runs those alone and keeps the rows of the others.
 *
 * @module
 */
import { page, root, type Row, rowStart, verifiable } from "./support/verified.ts";

const begin = "<!-- begin rows -->\n";
const end = "<!-- end rows -->\n";

/** Test files that call `verified`. */
function testsIn(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isDirectory) return testsIn(path);
    const calls = name.endsWith("_test.ts") &&
      /\bverified\(/.test(Deno.readTextFileSync(new URL(path, root)));
    return calls ? [path] : [];
  }).sort();
}

async function rowsOf(tests: readonly string[]): Promise<Row[]> {
  const file = await Deno.makeTempFile();
  try {
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--quiet", ...tests],
      cwd: new URL(root),
      env: { CIRC_TEST_VERIFICATION: file },
      stdout: "inherit",
      stderr: "inherit",
    }).output();
    if (!success) Deno.exit(1);
    return (await Deno.readTextFile(file)).split("\n").filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  } finally {
    await Deno.remove(file);
  }
}

const text = (value: number, unit = "") =>
  `${value === 0 ? 0 : Number(value.toPrecision(1))}${value !== 0 && unit ? ` ${unit}` : ""}`;

/** Rows of the page as it is, by kind. */
const rowsOfKind = (page: string, of: string): string[] =>
  page.split(`\n\n| ${of} |`)[1]?.split("\n\n")[0].split("\n").slice(2) ?? [];

/** Rows of a kind, in the order of its names; equal comparisons are one row with their largest difference. */
function linesOf(of: string, names: readonly string[], rows: readonly Row[]): string[] {
  const largest = new Map<string, Row>();
  for (const row of rows) {
    const start = rowStart(row);
    const other = largest.get(start);
    if (row.of === of && (other === undefined || other.difference < row.difference)) {
      largest.set(start, row);
    }
  }
  const lines = [...largest].map(([start, row]) =>
    `${start} ${text(row.difference, row.unit)} | ${text(row.tolerance, row.unit)} |`
  );
  const kept = rowsOfKind(before, of).filter((line) =>
    line.startsWith("| `") && !tests.some((test) => line.includes(`](../${test})`))
  );
  const rank = (line: string) => names.indexOf(line.split("`")[1]);
  return [...kept, ...lines].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

const all = testsIn("tests");
const tests = Deno.args.length > 0 ? Deno.args : all;
const rows = await rowsOf(tests);
const before = (await Deno.readTextFile(page)).split("\n")
  .filter((line) => !line.startsWith("| `") || all.some((test) => line.includes(`](../${test})`)))
  .join("\n");
const tables = Object.entries(verifiable).map(([of, names]) =>
  [
    `| ${of} | compared with | test | largest difference | allowed |`,
    "| --- | --- | --- | --- | --- |",
    ...linesOf(of, names, rows),
  ].join("\n")
);
const [head, tail] = [before.split(begin)[0], before.split(end)[1]];
await Deno.writeTextFile(page, `${head}${begin}\n${tables.join("\n\n")}\n\n${end}${tail}`);
