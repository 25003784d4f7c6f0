/**
 * Protocol buffers, the few wire types that ONNX needs.
 *
 * Source: protobuf.dev, "Encoding": a field is a varint key (number << 3 | wire type) and a value.
 * @module
 */

const text = new TextEncoder();

/** A message being written. */
export class Message {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  #push(chunk: Uint8Array): this {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    return this;
  }

  #varint(value: bigint): this {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    do {
      const low = Number(rest & 127n);
      rest >>= 7n;
      bytes.push(rest ? low | 128 : low);
    } while (rest);
    return this.#push(Uint8Array.from(bytes));
  }

  /** An integer field; negatives as 64-bit two's complement. */
  integer(field: number, value: number | bigint): this {
    return this.#varint(BigInt(field << 3)).#varint(BigInt(value));
  }

  /** A 32-bit float field. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#varint(BigInt((field << 3) | 5)).#push(bytes);
  }

  /** A field of bytes, a string or a nested message. */
  bytes(field: number, value: Uint8Array | string | Message): this {
    const bytes =
      typeof value === 'string'
        ? text.encode(value)
        : value instanceof Message
          ? value.encode()
          : value;
    return this.#varint(BigInt((field << 3) | 2))
      .#varint(BigInt(bytes.length))
      .#push(bytes);
  }

  /** The message as bytes. */
  encode(): Uint8Array {
    const out = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      out.set(chunk, at);
      at += chunk.length;
    }
    return out;
  }
}
