/** Text from files and scripts as terminals and pages may show it: control characters are written out. @module */

/** Characters that a terminal or a browser would obey: controls, line separators, marks of direction and of byte order. */
const controls = /\r\n|[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r" };

const written = (sign: string) =>
  named[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A text of several lines: line ends and tabs stay, other control characters become `\u001b`. */
export function printable(text: string): string {
  return text.toWellFormed()
    .replace(controls, (sign) => /^(\r\n|\n|\t)$/.test(sign) ? sign : written(sign));
}

/**
 * A text on one line: line ends and tabs are written out as well, `\n` and `\t`.
 *
 * @param shown the text in place of each control character
 */
export function printableLine(text: string, shown: (sign: string) => string = written): string {
  return text.toWellFormed().replace(controls, (signs) => [...signs].map(shown).join(""));
}
