/** The four protobuf encodings that ONNX files need, appended to one growing buffer. @module */

const encoder = new TextEncoder();

/** Appends fields; `message` nests. Fields may come in any order, as the format allows. */
export class ProtobufWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** A signed or unsigned integer field (varint). Negative numbers take ten bytes, as int64 does. */
  integer(field: number, value: number): void {
    this.#varint(BigInt(field << 3));
    this.#varint(BigInt.asUintN(64, BigInt(value)));
  }

  /** A 32-bit float field. */
  float(field: number, value: number): void {
    this.#varint(BigInt(field << 3 | 5));
    this.#reserve(4);
    new DataView(this.#bytes.buffer).setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  text(field: number, value: string): void {
    this.bytes(field, encoder.encode(value));
  }

  bytes(field: number, value: Uint8Array): void {
    this.#varint(BigInt(field << 3 | 2));
    this.#varint(BigInt(value.length));
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  message(field: number, write: (message: ProtobufWriter) => void): void {
    const inner = new ProtobufWriter();
    write(inner);
    this.bytes(field, inner.finish());
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #varint(value: bigint): void {
    this.#reserve(10);
    while (value > 0x7fn) {
      this.#bytes[this.#length++] = Number(value & 0x7fn) | 0x80;
      value >>= 7n;
    }
    this.#bytes[this.#length++] = Number(value);
  }

  #reserve(extra: number): void {
    if (this.#length + extra <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + extra));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
