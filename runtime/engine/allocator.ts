/**
 * The memory allocator of the C library under onnxruntime.
 *
 * @module
 */

/** `M_MMAP_THRESHOLD` of glibc's malloc.h. */
const MMAP_THRESHOLD = -3;
const LARGE_BYTES = 1 << 20;

let asked = false;

/**
 * Asks glibc to return large blocks to the system as soon as they are free. By itself it learns from the first large
 * block to keep all that are smaller, up to 32 MB each, which over many sessions came to as much as the passes' own
 * buffers. Where the C library is another one, or may not be called, nothing is changed.
 */
export function returnLargeBlocks(): void {
  if (asked || Deno.build.os !== "linux") return;
  asked = true;
  try {
    const libc = Deno.dlopen("libc.so.6", {
      mallopt: { parameters: ["i32", "i32"], result: "i32" },
    });
    libc.symbols.mallopt(MMAP_THRESHOLD, LARGE_BYTES);
    libc.close();
  } catch {
    // No glibc: its habits are not there either.
  }
}
