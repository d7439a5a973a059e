/** JSON as Python's json module writes it: with `NaN`, `Infinity` and `-Infinity`, which JSON does not have. @module */

const TOKENS = /"(?:[^"\\]|\\.)*"|\bNaN\b|\bInfinity\b/g;
/** Stands for NaN in a text, as JSON has no such number. */
const NOT_A_NUMBER = "\u0000not a number";

/**
 * The value of a JSON text, in which `NaN`, `Infinity` and `-Infinity` are numbers.
 *
 * @throws {SyntaxError} for other text
 */
export function pythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const replaced = text.replace(
      TOKENS,
      (token) =>
        token === "NaN" ? JSON.stringify(NOT_A_NUMBER) : token === "Infinity" ? "1e999" : token,
    );
    if (replaced === text) throw error;
    return JSON.parse(replaced, (_, value) => value === NOT_A_NUMBER ? NaN : value);
  }
}
