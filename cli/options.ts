/** Values of options that several commands share. @module */
import { EnumType } from "@cliffy/command";
import { tableForms } from "../runtime/circuits/mod.ts";
import { type DeviceChoice, deviceChoices } from "../runtime/engine/mod.ts";

export const deviceType = new EnumType(deviceChoices as readonly DeviceChoice[]);
export const formType = new EnumType(tableForms.map(({ name }) => name));
