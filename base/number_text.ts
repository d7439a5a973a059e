/** Numbers as text, without binary noise. @module */

/** A number to 12 digits: `0.3`, not `0.30000000000000004`. */
export function shownNumber(value: number): string {
  return String(Number(value.toPrecision(12)));
}

/** A share of a whole in percent: `2.5%`. */
export function shownShare(share: number): string {
  return `${shownNumber(100 * share)}%`;
}
