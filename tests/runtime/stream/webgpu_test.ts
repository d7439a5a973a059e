/** Tests of the stream once more on the WebGPU provider, in processes that find a Vulkan driver: a GPU's or a software one. */
import { assertStringIncludes } from "@std/assert";

/** Debian's chromium carries a software driver and the loader that it needs. */
const software = "/usr/lib/chromium";
const exists = (path: string) => {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
};
const gpu = Deno.build.os !== "linux" || exists("/dev/dri/renderD128") || exists("/dev/nvidia0");
const driver = `${software}/vk_swiftshader_icd.json`;
const possible = gpu || exists(driver);
if (!possible) {
  console.error(`WebGPU did not run: there is no GPU, and no software driver at ${driver}`);
}

for (
  const [what, file, filter, passed] of [
    ["computes the golden logits, KL and edge gradients", "golden_test.ts", "", 6],
    ["tells masks of one pass apart", "batched_masks_test.ts", "told apart by row", 1],
  ] as const
) {
  Deno.test({
    name: `WebGPU ${what}`,
    ignore: !possible,
    async fn() {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "test",
          "-A",
          "--quiet",
          "--no-check",
          `--filter=${filter}`,
          new URL(file, import.meta.url).pathname,
        ],
        env: {
          CIRC_TEST_DEVICE: "webgpu",
          NO_COLOR: "1",
          ...(gpu ? {} : { VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: software }),
        },
      }).output();
      const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assertStringIncludes(text, `${passed} passed | 0 failed`, `status ${code}`);
    },
  });
}
