/** Functions of numbers, by name. @module */

/** A function of numbers: how it is written, its meaning, how many numbers it takes, and its value. */
export interface NumberFunction {
  readonly form: string;
  readonly about: string;
  readonly takes: "one" | "two or more";
  value(...numbers: number[]): number;
}

export const numberFunctions = {
  abs: { form: "abs(NUMBER)", about: "The absolute value.", takes: "one", value: Math.abs },
  min: {
    form: "min(NUMBER, NUMBER)",
    about: "The smaller number.",
    takes: "two or more",
    value: Math.min,
  },
  max: {
    form: "max(NUMBER, NUMBER)",
    about: "The greater number.",
    takes: "two or more",
    value: Math.max,
  },
  round: {
    form: "round(NUMBER)",
    about: "The nearest whole number.",
    takes: "one",
    value: Math.round,
  },
} as const satisfies Readonly<Record<string, NumberFunction>>;

export const isNumberFunction = (name: string): name is keyof typeof numberFunctions =>
  Object.hasOwn(numberFunctions, name);
