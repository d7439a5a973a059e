/**
 * Places of the boxes and lines of a picture: Graphviz's layered layout, with a row for each layer's heads
 * and one for its MLP.
 *
 * @module
 */
import { graphviz } from "./graphviz.ts";
import type { Box, Picture } from "./picture.ts";

/** Sizes in points (1/72 inch). */
export const boxHeight = 22;
export const inputHeight = 11;
/** Between lines that pass, between boxes (in addition, on each side), and between rows. */
const gap = { line: 5, box: 4, row: 46 };

/** A box's size: wide enough for its name. */
export function sizeOf(box: Box): { width: number; height: number } {
  const width = box.kind === "logits" ? 64 : Math.max(44, 9 + 6.4 * box.name.length);
  return { width, height: boxHeight + (hasInputs(box) ? inputHeight : 0) };
}

/** True if a box shows the inputs q, k and v apart. */
export function hasInputs(box: Box): boolean {
  return ["q", "k", "v"].some((kind) => box.inputs.has(kind as "q"));
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Centres by name, y growing downwards. */
  readonly boxes: ReadonlyMap<string, { x: number; y: number }>;
  /** Per line of the picture: a start and then Bézier segments of three points each. */
  readonly lines: readonly (readonly { x: number; y: number }[])[];
}

export async function layOut(picture: Picture): Promise<Layout> {
  if (picture.boxes.length === 0) return { width: 0, height: 0, boxes: new Map(), lines: [] };
  // Graphviz draws from top to bottom with y growing upwards. Taken with y growing downwards, the same
  // numbers put the input at the bottom.
  const drawn = JSON.parse((await graphviz()).layout(dotFor(picture), "json", "dot")) as Drawn;
  const [, , width, height] = numbers(drawn.bb);
  const boxes = new Map(
    drawn.objects.filter(({ pos }) => pos).map(({ name, pos }) => {
      const [x, y] = numbers(pos!);
      return [name, { x, y }];
    }),
  );
  const lines: { x: number; y: number }[][] = picture.lines.map(() => []);
  for (const { id, pos } of drawn.edges ?? []) {
    if (id === undefined || pos === undefined) continue;
    const end = /e,([^ ]+) (.*)$/.exec(pos);
    const points = (end ? end[2] : pos).split(" ");
    if (end) points.push(end[1]);
    lines[Number(id)] = points.map((point) => {
      const [x, y] = numbers(point);
      return { x, y };
    });
  }
  return { width, height, boxes, lines };
}

interface Drawn {
  readonly bb: string;
  readonly objects: readonly { readonly name: string; readonly pos?: string }[];
  readonly edges?: readonly { readonly id?: string; readonly pos?: string }[];
}

function numbers(text: string): number[] {
  return text.split(",").map(Number);
}

function dotFor({ boxes, lines }: Picture): string {
  const rows = [...new Set(boxes.map((box) => box.row))].sort((a, b) => a - b);
  const byName = new Map(boxes.map((box) => [box.name, box]));
  const anchors = rows.map((row) => `row${row}`);
  return [
    "digraph {",
    `graph [nodesep=${gap.line / 72}, ranksep=${rowGap(lines.length) / 72}, splines=spline]`,
    `node [shape=plain, fontsize=1, margin=0]`,
    "edge [arrowhead=normal, arrowsize=0.4]",
    ...rows.map((row) =>
      `{ rank=same; row${row} [shape=point, width=0.01, style=invis]; ${
        boxes.filter((box) => box.row === row).map(nodeLine).join(" ")
      } }`
    ),
    `${anchors.join(" -> ")} [style=invis, weight=100]`,
    ...lines.map(({ from, to, kind }, i) => {
      const port = hasInputs(byName.get(to)!) ? `:${kind}` : "";
      return `"${from}":s -> "${to}"${port}:n [id=${i}]`;
    }),
    "}",
  ].join("\n");
}

/** Many lines need room to part between the rows. */
function rowGap(lines: number): number {
  return Math.min(110, gap.row + lines / 5);
}

/** A box as a table without borders whose upper cells are the inputs, so that lines end at their own input. */
function nodeLine(box: Box): string {
  const { width } = sizeOf(box);
  const cell = (port: string, w: number, h: number, more = "") =>
    `<TD ${port ? `PORT="${port}"` : ""} FIXEDSIZE="TRUE" WIDTH="${w}" HEIGHT="${h}" ${more}></TD>`;
  const rows = hasInputs(box) ? 2 : 1;
  const side = cell("", gap.box, sizeOf(box).height, `ROWSPAN="${rows}"`);
  const body = cell("", width, boxHeight, hasInputs(box) ? 'COLSPAN="3"' : "");
  const inputs = ["q", "k", "v"].map((kind) => cell(kind, width / 3, inputHeight)).join("");
  const table = rows === 2
    ? `<TR>${side}${inputs}${side}</TR><TR>${body}</TR>`
    : `<TR>${side}${body}${side}</TR>`;
  return `"${box.name}" [label=<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">${table}</TABLE>>];`;
}
