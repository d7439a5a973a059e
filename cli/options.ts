/** Values of options that several commands share. @module */
import { EnumType } from "@cliffy/command";
import { tableForms } from "../runtime/circuits/mod.ts";
import { type DeviceChoice, deviceChoices } from "../runtime/engine/mod.ts";

/** Devices. */
export const deviceType = new EnumType(deviceChoices as readonly DeviceChoice[]);
/** Forms of tables. */
export const formType = new EnumType(tableForms.map(({ name }) => name));
