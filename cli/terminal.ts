/**
 * The terminal that a command writes to: its width, and its colours (`NO_COLOR` set to anything forbids them).
 *
 * @module
 */

/** A destination of text, and the kinds of text that it takes. */
export interface Terminal {
  /** Writes text as it is. */
  write(text: string): void;
  /** A person watches: lines may be rewritten in place. */
  readonly interactive: boolean;
  readonly colour: boolean;
  /** Columns, asked anew at every use because windows are resized. */
  width(): number;
}

const encoder = new TextEncoder();

/** Standard error or standard output of this process. */
export function terminalOf(stream: "stdout" | "stderr"): Terminal {
  const output = stream === "stdout" ? Deno.stdout : Deno.stderr;
  const interactive = output.isTerminal() && Deno.env.get("TERM") !== "dumb";
  return {
    write: (text) => writeAll(output, encoder.encode(text)),
    interactive,
    colour: interactive && !Deno.noColor,
    width: () => {
      if (!interactive) return 80;
      try {
        return Deno.consoleSize().columns;
      } catch {
        return 80;
      }
    },
  };
}

/** A reader that went away (`circ ... | head`) is no error of the command. */
function writeAll(output: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  try {
    for (let done = 0; done < bytes.length;) done += output.writeSync(bytes.subarray(done));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
} as const;

export type Style = keyof typeof codes;

/** The text in a style, or as it is where colour is not welcome. */
export function styled(terminal: Pick<Terminal, "colour">, style: Style, text: string): string {
  if (!terminal.colour) return text;
  const [on, off] = codes[style];
  return `\x1b[${on}m${text}\x1b[${off}m`;
}

/** A file that takes results as a terminal does; its earlier contents stay. */
export function fileTerminal(path: string): Terminal {
  return {
    write: (text) => Deno.writeTextFileSync(path, text, { append: true }),
    interactive: false,
    colour: false,
    width: () => 80,
  };
}
