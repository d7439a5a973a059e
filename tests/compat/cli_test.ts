import { assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";

Deno.test("parseArgs reads flags, values, lists and the rest", () => {
  const args = parseArgs(
    [
      "a",
      "--quick",
      "--name",
      "7",
      "--size=12",
      "--with",
      "x",
      "--with",
      "y",
      "-n",
      "z",
      "--",
      "-b",
    ],
    {
      boolean: ["quick", "loud"],
      string: ["name", "with"],
      collect: ["with"],
      alias: { name: "n" },
      default: { other: 5 },
    },
  );
  assertEquals(args.quick, true);
  assertEquals(args.loud, false);
  assertEquals(args.name, "z");
  assertEquals(args.size, 12);
  assertEquals(args.with, ["x", "y"]);
  assertEquals(args.other, 5);
  assertEquals(args._, ["a", "-b"]);
});
