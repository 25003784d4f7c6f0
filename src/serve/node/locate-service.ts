/**
 * What `/v1/locate` needs of this machine: the guard, the embedded Earth, the gazetteer.
 * @module
 */
import { defaultGazetteer, loadEarth } from '../../data/index.ts';
import type { Backend, Calibration } from '../../locate/index.ts';
import { guardedPhoto, guardedTile } from '../../locate/node/index.ts';
import type { LocateService } from '../locate/locate-part.ts';

/** Pixels of a photograph that a model is shown at most: Qwen2.5-VL's own default, 1280 tokens. */
const SHOWN_PIXELS = 1280 * 28 * 28;

/** Pixels of what is decoded at most: 2^26, above the 50 megapixels of good cameras. */
export const MAX_UPLOAD_PIXELS = 2 ** 26;

/** Tiles for models that read photographs, which have no size of their own. */
const DEFAULT_TILE = { spanDegrees: 12, sizePx: 448 } as const;

/** A backend with what makes pictures for it. */
export function locateService(backend: Backend, calibration?: Calibration): LocateService {
  return {
    backend,
    calibration,
    // Unpacked when the first picture comes: a service of rewards alone need not wait for it.
    get gazetteer() {
      return defaultGazetteer();
    },
    guardPhoto: (bytes) =>
      guardedPhoto(bytes, { maxPixels: SHOWN_PIXELS, maxInputPixels: MAX_UPLOAD_PIXELS }),
    cutTile: (at) => guardedTile(loadEarth(), at, backend.tile ?? DEFAULT_TILE),
  };
}
