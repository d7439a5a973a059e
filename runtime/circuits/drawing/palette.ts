/**
 * Colours of drawings: pale fills with dark outlines for components, and line colours (after Okabe and Ito)
 * that differ in lightness and for the colour-blind.
 *
 * @module
 */
import type { ReaderKind } from "../../universe/universe.ts";
import type { Box } from "./picture.ts";

/** Fill and outline of a component. */
export const fills: Readonly<Record<Box["kind"], { fill: string; stroke: string }>> = {
  tok: { fill: "#e3efdf", stroke: "#5b8c4a" },
  pos: { fill: "#e3efdf", stroke: "#5b8c4a" },
  embed: { fill: "#e3efdf", stroke: "#5b8c4a" },
  head: { fill: "#e4ecf7", stroke: "#4a6fa5" },
  mlp: { fill: "#fbe9cf", stroke: "#c1862c" },
  logits: { fill: "#e9e4ef", stroke: "#6f5a8d" },
};

/** Colour of a line, by the input at which it arrives. */
export const strokes: Readonly<Record<ReaderKind, string>> = {
  q: "#0072b2",
  k: "#d55e00",
  v: "#008a62",
  qkv: "#0072b2",
  mlp: "#6b6b6b",
  logits: "#6b6b6b",
};
