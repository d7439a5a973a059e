/** Scores as text: the shortest decimal that gives the same float32 back. @module */

const float = new Float32Array(1);

/**
 * The shortest of the decimals with 6 to 9 significant digits that reads back as the same float32
 * (`0.83`, not `0.8299999833106995`). Not for NaN; infinities become `1e999`, which every JSON reader
 * takes for infinity.
 */
export function shortFloat32(value: number): string {
  if (value === Infinity) return "1e999";
  if (value === -Infinity) return "-1e999";
  float[0] = value;
  const exact = float[0];
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(exact.toPrecision(digits));
    float[0] = short;
    if (float[0] === exact) return String(short);
  }
  return String(Number(exact.toPrecision(9)));
}
