/** Scores as text: the shortest decimal that gives the same float32 back. @module */

/** Powers of ten that are exact as numbers. */
const POWERS = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/**
 * The shortest of the decimals with 6 to 9 significant digits that reads back as the same float32
 * (`0.83`, not `0.8299999833106995`). Not for NaN; infinities become `1e999`, which every JSON reader
 * takes for infinity.
 */
export function shortFloat32(value: number): string {
  if (value === Infinity) return "1e999";
  if (value === -Infinity) return "-1e999";
  const exact = Math.fround(value);
  const size = Math.abs(exact);
  const leading = Math.floor(Math.log10(size));
  let digits = 6;
  let short = rounded(size, digits, leading);
  while (digits < 9 && Math.fround(short) !== size) short = rounded(size, ++digits, leading);
  return String(exact < 0 ? -short : short);
}

/** A number with so many significant digits, as `toPrecision` rounds it; without text where the product decides. */
function rounded(size: number, digits: number, leading: number): number {
  const power = POWERS[digits - 1 - leading];
  const scaled = size * power;
  const whole = Math.round(scaled);
  // Close to a half, the rounding of the product could decide.
  const isSure = Math.abs(scaled - whole) < 0.4999 && whole >= POWERS[digits - 1] &&
    whole < POWERS[digits];
  return isSure ? whole / power : Number(size.toPrecision(digits));
}
