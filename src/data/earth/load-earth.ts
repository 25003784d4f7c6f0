/**
 * The Earth picture that ships with geor, from its file.
 * @module
 */
import { readAsset } from '../../core/node/index.ts';
import { decodeJpeg } from '../jpeg.ts';
import { type Earth, earthFrom } from './earth.ts';

let loaded: Earth | undefined;

/**
 * The Earth picture that ships with geor, decoded on the first call and shared after that.
 *
 * @throws GeorError `asset` when the file is missing, `image` when it is damaged
 */
export function loadEarth(): Earth {
  const name = 'earth-blue-marble.jpg';
  loaded ??= earthFrom(decodeJpeg(readAsset(name), name));
  return loaded;
}
