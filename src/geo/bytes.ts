/**
 * Variable-length integers, read and written, for the gazetteer file.
 *
 * LEB128: seven bits a byte, low bits first; signed numbers are zig-zag coded (0, -1, 1, -2, ...),
 * so that small steps in either direction take one byte. Values fit in 32 bits.
 * @module
 */
import { GeorError } from '../core/index.ts';

/** Throws the one error every unreadable gazetteer ends in. */
export function corrupt(what: string): never {
  throw new GeorError('asset', `the gazetteer is damaged: ${what}`, {
    hint: 'reinstall geor, or rebuild the file with scripts/build-gazetteer.ts',
  });
}

/** Reads integers from bytes, front to back; never past the end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #name: string;
  #at = 0;

  /** @param name - what the bytes are, for the error message */
  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#name = name;
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** An integer in [0, 2^32). */
  unsigned(): number {
    const bytes = this.#bytes;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes[this.#at++];
      if (byte === undefined) corrupt(`section ${this.#name} ends too early`);
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    corrupt(`section ${this.#name} holds a number of more than 32 bits`);
  }

  /** An integer in [-2^31, 2^31). */
  signed(): number {
    const zigzag = this.unsigned();
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  /** The next `length` bytes, not copied. */
  take(length: number): Uint8Array {
    if (length > this.left) corrupt(`section ${this.#name} ends too early`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Checks that nothing is left over. */
  end(): void {
    if (this.left > 0) corrupt(`section ${this.#name} is ${this.left} bytes too long`);
  }
}

/** Writes what {@link ByteReader} reads. */
export class ByteWriter {
  readonly #bytes: number[] = [];

  /** @param value - an integer in [0, 2^32) */
  unsigned(value: number): this {
    let rest = value >>> 0;
    for (; rest > 127; rest >>>= 7) this.#bytes.push((rest & 127) | 128);
    this.#bytes.push(rest);
    return this;
  }

  /** @param value - an integer in [-2^31, 2^31) */
  signed(value: number): this {
    return this.unsigned((value << 1) ^ (value >> 31));
  }

  /** Appends bytes as they are. */
  raw(bytes: Uint8Array): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  /** Everything written so far. */
  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
