/**
 * The compressions of Parquet that geor can open: Snappy, and what Node brings.
 * @module
 */
import * as zlib from 'node:zlib';
import type { CompressionCodec, Compressors, FileMetaData } from 'hyparquet';
import { GeorError } from '../../core/index.ts';

/** Node has Zstandard from 22.15 on. */
function zstd(): Compressors {
  const decompress: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  if (typeof decompress !== 'function') return {};
  return {
    ZSTD: (input) => {
      const output: unknown = decompress(input);
      return output instanceof Uint8Array ? output : new Uint8Array();
    },
  };
}

/** Decompressors besides Snappy, which hyparquet has itself. */
export const decompressors: Compressors = {
  // A page says how long it is, so that a bomb cannot go further.
  GZIP: (input, length) => zlib.gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
  BROTLI: (input, length) =>
    zlib.brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
  ...zstd(),
};

const isKnown = (codec: CompressionCodec): boolean =>
  codec === 'UNCOMPRESSED' || codec === 'SNAPPY' || decompressors[codec] !== undefined;

/**
 * Checks that the columns can be decompressed, before any row is given.
 *
 * @throws GeorError `data` naming the compression that cannot
 */
export function checkCodecs(
  path: string,
  metadata: FileMetaData,
  columns: readonly string[],
): void {
  for (const { meta_data } of metadata.row_groups.flatMap((group) => group.columns)) {
    if (!meta_data || !columns.includes(meta_data.path_in_schema[0] ?? '')) continue;
    const { codec } = meta_data;
    if (isKnown(codec)) continue;
    throw new GeorError('data', `${path} is compressed with ${codec}, which cannot be opened`, {
      hint:
        codec === 'ZSTD'
          ? 'use Node 22.15 or newer, or write the file with snappy compression'
          : 'write the file with snappy, gzip or zstd compression',
    });
  }
}
