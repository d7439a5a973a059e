/** @module */
export { nearest as nearestName } from "../nearest.ts";
