import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { displayWidth } from "../../base/display_width.ts";
import { describe, duration, progressLine } from "../../cli/progress.ts";
import { styled, type Terminal } from "../../cli/terminal.ts";

function recorder(interactive: boolean, width = 80): Terminal & { text: () => string } {
  let written = "";
  return {
    write: (text) => written += text,
    text: () => written,
    interactive,
    colour: false,
    width: () => width,
  };
}

const at = (step: number) => ({ label: "ep", step, steps: 100, values: [["KL", "0.31"]] as const });

Deno.test("a progress line is rewritten in place and taken away", () => {
  const terminal = recorder(true);
  let time = 0;
  const line = progressLine(terminal, { now: () => time });
  for (let step = 1; step <= 3; step++) {
    line.show(at(step));
    time += 500;
  }
  line.finish();
  assert(!terminal.text().includes("\n"));
  assertStringIncludes(terminal.text(), "ep 3/100  KL 0.31  2.0 steps/s  0:49 left");
  assert(terminal.text().endsWith("\r\x1b[K"));
});

Deno.test("drawing is limited, the last step always shows", () => {
  const terminal = recorder(true);
  let time = 0;
  const line = progressLine(terminal, { now: () => time });
  for (let step = 1; step <= 100; step++) {
    line.show(at(step));
    time += 1;
  }
  assertEquals(terminal.text().split("\r").length - 1, 2);
  assertStringIncludes(terminal.text(), "ep 100/100");
});

Deno.test("without a terminal there is a whole line every few seconds", () => {
  const terminal = recorder(false);
  let time = 0;
  const line = progressLine(terminal, { now: () => time });
  for (let step = 1; step <= 100; step++) {
    line.show(at(step));
    time += 200;
  }
  line.finish();
  const lines = terminal.text().trimEnd().split("\n");
  assertEquals(lines.length, 4);
  assert(!terminal.text().includes("\r") && !terminal.text().includes("\x1b"));
  assertStringIncludes(lines[0], "5.0 steps/s");
});

Deno.test("a computation that goes on after its last step does not flood a log", () => {
  const terminal = recorder(false);
  let time = 0;
  const line = progressLine(terminal, { now: () => time });
  for (let i = 0; i < 100; i++) {
    line.show(at(Math.min(100, 90 + i)));
    time += 1000;
  }
  assert(terminal.text().trimEnd().split("\n").length <= 21);
});

Deno.test("a note does not tear the line, and a narrow window cuts it", () => {
  const terminal = recorder(true, 30);
  const line = progressLine(terminal, { now: () => 0 });
  line.show(at(50));
  line.note("kept");
  const drawn = terminal.text().split("\r")[1].replace("\x1b[K", "");
  assertEquals(displayWidth(drawn), 29);
  assert(terminal.text().endsWith("\r\x1b[Kkept\n"));
});

Deno.test("a second computation does not inherit the first one's rate", () => {
  const terminal = recorder(true);
  let time = 0;
  const line = progressLine(terminal, { now: () => time });
  line.show(at(99));
  time += 1000;
  line.show(at(1));
  assert(!terminal.text().includes("steps/s"));
});

Deno.test("durations and rates read like a clock", () => {
  assertEquals([7, 750, 3723, -1].map(duration), ["0:07", "12:30", "1:02:03", "0:00"]);
  assertStringIncludes(describe(at(50), 0.25), "0.25 steps/s  3:20 left");
  assertEquals(describe(at(50), NaN), "ep 50/100  KL 0.31");
});

Deno.test("styles are left out where colour is not welcome", () => {
  assertEquals(styled({ colour: false }, "red", "x"), "x");
  assertEquals(styled({ colour: true }, "red", "x"), "\x1b[31mx\x1b[39m");
});
