/**
 * Seeded random numbers: the one source of chance in the project, so that a seed decides a run.
 *
 * The generator is xoshiro128** (Blackman & Vigna 2018): 128 bits of
 * state, 32 bits a step, period 2^128 - 1. The state is filled from the seed by splitmix32 over a
 * 32-bit FNV-1a hash of the seed's text, so that neighbouring seeds give unrelated streams.
 *
 * @module
 */

/** A stream of random numbers. All methods advance the same state. */
export interface Random {
  /** An integer in 0 .. 2^32 - 1. */
  uint32(): number;
  /** A number in [0, 1), 53 random bits. */
  uniform(): number;
  /** A number in (0, 1): neither end can occur, so its logarithm and log-odds are finite. */
  openUniform(): number;
  /** An integer in 0 .. n - 1, every one equally likely (rejection, no modulo bias); 1 <= n <= 2^32. */
  integer(n: number): number;
  /** A standard normal number (Box and Muller's method). */
  normal(): number;
  /** One of the items of a list that is not empty. */
  choose<T>(items: readonly T[]): T;
  /** Orders the list anew in place (Fisher and Yates) and returns it; every order is equally likely. */
  shuffle<T>(items: T[]): T[];
  /** Fills with numbers in (0, 1), 23 random bits each: exact in float32, neither end can occur. */
  fillOpenUniform(target: Float32Array): Float32Array;
  /** Fills with standard normal numbers. */
  fillNormal(target: Float32Array): Float32Array;
  /** The four state words, from which `randomFromState` continues. */
  state(): [number, number, number, number];
}

/**
 * A stream that the parts decide: `randomFrom(42)`, or `randomFrom(42, "masks")` for a stream of its
 * own that does not depend on how much of another one was used.
 *
 * @throws {RangeError} when a number among the parts is not finite
 */
export function randomFrom(...parts: readonly (number | string)[]): Random {
  for (const part of parts) {
    if (typeof part === "number" && !Number.isFinite(part)) {
      throw new RangeError(
        `Cannot seed random numbers as the seed must be finite: current value is ${part}`,
      );
    }
  }
  // The type and length of each part keep ("a", "b") apart from ("ab") and 1 apart from "1".
  let hash = hashText(
    parts.map((part) => `${typeof part}:${String(part).length}:${part};`).join(""),
  );
  const words = [0, 0, 0, 0].map(() => {
    hash = (hash + 0x9e3779b9) >>> 0;
    return splitmix(hash);
  });
  return randomFromState(words as [number, number, number, number]);
}

/**
 * A stream that continues from a result of `state()`.
 *
 * @throws {RangeError} when all words are 0: that state yields only zeros
 */
export function randomFromState(words: readonly [number, number, number, number]): Random {
  let [a, b, c, d] = words.map((word) => word >>> 0);
  if ((a | b | c | d) === 0) {
    throw new RangeError(
      "Cannot seed random numbers as the state must not be all zeros: current value is 0,0,0,0",
    );
  }

  function uint32(): number {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  }

  function uniform(): number {
    const high = uint32() >>> 5;
    const low = uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  function openUniform(): number {
    // 52 bits and a half: an odd multiple of 2^-53, exact in float64 and never 0 or 1.
    const high = uint32() >>> 6;
    const low = uint32() >>> 6;
    return (high * 2 ** 26 + low + 0.5) / 2 ** 52;
  }

  function integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
      throw new RangeError(
        `Cannot draw an integer as the bound must be in 1..2^32: current value is ${n}`,
      );
    }
    const limit = 2 ** 32 - (2 ** 32 % n);
    let drawn = uint32();
    while (drawn >= limit) drawn = uint32();
    return drawn % n;
  }

  function normal(): number {
    return Math.sqrt(-2 * Math.log(openUniform())) * Math.cos(2 * Math.PI * uniform());
  }

  return {
    uint32,
    uniform,
    openUniform,
    integer,
    normal,
    choose: (items) => items[integer(items.length)],
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        [items[i], items[j]] = [items[j], items[i]];
      }
      return items;
    },
    fillOpenUniform(target) {
      for (let i = 0; i < target.length; i++) target[i] = ((uint32() >>> 9) + 0.5) / 2 ** 23;
      return target;
    },
    fillNormal(target) {
      for (let i = 0; i < target.length; i++) target[i] = normal();
      return target;
    },
    state: () => [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
  };
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** 32-bit FNV-1a over the text's UTF-16 code units, low byte first. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
  }
  return hash >>> 0;
}

/** The output function of splitmix32: spreads a counter over all 32 bits. */
function splitmix(word: number): number {
  let z = word;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}
