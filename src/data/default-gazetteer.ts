/**
 * Gazetteers from files: the one that comes with geor, and the user's own.
 * @module
 */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { GeorError } from '../core/index.ts';
import { readAsset, sha256 } from '../core/node/index.ts';
import { type Gazetteer, parseGazetteer } from '../geo/index.ts';

const ASSET = 'gazetteer.bin.br';

let loaded: Gazetteer | undefined;

/**
 * The built-in gazetteer: read once, about half a second, then kept.
 *
 * @throws GeorError `asset` when the file is missing or damaged.
 */
export function defaultGazetteer(): Gazetteer {
  loaded ??= parseGazetteer(decompress(readAsset(ASSET), `asset ${ASSET}`));
  return loaded;
}

/**
 * A gazetteer built by `scripts/build-gazetteer.ts`.
 *
 * @param path - the file it wrote, compressed with Brotli
 * @throws GeorError `asset` when the file cannot be read or is no gazetteer.
 */
export function loadGazetteer(path: string): Gazetteer {
  let packed: Uint8Array;
  try {
    packed = readFileSync(path);
  } catch (cause) {
    throw new GeorError('asset', `cannot read the gazetteer ${path}`, { cause });
  }
  return parseGazetteer(decompress(packed, path));
}

/** SHA-256 of the built-in gazetteer's file, for records of what was used. */
export function gazetteerChecksum(): string {
  return sha256(readAsset(ASSET));
}

function decompress(packed: Uint8Array, name: string): Uint8Array {
  try {
    return brotliDecompressSync(packed);
  } catch (cause) {
    throw new GeorError('asset', `${name} cannot be decompressed`, {
      hint: 'reinstall geor, or rebuild the file with scripts/build-gazetteer.ts',
      cause,
    });
  }
}
