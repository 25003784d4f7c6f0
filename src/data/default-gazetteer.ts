/**
 * The gazetteer that comes with geor.
 * @module
 */
import { brotliDecompressSync } from 'node:zlib';
import { GeorError } from '../core/index.ts';
import { readAsset } from '../core/node/index.ts';
import { type Gazetteer, parseGazetteer } from '../geo/index.ts';

const ASSET = 'gazetteer.bin.br';

let loaded: Gazetteer | undefined;

/**
 * The built-in gazetteer: read once, about half a second, then kept.
 *
 * @throws GeorError `asset` when the file is missing or damaged.
 */
export function defaultGazetteer(): Gazetteer {
  loaded ??= parseGazetteer(decompress(readAsset(ASSET)));
  return loaded;
}

function decompress(packed: Uint8Array): Uint8Array {
  try {
    return brotliDecompressSync(packed);
  } catch (cause) {
    throw new GeorError('asset', `asset ${ASSET} cannot be decompressed`, {
      hint: 'reinstall geor, or rebuild the file with scripts/build-gazetteer.ts',
      cause,
    });
  }
}
