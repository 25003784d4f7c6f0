/**
 * The envelope of the gazetteer file: magic bytes, a version, named sections with checksums.
 *
 * Layout: `GEORGAZ` and a zero byte; version; number of sections; for each its name (length, UTF-8),
 * length and Adler-32; then the sections themselves, in that order. Numbers as in `bytes.ts`. A
 * reader takes the sections it knows by name and ignores the rest, so that sections can be added
 * without a new version.
 * @module
 */
import { GeorError } from '../core/index.ts';
import { ByteReader, ByteWriter, corrupt } from './bytes.ts';

const MAGIC = 'GEORGAZ\0';

/** The version of the layout this code writes and reads. */
export const GAZETTEER_VERSION = 1;

/** Adler-32 (RFC 1950), a cheap checksum against truncation and flipped bits. */
export function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let from = 0; from < bytes.length; from += 3800) {
    // 3800 additions stay below 2^32, so one modulo a block is enough.
    const to = Math.min(from + 3800, bytes.length);
    for (let i = from; i < to; i++) {
      a += bytes[i]!;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}

/** Packs sections into one file. */
export function packSections(sections: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const text = new TextEncoder();
  const head = new ByteWriter().raw(text.encode(MAGIC));
  head.unsigned(GAZETTEER_VERSION).unsigned(sections.size);
  for (const [name, bytes] of sections) {
    const encoded = text.encode(name);
    head.unsigned(encoded.length).raw(encoded).unsigned(bytes.length).unsigned(adler32(bytes));
  }
  const parts = [head.bytes(), ...sections.values()];
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/**
 * The sections of a file, by name.
 *
 * @throws GeorError `asset` when the file is another kind, another version, cut short or altered.
 */
export function unpackSections(file: Uint8Array): Map<string, Uint8Array> {
  const text = new TextDecoder();
  const reader = new ByteReader(file, 'header');
  if (file.length < MAGIC.length || text.decode(reader.take(MAGIC.length)) !== MAGIC) {
    throw new GeorError('asset', 'this does not look like a geor gazetteer', {
      hint: 'pass the decompressed bytes of assets/gazetteer.bin.br',
    });
  }
  const version = reader.unsigned();
  if (version !== GAZETTEER_VERSION) {
    throw new GeorError(
      'asset',
      `the gazetteer has format version ${version}; this geor reads version ${GAZETTEER_VERSION}`,
      { hint: 'take the gazetteer and geor from the same release' },
    );
  }
  const directory: { name: string; length: number; checksum: number }[] = [];
  for (let left = reader.unsigned(); left > 0; left--) {
    const name = text.decode(reader.take(reader.unsigned()));
    directory.push({ name, length: reader.unsigned(), checksum: reader.unsigned() });
  }
  const sections = new Map<string, Uint8Array>();
  for (const { name, length, checksum } of directory) {
    if (length > reader.left) corrupt(`section ${name} ends too early`);
    const bytes = reader.take(length);
    if (adler32(bytes) !== checksum) corrupt(`section ${name} has another checksum`);
    sections.set(name, bytes);
  }
  reader.end();
  return sections;
}
