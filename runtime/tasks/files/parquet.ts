/** Parquet, read by hyparquet. @module */
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from "../../../base/packages/hyparquet.ts";
import { compressors, decompressZstd } from "../../../base/packages/hyparquet_compressors.ts";
import { TaskError } from "../error.ts";
import { checkClaims } from "./parquet_claims.ts";
import { NOT_UTF8, type RowFile } from "./row.ts";

/** Decompressors that take memory for what the page's header says alone, which {@linkcode checkClaims} limits. */
const bounded: typeof compressors = {
  ...compressors,
  ZSTD: (input, length) => decompressZstd(input, new Uint8Array(length)),
};

/**
 * Rows of a Parquet file. Its columns are the top-level ones, and below a record its fields, `prompt.text`.
 *
 * @throws {TaskError} when the file is no Parquet file, is damaged, or claims more than it can hold
 */
export async function readParquet(bytes: Uint8Array, name: string): Promise<RowFile> {
  const file = bytes.buffer.slice(
    bytes.byteOffset,
    bytes.byteOffset + bytes.byteLength,
  ) as ArrayBuffer;
  const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const parsers = {
    stringFromBytes: (text: Uint8Array | undefined) => {
      if (text === undefined) return undefined;
      try {
        return strict.decode(text);
      } catch {
        return NOT_UTF8;
      }
    },
  };
  try {
    const metadata = await parquetMetadataAsync(file);
    checkClaims(file, metadata);
    const columns = parquetSchema(metadata).children.flatMap(namesOf);
    const records = await parquetReadObjects({ file, metadata, compressors: bounded, parsers });
    const rows = records.map((fields, i) => ({ place: `${name}, row ${i + 1}`, fields }));
    return { rows, count: rows.length, columns };
  } catch (error) {
    throw new TaskError(
      name,
      `cannot be read as Parquet: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** Names of a column: its own, and of a record its fields' behind it. Lists and maps are values as a whole. */
function namesOf({ element, children, path }: SchemaTree): string[] {
  const isRecord = children.length > 0 && element.converted_type === undefined &&
    element.logical_type === undefined && element.repetition_type !== "REPEATED";
  return [path.join("."), ...isRecord ? children.flatMap(namesOf) : []];
}
