/**
 * The contract of a form that circuits are saved in.
 *
 * @module
 */
import type { FileForm } from "../../../base/file_forms.ts";
import type { Universe } from "../../universe/universe.ts";
import type { Circuit } from "../circuit.ts";

/** A circuit that was read, and what was lost on the way. */
export interface Imported {
  readonly circuit: Circuit;
  /** One sentence for each thing that the other form cannot say, or says and we do not keep. */
  readonly losses: readonly string[];
}

/** A circuit as the text of a file, and what was lost on the way. */
export interface Exported {
  readonly text: string;
  /** One sentence for each thing that the form cannot say. */
  readonly losses: readonly string[];
}

/** As {@linkcode Exported}, for a form that is a folder: texts by the names of its files. */
export interface ExportedFolder {
  readonly files: ReadonlyMap<string, string>;
  readonly losses: readonly string[];
}

/** Facts that some forms ask for and a circuit does not know. */
export interface WriteOptions {
  /** The model's width, d_model; default 1. */
  readonly width?: number;
}

/** One form: how it is written, read and recognised. */
export interface CircuitForm extends FileForm {
  readonly of: "circuit";
  /** True for forms that are drawn for people. */
  readonly picture?: boolean;
  readonly write: (
    circuit: Circuit,
    options?: WriteOptions,
  ) => Exported | ExportedFolder | Promise<Exported>;
  /** Absent for forms that cannot be read back. */
  readonly read?: (text: string, expected?: Universe) => Imported | Promise<Imported>;
  /** True for the beginning of a text in this form. No two forms fit one text. */
  readonly fits?: (start: string) => boolean;
}
