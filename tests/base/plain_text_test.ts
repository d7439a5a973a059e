import { assert, assertEquals, assertThrows } from "@std/assert";
import { plainFromText, plainToText } from "../../base/plain_text.ts";

Deno.test("plain values read back exactly, typed arrays by their bits", () => {
  for (let pad = 0; pad < 9; pad++) {
    const value = {
      text: "é".repeat(pad) + "\u0000",
      none: null,
      numbers: [0, -0, 1 / 3, NaN, Infinity, -Infinity, 5e-324],
      flags: [true, false],
      big: 2n ** 70n,
      inner: {
        whole: Int32Array.of(1, -2, pad),
        counts: Uint32Array.of(2 ** 32 - 1),
        short: Float32Array.of(0.1, NaN, -0, Infinity),
        long: Float64Array.from({ length: pad }, (_, i) => i / 3),
        bytes: Uint8Array.of(0, 255),
        wide: BigUint64Array.of(2n ** 64n - 1n),
        part: Float64Array.of(1, 2, 3).subarray(1, 2 + (pad % 2)),
      },
    };
    const back = plainFromText(plainToText(value)) as typeof value;
    assertEquals(back, { ...value, inner: { ...value.inner, part: value.inner.part.slice() } });
    assert(Object.is(back.numbers[1], -0) && Object.is(back.inner.short[2], -0));
  }
});

Deno.test("what is no text of plain values is refused", () => {
  assertThrows(() => plainFromText("{"));
  assertThrows(() => plainFromText('{"$array":"Float99Array","base64":""}'));
  assertThrows(() => plainFromText('{"$array":"Float64Array","base64":"AAAA"}'));
  assertThrows(() => plainToText(new DataView(new ArrayBuffer(1))), TypeError, "DataView");
});
