/** Parquet, read by hyparquet. @module */
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from "../../../base/packages/hyparquet.ts";
import { compressors } from "../../../base/packages/hyparquet_compressors.ts";
import { TaskError } from "../error.ts";
import { NOT_UTF8, type RowFile } from "./row.ts";

/**
 * Rows of a Parquet file, of its top-level columns.
 *
 * @throws {TaskError} when the file is no Parquet file, or is damaged
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
    const columns = parquetSchema(metadata).children.map((child) => child.element.name);
    const records = await parquetReadObjects({ file, metadata, compressors, parsers });
    const rows = records.map((fields, i) => ({ place: `${name}, row ${i + 1}`, fields }));
    return { rows, count: rows.length, columns };
  } catch (error) {
    throw new TaskError(
      name,
      `cannot be read as Parquet: ${error instanceof Error ? error.message : error}`,
    );
  }
}
