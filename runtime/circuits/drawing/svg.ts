/**
 * A circuit as a drawing: layers from bottom to top, boxes coloured by kind, lines by the input at which they
 * arrive and as wide as their score. Made for print: plain SVG, colours that differ in lightness and for the
 * colour-blind, nothing that a viewer would have to fetch.
 *
 * @module
 */
import type { Circuit } from "../circuit.ts";
import { shortFloat32 } from "../../../base/float_text.ts";
import { ablationOf, expressionOf } from "../provenance.ts";
import { cutToWidth } from "../../../base/display_width.ts";
import { describeUniverse } from "../../universe/same.ts";
import type { ReaderKind } from "../../universe/universe.ts";
import { boxHeight, hasInputs, inputHeight, type Layout, layOut, sizeOf } from "./layout.ts";
import { escaped } from "./markup.ts";
import { fills, strokes } from "./palette.ts";
import { type Box, type Line, type Picture, pictureOf } from "./picture.ts";

/** Options of {@linkcode circuitToSvg}. */
export interface SvgOptions {
  /** The headline; default: the circuit's name or expression. */
  readonly title?: string;
  /** Most edges to draw, those with the highest scores; default: 400. */
  readonly most?: number;
}

const font = "font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\"";
const margin = { left: 74, right: 28 };
/** Room for the legend and the title, in points. */
const leastWidth = 470;

/**
 * Draws a circuit as SVG text.
 *
 * @throws {CircuitError} if the circuit has no edges, or too many edges and no scores
 *
 * @example
 * ```ts
 * const architecture = await readArchitecture("examples/models/sorting-gpt");
 * const circuit = fullCircuit(universeOf(shapeOf(architecture), defaultConvention));
 * const svg = await circuitToSvg(circuit, { title: "all edges" });
 * ```
 */
export async function circuitToSvg(
  circuit: Circuit,
  { title = expressionOf(circuit), most = 400 }: SvgOptions = {},
): Promise<string> {
  const picture = pictureOf(circuit, most);
  const layout = await layOut(picture);
  const width = Math.max(layout.width, leastWidth) + margin.left + margin.right;
  // Words around a wide drawing grow with it, since it will be shrunk to fit a page.
  const scale = Math.min(2.5, Math.max(1, width / 900));
  const top = 78 * scale;
  const below = top + layout.height + 30 * scale;
  const height = below + (22 + 13 * picture.notes.length) * scale;
  const shiftX = margin.left + Math.max(0, (leastWidth - layout.width) / 2);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}pt" height="${
      round(height)
    }pt" viewBox="0 0 ${round(width)} ${round(height)}" ${font}>`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...bands(picture, layout, width, top, scale),
    `<g transform="translate(${round(shiftX)} ${round(top)})">`,
    ...drawLines(picture, layout),
    ...picture.boxes.map((box) => drawBox(box, layout.boxes.get(box.name)!)),
    "</g>",
    `<g transform="translate(${margin.left} 0) scale(${round(scale)})">`,
    ...heading(circuit, title, (width - margin.left) / scale),
    "</g>",
    `<g transform="translate(${margin.left} ${round(below)}) scale(${round(scale)})">`,
    ...legend(picture),
    ...picture.notes.map((note, i) => text(0, 24 + 13 * i, 9, note, 'fill="#555"')),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function heading(circuit: Circuit, title: string, room: number): string[] {
  const { universe, edges, provenance } = circuit;
  const ablation = ablationOf(circuit);
  const count = (n: number) => n.toLocaleString("en-US");
  const sparsity = universe.edgeCount === 0 ? 0 : 1 - edges.length / universe.edgeCount;
  const facts = [
    `${count(edges.length)} of ${count(universe.edgeCount)} edges, ${
      (100 * sparsity).toFixed(sparsity > 0.99 ? 2 : 1)
    }% sparse`,
    provenance.model?.name,
    provenance.task,
    title === provenance.expression ? undefined : provenance.expression,
    ablation === "interchange" ? undefined : `under ${ablation}`,
    provenance.seed === undefined ? undefined : `seed ${provenance.seed}`,
  ].filter((fact) => fact !== undefined);
  return [
    text(0, 30, 17, cutToWidth(title, Math.floor(room / 9.5)), 'font-weight="bold" fill="#1a1a1a"'),
    text(0, 47, 10.5, cutToWidth(facts.join("  ·  "), Math.floor(room / 5.3)), 'fill="#333"'),
    text(0, 61, 9, describeUniverse(universe).replace(/:.*/, ""), 'fill="#777"'),
  ];
}

/** Pale bands behind the layers, with the layer's number at the left. */
function bands(
  { boxes }: Picture,
  layout: Layout,
  width: number,
  shift: number,
  scale: number,
): string[] {
  const extents = new Map<number, { top: number; bottom: number }>();
  for (const box of boxes) {
    if (box.kind !== "head" && box.kind !== "mlp") continue;
    const layer = (box.row - 1) >> 1;
    const { y } = layout.boxes.get(box.name)!;
    const half = sizeOf(box).height / 2;
    const known = extents.get(layer) ?? { top: Infinity, bottom: -Infinity };
    extents.set(layer, {
      top: Math.min(known.top, y - half),
      bottom: Math.max(known.bottom, y + half),
    });
  }
  return [...extents].flatMap(([layer, { top, bottom }]) => {
    const [y, height] = [shift + top - 9, bottom - top + 18];
    return [
      `<rect x="14" y="${round(y)}" width="${round(width - 28)}" height="${
        round(height)
      }" rx="5" fill="#f6f6f4"/>`,
      text(22, y + height / 2 + 3, 9 * Math.min(1.3, scale), `layer ${layer}`, 'fill="#888"'),
    ];
  });
}

function drawBox(box: Box, { x, y }: { x: number; y: number }): string {
  const { width, height } = sizeOf(box);
  const { fill, stroke } = fills[box.kind];
  const [left, top] = [x - width / 2, y - height / 2];
  const inputs = hasInputs(box)
    ? (["q", "k", "v"] as const).filter((kind) => box.inputs.has(kind)).map((kind) => {
      const at = left + width * (("qkv".indexOf(kind) + 0.5) / 3);
      return text(
        at,
        top + boxHeight + inputHeight - 4,
        8,
        kind,
        `text-anchor="middle" font-weight="bold" fill="${strokes[kind]}"`,
      );
    })
    : [];
  const radius = box.kind === "head" ? 4 : 8;
  return [
    `<g><title>${escaped(box.name)}</title>`,
    `<rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${
      round(height)
    }" rx="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="1"/>`,
    text(x, top + boxHeight / 2 + 4, 11, box.name, 'text-anchor="middle" fill="#1a1a1a"'),
    ...inputs,
    "</g>",
  ].join("");
}

/** Widths of lines, which grow with the size of the score. */
function widths(lines: readonly Line[]): (score: number) => number {
  const strongest = Math.max(0, ...lines.map(({ score }) => Math.abs(score) || 0));
  return (score) =>
    Number.isNaN(score) || strongest === 0 ? 1.1 : 0.5 + 2.9 * Math.abs(score) / strongest;
}

function drawLines({ lines }: Picture, layout: Layout): string[] {
  const widthOf = widths(lines);
  // Strong lines are drawn over weak ones.
  const order = lines.map((_, i) => i)
    .sort((a, b) => widthOf(lines[a].score) - widthOf(lines[b].score));
  return order.flatMap((i) => {
    const { title, kind, score } = lines[i];
    const points = layout.lines[i];
    if (points.length < 2) return [];
    const width = widthOf(score);
    const [tip, base] = [points[points.length - 1], points[points.length - 2]];
    const shown = Number.isNaN(score) ? title : `${title}  ${shortFloat32(score)}`;
    const curve = `M${at(points[0])}C${points.slice(1, -1).map(at).join(" ")}`;
    return [
      `<g stroke="${strokes[kind]}" fill="${strokes[kind]}" opacity="0.78"><title>${
        escaped(shown)
      }</title><path d="${curve}" fill="none" stroke-width="${round(width)}"${
        score < 0 ? ' stroke-dasharray="5 3"' : ""
      }/><path d="${arrow(base, tip, 2 + width * 0.8)}" stroke="none"/></g>`,
    ];
  });
}

/** A triangle from where the curve ends to the tip. */
function arrow(base: Point, tip: Point, halfWidth: number): string {
  const [dx, dy] = [tip.x - base.x, tip.y - base.y];
  const length = Math.hypot(dx, dy) || 1;
  const [nx, ny] = [-dy / length * halfWidth * 0.7, dx / length * halfWidth * 0.7];
  return `M${at(tip)}L${at({ x: base.x + nx, y: base.y + ny })} ${
    at({ x: base.x - nx, y: base.y - ny })
  }Z`;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function at({ x, y }: Point): string {
  return `${round(x)},${round(y)}`;
}

function legend({ lines }: Picture): string[] {
  const kinds = new Set(lines.map(({ kind }) => kind));
  const named: [ReaderKind[], string][] = [
    [["q"], "to query"],
    [["k"], "to key"],
    [["v"], "to value"],
    [["qkv"], "to head"],
    [["mlp", "logits"], "to MLP or logits"],
  ];
  const parts: string[] = [];
  let x = 0;
  const label = (words: string) => {
    parts.push(text(x, 3, 9, words, 'fill="#444"'));
    x += 4.5 * words.length + 16;
  };
  const sample = (stroke: string, width: string, words: string) => {
    parts.push(
      `<line x1="${round(x)}" y1="0" x2="${
        round(x + 16)
      }" y2="0" stroke="${stroke}" stroke-width="${width}"/>`,
    );
    x += 20;
    label(words);
  };
  for (const [group, words] of named) {
    const kind = group.find((each) => kinds.has(each));
    if (kind) sample(strokes[kind], "2", words);
  }
  const scores = lines.map(({ score }) => score).filter((score) => !Number.isNaN(score));
  if (scores.length === 0) return parts;
  const sizes = scores.map(Math.abs);
  const [weak, strong] = [Math.min(...sizes), Math.max(...sizes)];
  const widthOf = widths(lines);
  for (const score of weak === strong ? [strong] : [weak, strong]) {
    sample("#444", round(widthOf(score)), `score ${Number(score.toPrecision(2))}`);
  }
  if (scores.some((score) => score < 0)) label("dashed: negative");
  return parts;
}

function text(x: number, y: number, size: number, words: string, more = ""): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" ${more}>${
    escaped(words)
  }</text>`;
}

function round(value: number): string {
  return String(Number(value.toFixed(2)));
}
