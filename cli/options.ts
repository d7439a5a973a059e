/**
 * What options of several commands can be set to.
 *
 * @module
 */
import { EnumType } from "@cliffy/command";
import { tableForms } from "../runtime/circuits/mod.ts";
import { type DeviceChoice, deviceChoices } from "../runtime/engine/device.ts";

/** Where to compute. */
export const deviceType = new EnumType(deviceChoices as readonly DeviceChoice[]);
/** How tables are written. */
export const formType = new EnumType(tableForms.map(({ name }) => name));
