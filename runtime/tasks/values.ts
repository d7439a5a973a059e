/** Values of a variable: a range of numbers, or the lines of a file. @module */
import { TaskError } from "./error.ts";

const LONGEST_RANGE = 1_000_000;

/**
 * The whole numbers from one bound to the other, both included. Leading zeros are kept: when a bound has one, every
 * number is padded to the longer bound's width (`02..98`, `000..100`).
 *
 * @throws {TaskError} when a bound is no whole number, the range goes down, or it has more than a million numbers
 */
export function numberRange(first: string, last: string, place: string): string[] {
  for (const bound of [first, last]) {
    if (!/^-?\d{1,15}$/.test(bound)) {
      throw new TaskError(place, `a range runs between whole numbers: this is ${bound}`);
    }
  }
  const [start, end] = [Number(first), Number(last)];
  if (end < start) {
    throw new TaskError(place, `the range ${first}..${last} goes down`, `write ${last}..${first}`);
  }
  if (end - start + 1 > LONGEST_RANGE) {
    throw new TaskError(
      place,
      `the range ${first}..${last} has more than ${LONGEST_RANGE} numbers`,
    );
  }
  const padded = [first, last].some((bound) => /^-?0\d/.test(bound));
  const width = padded ? Math.max(first.replace("-", "").length, last.replace("-", "").length) : 0;
  return Array.from({ length: end - start + 1 }, (_, i) => {
    const number = start + i;
    return (number < 0 ? "-" : "") + String(Math.abs(number)).padStart(width, "0");
  });
}

/** The lines of a text as values: ends trimmed, empty lines and a byte-order mark left out. */
export function linesOf(text: string): string[] {
  return text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/).map((line) => line.trim()).filter((line) =>
    line !== ""
  );
}
