/** `deno task ok:docs`: holds the documentation to its rules, and runs the examples in it. @module */
import { runExamples } from "./examples.ts";
import { commentProblems, face, faceProblems, shapeProblems } from "./rules.ts";
import { sourceProblems } from "./sources.ts";

const symbols = await face();
const problems = [
  ...commentProblems(),
  ...shapeProblems(),
  ...sourceProblems(),
  ...await faceProblems(symbols),
];
for (const problem of problems) console.error(problem);
const failed = problems.length === 0 && !await runExamples(symbols);
console.log(`${symbols.length} public symbols, ${problems.length} problems`);
Deno.exit(problems.length > 0 || failed ? 1 : 0);
