/** Claims of a Parquet file about its contents, held against its size: memory is taken for no more than that. @module */
import { type FileMetaData, parquetHeader } from "../../../base/packages/hyparquet.ts";

/** Least limits of what a file may claim, and what each of its bytes adds: values that repeat take almost no bytes. */
const LIMITS = {
  rows: { least: 1e6, perByte: 8 },
  values: { least: 1e7, perByte: 8 },
  bytes: { least: 2 ** 27, perByte: 100 },
};

/**
 * Compares the rows of the footer, and the values and uncompressed bytes of every page's header, with the size of the file.
 *
 * @throws {RangeError} when the file claims more than it can hold
 */
export function checkClaims(file: ArrayBuffer, metadata: FileMetaData): void {
  const within = (claimed: number, what: keyof typeof LIMITS) => {
    const { least, perByte } = LIMITS[what];
    if (claimed <= Math.max(least, perByte * file.byteLength)) return;
    throw new RangeError(
      `the file has ${file.byteLength} bytes, and claims to hold ${
        claimed.toLocaleString("en")
      } ${what}`,
    );
  };
  const groups = metadata.row_groups;
  within(Number(metadata.num_rows), "rows");
  within(groups.reduce((sum, { num_rows }) => sum + Number(num_rows), 0), "rows");
  let bytes = 0;
  for (const { meta_data: column } of groups.flatMap(({ columns }) => columns)) {
    if (column === undefined) continue;
    const [first, second] = [column.dictionary_page_offset, column.data_page_offset].map(Number);
    const start = first > 0 && first < second ? first : second;
    const end = Math.min(file.byteLength, start + Number(column.total_compressed_size));
    const reader = { view: new DataView(file), offset: start };
    let values = 0;
    while (reader.offset < end - 1) {
      const header = parquetHeader(reader);
      if (!(header.compressed_page_size >= 0)) throw new RangeError("a page has no size");
      reader.offset += header.compressed_page_size;
      const { num_values = 0 } = header.data_page_header ?? header.data_page_header_v2 ??
        header.dictionary_page_header ?? {};
      within(values += num_values, "values");
      within(bytes += Number(header.uncompressed_page_size), "bytes");
    }
  }
}
