/**
 * The progress of a long computation on standard error: one line that is rewritten in place where a
 * person watches, a line every few seconds where the output goes to a file.
 *
 * @module
 */
import { cutToWidth } from "../base/display_width.ts";
import { printable, printableLine } from "../base/printable.ts";
import type { Progress } from "../dsl/interpret/host.ts";
import { styled, type Terminal } from "./terminal.ts";

export interface ProgressLine {
  /** Shows where the computation is; cheap enough to be called at every step. */
  show(progress: Progress): void;
  /** Writes a line of its own without tearing the progress line. */
  note(text: string): void;
  /** Takes the progress line away; the next `show` starts a new computation. */
  finish(): void;
}

/** Milliseconds between two drawings: in place, and as separate lines. */
const pause = { interactive: 100, lines: 5000 };
/** Seconds of the past that the shown rate averages over. */
const memory = 10;

/**
 * A progress line on a terminal.
 *
 * @param now a clock: milliseconds, any origin
 */
export function progressLine(
  terminal: Terminal,
  { now = () => performance.now() } = {},
): ProgressLine {
  let samples: { time: number; step: number }[] = [];
  let drawn = -Infinity;
  let visible = false;

  const clear = () => {
    if (visible && terminal.interactive) terminal.write("\r\x1b[K");
    visible = visible && !terminal.interactive;
  };
  return {
    show(progress) {
      const time = now();
      const before = samples.at(-1)?.step ?? 0;
      if (progress.step < before) samples = [];
      if (samples.length === 0 && !terminal.interactive) {
        drawn = time;
        visible = false;
      }
      samples.push({ time, step: progress.step });
      while (samples.length > 2 && time - samples[0].time > memory * 1000) samples.shift();
      const interval = terminal.interactive ? pause.interactive : pause.lines;
      // The last step shows as well, unless all went by within the time to the first line.
      const last = progress.step >= progress.steps && before < progress.steps &&
        (terminal.interactive || visible);
      if (time - drawn < interval && !last) return;
      drawn = time;
      const line = describe(progress, rateOf(samples));
      if (!terminal.interactive) {
        terminal.write(line + "\n");
        visible = true;
        return;
      }
      const bar = barOf(progress, 12);
      const text = cutToWidth(`${bar} ${line}`, terminal.width() - 1);
      terminal.write("\r" + styled(terminal, "dim", text) + "\x1b[K");
      visible = true;
    },
    note(text) {
      clear();
      terminal.write(printable(text) + "\n");
    },
    finish() {
      clear();
      visible = false;
      samples = [];
      drawn = -Infinity;
    },
  };
}

/** Steps per second over the samples; NaN while there are too few samples. */
function rateOf(samples: readonly { time: number; step: number }[]): number {
  if (samples.length < 2) return NaN;
  const [first, last] = [samples[0], samples.at(-1)!];
  return (last.step - first.step) / (last.time - first.time) * 1000;
}

/** The progress as words: `ep 1200/3000  KL 0.31  ...  12 steps/s  2:30 left`. */
export function describe(progress: Progress, rate: number): string {
  const parts = [
    `${progress.label} ${progress.step}/${progress.steps}`,
    ...progress.values.map(([name, value]) => `${name} ${value}`),
  ];
  if (Number.isFinite(rate) && rate > 0) {
    const shown = rate >= 10 ? rate.toFixed(0) : rate.toFixed(rate >= 1 ? 1 : 2);
    parts.push(`${shown} ${progress.unit ?? "steps"}/s`);
    if (progress.step < progress.steps) {
      parts.push(`${duration((progress.steps - progress.step) / rate)} left`);
    }
  }
  return printableLine(parts.join("  "));
}

/** Seconds as `0:07`, `12:30` or `1:02:03`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

function barOf({ step, steps }: Progress, width: number): string {
  const full = steps > 0 ? Math.round(Math.min(1, step / steps) * width) : 0;
  return `[${"#".repeat(full)}${".".repeat(width - full)}]`;
}
