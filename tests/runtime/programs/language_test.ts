import { assertEquals, assertThrows } from "@std/assert";
import {
  compileProgram,
  interpretProgram,
  itemText,
  ProgramError,
  type RaspProgram,
  type RaspSelector,
} from "../../../runtime/programs/mod.ts";
import {
  aggregate,
  binary,
  both,
  constant,
  count,
  either,
  indices,
  name,
  not,
  reverse,
  select,
  tokens,
} from "./programs.ts";

const base: RaspProgram = { ...reverse.program, lets: [] };
const of = (change: Partial<RaspProgram>) => () =>
  compileProgram({ ...base, output: tokens, ...change });

Deno.test("operators on single values, by way of programs of one token", () => {
  const value = (output: RaspProgram["output"]) =>
    interpretProgram({ ...base, vocabulary: [3], length: 1, output }, [0])[0];
  const cases: [RaspProgram["output"], number][] = [
    [binary(tokens, "+", constant(2)), 5],
    [binary(tokens, "-", constant(5)), -2],
    [binary(tokens, "*", constant(0.1)), 0.3],
    [binary(tokens, "/", constant(9)), 1 / 3],
    [binary(constant(-1), "%", tokens), 2],
    [binary(tokens, "min", constant(2)), 2],
    [binary(tokens, "max", constant(2)), 3],
    [binary(tokens, "==", constant(3)), 1],
    [binary(tokens, "!=", constant(3)), 0],
    [binary(tokens, "<", constant(4)), 1],
    [binary(tokens, ">=", constant(4)), 0],
    [binary(tokens, "and", constant(0)), 0],
    [binary(tokens, "or", constant(0)), 1],
    [{ kind: "unary", operator: "not", operand: tokens }, 0],
    [{ kind: "unary", operator: "-", operand: tokens }, -3],
    [{ kind: "if", condition: indices, yes: constant(1), no: constant(2) }, 2],
  ];
  for (const [output, expected] of cases) {
    assertEquals(value(output), expected, JSON.stringify(output));
  }
});

Deno.test("values as token texts", () => {
  assertEquals([2, -1, 0.5, 2 / 3, -1.25, "x"].map(itemText), [
    "2",
    "-1",
    "1/2",
    "2/3",
    "-5/4",
    "x",
  ]);
});

Deno.test("equal expressions are computed once", () => {
  const same = count(select(tokens, tokens, "=="));
  const plan = compileProgram({ ...base, output: binary(same, "*", same) });
  assertEquals([plan.heads, plan.layers, plan.headPlans.length], [1, 1, 1]);
});

Deno.test("selectors with not, and what always or never holds", () => {
  const equal = select(tokens, tokens, "==");
  const always = select(tokens, tokens, "always");
  const on = (selector: RaspSelector) =>
    interpretProgram({ ...base, vocabulary: [1, 2], length: 3, output: count(selector) }, [
      0,
      1,
      0,
    ]);
  const cases: [RaspSelector, number[]][] = [
    [equal, [2, 1, 2]],
    [not(equal), [1, 2, 1]],
    [not(not(equal)), [2, 1, 2]],
    [not(always), [0, 0, 0]],
    [either(equal, always), [3, 3, 3]],
    [either(equal, not(always)), [2, 1, 2]],
    [both(equal, not(always)), [0, 0, 0]],
    [both(equal, always), [2, 1, 2]],
    [either(equal, not(equal)), [3, 3, 3]],
    [either(equal, select(indices, indices, "<")), [2, 2, 3]],
    [not(either(equal, select(indices, indices, "<"))), [1, 1, 0]],
  ];
  for (const predicate of ["==", "!=", "<", "<=", ">", ">="] as const) {
    const given = on(select(indices, indices, predicate)).map(Number);
    assertEquals(on(not(select(indices, indices, predicate))), given.map((n) => 3 - n));
  }
  for (const [selector, expected] of cases) {
    assertEquals(on(selector), expected, JSON.stringify(selector));
  }
});

Deno.test("what makes no sense is refused by name", () => {
  assertThrows(
    of({ output: name("size") }),
    ProgramError,
    "program reverse: nothing is called `size` here",
  );
  const selector = { name: "s", value: select(tokens, tokens, "==") };
  assertThrows(
    of({ lets: [selector], output: name("s") }),
    ProgramError,
    "`s` is a selector where a value is needed",
  );
  assertThrows(
    of({ lets: [{ name: "v", value: tokens }], output: count(name("v")) }),
    ProgramError,
    "`v` is a value where a selector is needed",
  );
  assertThrows(of({ lets: [selector, selector] }), ProgramError, "`s` is declared twice");
  assertThrows(of({ vocabulary: [] }), ProgramError, "the vocabulary is empty");
  assertThrows(of({ vocabulary: [1, "1"] }), ProgramError, "the token 1 is listed twice");
  assertThrows(
    of({ vocabulary: ["a b"] }),
    ProgramError,
    'a token must be a text without spaces: this is "a b"',
  );
  assertThrows(
    of({ length: 0 }),
    ProgramError,
    "lengths must be whole numbers from 1 up: these are 1 to 0",
  );
  assertThrows(of({ length: 30 }), ProgramError, "at most 1000000 are worked through");
  assertThrows(of({ output: constant(1) }), ProgramError, "the output is the same for every input");
  assertThrows(
    of({ vocabulary: ["a", "b"], output: binary(tokens, "<", constant(1)) }),
    ProgramError,
    '`<` takes numbers, and "a" is not one (on input a)',
  );
  assertThrows(
    of({ output: binary(constant(1), "/", indices) }),
    ProgramError,
    "1 / 0 has no value (on input 1)",
  );
  assertThrows(
    of({ output: aggregate(select(tokens, tokens, "<"), tokens, "none") }),
    ProgramError,
    'averages numbers at one place and gives "none" at another: give a number where nothing is selected',
  );
  assertThrows(
    of({ vocabulary: ["a", "b"], output: aggregate(select(tokens, tokens, "always"), tokens) }),
    ProgramError,
    '`aggregate` takes numbers, and "a" is not one (on input a b)',
  );
});
