/** Messages about values, for the checker where it knows them and for a run where only that tells. @module */
import { shownNumber, shownShare } from "../../base/number_text.ts";
import { aType, type Type } from "./symbols.ts";

/** Bounds of a number. */
export interface Bounds {
  readonly what: string;
  readonly whole?: boolean;
  readonly least?: number;
  readonly most?: number;
  /** The number must be greater than this. */
  readonly above?: number;
  /** A share of a whole, between 0% and 100%. */
  readonly share?: boolean;
}

/** The message about a number that is out of bounds; undefined for one within. */
export function boundsProblem(value: number, bounds: Bounds): string | undefined {
  if (within(value, bounds)) return undefined;
  return bounds.share
    ? `${bounds.what} must lie between 0% and 100%: this is ${shownShare(value)}`
    : `${bounds.what} must be ${wording(bounds)}: this is ${shownNumber(value)}`;
}

function within(value: number, { whole, least, most, above, share }: Bounds): boolean {
  if (share) return value >= 0 && value <= 1;
  return Number.isFinite(value) && (!whole || Number.isSafeInteger(value)) &&
    (least === undefined || value >= least) && (most === undefined || value <= most) &&
    (above === undefined || value > above);
}

function wording({ whole, least, most, above }: Bounds): string {
  const kind = whole ? "a whole number" : "a number";
  if (above !== undefined) {
    return `${kind} above ${above}${most === undefined ? "" : ` up to ${most}`}`;
  }
  if (least !== undefined && most !== undefined) return `${kind} from ${least} to ${most}`;
  if (least !== undefined) return `${kind} from ${least}`;
  return kind;
}

/** The message about a value of another type than is wanted. `name`: how the script calls it. */
export function typeProblem(name: string | undefined, type: Type, wanted: readonly Type[]): string {
  const what = name === undefined ? "this" : `\`${name}\``;
  return `${what} is ${aType(type)}, and ${wanted.map(aType).join(" or ")} is needed here`;
}

/** A message and its help line. */
export type Words = readonly [message: string, help: string];

export const notFoundAgain = (name: string): Words => [
  `\`${name}\` was not found by a method, so it cannot be found again`,
  "name a circuit that is declared with `find`",
];

export const severalCorruptions = (
  task: string,
  corruptions: readonly { readonly name: string }[],
): Words => [
  `\`${task}\` has several corruptions`,
  `say \`corrupted by\` one of ${corruptions.map(({ name }) => name).join(", ")}`,
];

export const withoutTask: Words = [
  "this circuit was found for no task",
  "say where to measure it: `on TASK.test`",
];
