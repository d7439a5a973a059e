/** The text of a float32, beside its definition by `toPrecision`. */
import { assertEquals } from "@std/assert";
import { shortFloat32 } from "../../base/float_text.ts";
import { randomFrom } from "../../base/random.ts";

/** The shortest of 6 to 9 digits that reads back. */
function defined(exact: number): string {
  const texts = [6, 7, 8, 9].map((digits) => String(Number(exact.toPrecision(digits))));
  return texts.find((text) => Math.fround(Number(text)) === exact)!;
}

Deno.test("a float32 has the shortest text of six digits or more that reads back", () => {
  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer);
  const random = randomFrom(0, "floats");
  const check = () => assertEquals(shortFloat32(float[0]), defined(float[0]));
  for (let i = 0; i < 100_000; i++) {
    bits[0] = random.uint32();
    if (Number.isFinite(float[0])) check();
    float[0] = random.uniform();
    check();
  }
  // Ends of binades, where neighbours are closest, powers of ten, and halves of the last digit.
  for (let power = -149; power < 128; power++) {
    for (const step of [-1, 0, 1]) {
      float[0] = 2 ** power;
      bits[0] += step;
      check();
    }
  }
  for (let power = -45; power < 39; power++) {
    for (const size of [1, 0.9999995, 1.000005, 9.9999995, 1.2345675, -4.00000005]) {
      float[0] = size * 10 ** power;
      if (Number.isFinite(float[0])) check();
    }
  }
  float[0] = -0;
  check();
});
