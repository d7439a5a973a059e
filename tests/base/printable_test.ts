import { assertEquals } from "@std/assert";
import { printable, printableLine } from "../../base/printable.ts";

// Every code point up to U+FFFF whose Unicode category is a control (C0, C1, DEL), and what reorders or hides text.
const orders = [
  ...Array.from({ length: 0x20 }, (_, i) => i),
  ...Array.from({ length: 0x21 }, (_, i) => 0x7f + i),
  ...[0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff],
];

Deno.test("no control character is left, and each is written as JSON would escape it", () => {
  for (const code of orders) {
    const sign = String.fromCharCode(code);
    const line = printableLine(`a${sign}b`);
    assertEquals(line.length > 3 && !line.includes(sign), true, code.toString(16));
    assertEquals(JSON.parse(`"${line}"`), `a${sign}b`);
    if (!"\n\t".includes(sign)) assertEquals(printable(`a${sign}b`), line);
  }
});

Deno.test("texts of several lines keep their line ends and tabs, and all other characters stay", () => {
  assertEquals(printable("a\r\nb\n\tc"), "a\r\nb\n\tc");
  assertEquals(printable("a\rb"), "a\\rb");
  assertEquals(printableLine("a\r\nb\n\tc"), "a\\r\\nb\\n\\tc");
  const plain = 'José 表 👩‍👩‍👧 é "\\" ~ \u00a0';
  assertEquals(printable(plain), plain);
  assertEquals(printableLine("half \ud800 a pair"), "half \ufffd a pair");
});
