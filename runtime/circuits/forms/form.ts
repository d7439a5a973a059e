/** The contract of a form that circuits are saved in. @module */
import type { FileForm } from "../../../base/file_forms.ts";
import type { Universe } from "../../universe/universe.ts";
import type { Circuit } from "../circuit.ts";

/** A circuit that was read from a file. */
export interface Imported {
  /** The circuit. */
  readonly circuit: Circuit;
  /** One sentence for each fact that the form lacks, or that is in the file and is not kept. */
  readonly losses: readonly string[];
}

/** A circuit as the text of a file. */
export interface Exported {
  /** Contents of the file. */
  readonly text: string;
  /** One sentence for each fact about the circuit that the form lacks. */
  readonly losses: readonly string[];
}

/** As {@linkcode Exported}, for a form that is a folder: texts by the names of its files. */
export interface ExportedFolder {
  readonly files: ReadonlyMap<string, string>;
  readonly losses: readonly string[];
}

/** Facts that some forms need and that are not part of a circuit. */
export interface WriteOptions {
  /** The model's width, d_model; default 1. */
  readonly width?: number;
}

/** One form, with its writer, its reader and its test. */
export interface CircuitForm extends FileForm {
  readonly of: "circuit";
  /** True for a form that `circ graph` and `.show` offer: a drawing for people. */
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
