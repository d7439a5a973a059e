import { assertEquals } from "@std/assert";
import { fileName } from "../../../dsl/interpret/run/file_name.ts";

Deno.test("names of circuits as names of files: shares stay readable, no two names meet", () => {
  assertEquals(fileName("c (share=2%, seed=1)"), "c (share=2%, seed=1)");
  assertEquals(fileName("c (from=a/b\\c:d)"), "c (from=a%2fb%5cc%3ad)");
  assertEquals(fileName("c (x=a%2fb)"), "c (x=a%252fb)");
});
