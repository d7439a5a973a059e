/** `circ devices` @module */
import { Command } from "@cliffy/command";
import { chooseDevice, devices } from "../runtime/engine/mod.ts";
import { renderText } from "../runtime/tables/forms/mod.ts";
import type { Streams } from "./main.ts";

export function devicesCommand({ out, err }: Streams) {
  return new Command()
    .description("Show the devices to compute on, and which of them `auto` takes here.")
    .example("circ devices", "Names for --device, and what they are.")
    .action(async () => {
      const rows = Object.entries(devices).map(([name, { about }]) => [name, about]);
      out.write(renderText({ columns: ["device", "about"], rows }));
      const { provider, reason } = await chooseDevice("auto");
      err.write(`auto is ${provider} here: ${reason}\n`);
    });
}
