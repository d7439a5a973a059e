/** The map in docs/architecture.md agrees with the folders and files. */
import { assert, assertEquals } from "@std/assert";
import { floors } from "./support/floors.ts";

const root = new URL("../", import.meta.url);
const map = Deno.readTextFileSync(new URL("docs/architecture.md", root));

/** Text of a section, up to the next one. */
const section = (title: string) => map.split(`\n## ${title}\n`)[1].split("\n## ")[0];

const folders = (path: string) =>
  [...Deno.readDirSync(new URL(path, root))].filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => name);

Deno.test("the map lists the rooms, in their order", () => {
  const listed = [...section("Floors and rooms").matchAll(/^\| `([a-z/]+)` \|/gm)]
    .map(([, room]) => room);
  const rooms = floors.flatMap(([floor, names]) =>
    names.length === 0 ? [floor] : names.map((name) => `${floor}${name}/`)
  );
  assertEquals(listed, rooms);
});

Deno.test("every folder of a floor with rooms is a room", () => {
  for (const [floor, names] of floors.filter(([, names]) => names.length > 0)) {
    assertEquals([...names].sort(), folders(floor).sort(), floor);
  }
});

Deno.test("the files that the map names exist", () => {
  const rooms = ["", "runtime/stream/", "dsl/interpret/", "docs/"];
  const named = [...map.matchAll(/`([\w/]+(?:\.ts|\/)|[\w/]+\.md)`/g)].map(([, path]) => path);
  const exists = (path: string) => {
    try {
      return Deno.statSync(new URL(path, root)) !== undefined;
    } catch {
      return false;
    }
  };
  assert(named.length > 50);
  assertEquals(named.filter((path) => !rooms.some((room) => exists(room + path))), []);
});
