/** Paths as text, beside those of `node:path`. */
import { assertEquals } from "@std/assert";
import * as node from "node:path";
import { basename, dirname, isAbsolute, join, normalize, resolve } from "../../base/paths.ts";
import { randomFrom } from "../../base/random.ts";

/** A path of `node:path` with slashes, without the one that it keeps at the end. */
const shown = (path: string) => path.replaceAll(node.sep, "/").replace(/(?<=[^/:])\/$/, "");

Deno.test("paths are those of node:path", () => {
  const random = randomFrom(0, "paths");
  const parts = ["a", "b.c", ".hidden", "..", ".", "", "é f", "g\\h"];
  for (let i = 0; i < 3000; i++) {
    const length = 1 + Math.floor(random.uniform() * 5);
    const chosen = Array.from({ length }, () => parts[Math.floor(random.uniform() * parts.length)]);
    const path = chosen.join("/");
    const plain = shown(node.normalize(path));
    assertEquals(normalize(path), plain, path);
    assertEquals(isAbsolute(path), node.isAbsolute(path), path);
    assertEquals(join("x/y", path), shown(node.join("x/y", path)), path);
    assertEquals(resolve(path), shown(node.resolve(path)), path);
    assertEquals(dirname(plain), shown(node.dirname(plain)), path);
    if (plain !== "/") assertEquals(basename(path), node.basename(plain), path);
  }
});
