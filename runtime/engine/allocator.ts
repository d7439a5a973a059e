/** The memory allocator of the C library under onnxruntime. @module */

/** `M_MMAP_THRESHOLD` of glibc's malloc.h. */
const MMAP_THRESHOLD = -3;
const LARGE_BYTES = 1 << 20;

let asked = false;

/**
 * Asks glibc to return large blocks to the system as soon as they are free. Without that, glibc raises its threshold with
 * the first large block and keeps all smaller ones, up to 32 MB each: over many sessions as much as the passes' own
 * buffers. Another C library, or one that may not be called, is left as it is.
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
    // No glibc, no threshold.
  }
}
