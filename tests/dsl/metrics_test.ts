/** Metrics of tasks: the checker refuses those that the runtime cannot compute or follow, and no others. */
import { assertEquals } from "@std/assert";
import { check } from "../../dsl/check/check.ts";
import { parse } from "../../dsl/syntax/parse.ts";
import { methods } from "../../runtime/discovery/mod.ts";
import { measureNames } from "../../runtime/evaluation/mod.ts";
import { gradientNames, metricNames, metrics } from "../../runtime/metrics/mod.ts";

const refused = (text: string) =>
  check(parse(text).tree).diagnostics.filter(({ severity }) => severity === "error")
    .map(({ message }) => message);

const task = (metric: string, more = "") =>
  `task t {
  prompt "x"
  answer "z"${more}
  metric ${metric}
}
`;

Deno.test("a task without wrong answers takes the metrics that need none", () => {
  for (const name of metricNames) {
    const said = `\`${name}\` compares with wrong answers, and the task has no \`wrong\``;
    assertEquals(refused(task(name)), metrics[name].needsWrong ? [said] : []);
    assertEquals(refused(task(name, '\n  wrong "w"')), []);
  }
});

Deno.test("a measure of circuits is no metric of a task", () => {
  for (const name of measureNames) {
    const [{ message, help, span }] = check(parse(task(name)).tree).diagnostics;
    assertEquals(
      message,
      `\`${name}\` measures circuits, and a task's metric measures answers`,
    );
    assertEquals(help, `the metrics of tasks are ${metricNames.join(", ")}`);
    assertEquals(task(name).slice(span.start, span.end), name);
  }
});

Deno.test("a method that follows the objective's gradient takes no metric without one", () => {
  for (const method of Object.values(methods)) {
    const { name: word, followsGradient = false } = method;
    for (const name of metricNames) {
      const objective = (method.circuitWords as readonly string[]).includes("objective")
        ? " objective metric"
        : "";
      const text = `${task(name, '\n  wrong "w"')}model m { from "models/m" }
circuit c { find ${word} in m for t${objective} }
`;
      const flat = refused(text).filter((message) =>
        message ===
          `\`${word}\` follows the objective's gradient, and \`${name}\`, the metric of \`t\`, has none`
      );
      assertEquals(
        flat.length,
        followsGradient && !gradientNames.includes(name) ? 1 : 0,
        `${word} ${name}`,
      );
    }
  }
});
