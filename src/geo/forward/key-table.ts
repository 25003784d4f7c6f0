/**
 * Which records have a name: a hash table over a section of text, without a string per name.
 *
 * The section has a line for a record and a tab between its names, in UTF-8. The table holds only
 * where each name starts and whose it is, twelve bytes a name; a look-up compares the bytes
 * themselves, so it never takes one name for another.
 * @module
 */

/** The larger of the two separators, tab and newline; no name has a smaller byte. */
const NEWLINE = 10;

/** FNV-1a, 32 bit, with a last mix so that the low bits depend on all others. */
function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 12)) >>> 0;
}

const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** A name ready to be looked up in any table. */
export interface EncodedKey {
  /** UTF-8; only the first `length` bytes count. */
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly hash: number;
}

/** Encodes names, one after the other, into the same bytes: each overwrites the one before. */
export class KeyEncoder {
  readonly #encoder = new TextEncoder();
  readonly #bytes = new Uint8Array(1024);

  /** The name, or null when it is empty or too long to be one. */
  encode(key: string): EncodedKey | null {
    const bytes = this.#bytes;
    const { read, written } = this.#encoder.encodeInto(key, bytes);
    if (written === 0 || read < key.length) return null;
    let hash = FNV_START;
    for (let i = 0; i < written; i++) hash = Math.imul(hash ^ bytes[i]!, FNV_PRIME);
    return { bytes, length: written, hash: finish(hash) };
  }
}

const NONE: readonly number[] = [];

/** Names to the numbers of the lines that have them. */
export class KeyTable {
  readonly #bytes: Uint8Array;
  readonly #mask: number;
  /** Where the names of each bucket begin in the two arrays below. */
  readonly #bucketStart: Uint32Array;
  readonly #keyStart: Uint32Array;
  readonly #line: Uint32Array;

  /**
   * @param bytes - the section; every line ends in a newline
   * @param skip - how many fields of each line come before the names
   */
  constructor(bytes: Uint8Array, skip = 0) {
    this.#bytes = bytes;
    let limit = 0;
    for (const byte of bytes) if (byte <= NEWLINE) limit++;
    const hashes = new Uint32Array(limit);
    const starts = new Uint32Array(limit);
    const lines = new Uint32Array(limit);
    let count = 0;
    let hash = FNV_START;
    let start = 0;
    let line = 0;
    let field = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte > NEWLINE) {
        hash = Math.imul(hash ^ byte, FNV_PRIME);
        continue;
      }
      if (field >= skip && at > start) {
        hashes[count] = finish(hash);
        starts[count] = start;
        lines[count++] = line;
      }
      field++;
      if (byte === NEWLINE) {
        line++;
        field = 0;
      }
      hash = FNV_START;
      start = at + 1;
    }
    let size = 1;
    while (size < count) size *= 2;
    this.#mask = size - 1;
    const ends = new Uint32Array(size + 1);
    for (let i = 0; i < count; i++) ends[(hashes[i]! & this.#mask) + 1]!++;
    for (let bucket = 1; bucket <= size; bucket++) ends[bucket]! += ends[bucket - 1]!;
    this.#bucketStart = ends.slice();
    this.#keyStart = new Uint32Array(count);
    this.#line = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      const slot = ends[hashes[i]! & this.#mask]!++;
      this.#keyStart[slot] = starts[i]!;
      this.#line[slot] = lines[i]!;
    }
  }

  /** The lines that have a name, in rising order. */
  find({ bytes, length, hash }: EncodedKey): readonly number[] {
    const bucket = hash & this.#mask;
    const end = this.#bucketStart[bucket + 1]!;
    let found: number[] | undefined;
    for (let slot = this.#bucketStart[bucket]!; slot < end; slot++) {
      if (!this.#isAt(this.#keyStart[slot]!, bytes, length)) continue;
      found ??= [];
      found.push(this.#line[slot]!);
    }
    return found ?? NONE;
  }

  #isAt(start: number, key: Uint8Array, length: number): boolean {
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== key[i]) return false;
    return bytes[start + length]! <= NEWLINE;
  }
}
