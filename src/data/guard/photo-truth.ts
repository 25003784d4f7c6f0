/**
 * Where a photograph says it was taken: the truth of a data set, and of nothing else.
 *
 * Only the photo-folder source may read it, as the coordinate of a row to train on or to score
 * against. No way leads from here to a model: predicting takes what the guard gives, which has no
 * coordinates. A rule of `.dependency-cruiser.cjs` keeps it so.
 * @module
 */
import type { Coordinate } from '../../geo/index.ts';
import type { FailureCode } from '../sources/row.ts';
import { pictureExif } from './exif.ts';
import { photoFormat } from './photo-format.ts';

/** Why a photograph has no coordinate. */
export interface NoTruth {
  readonly kind: 'none';
  readonly code: FailureCode;
  readonly reason: string;
}

/** A coordinate, or why there is none. */
export type PhotoTruth = ({ readonly kind: 'coordinate' } & Coordinate) | NoTruth;

type Axis = 'latitude' | 'longitude';

/** Tags, hemisphere letters and range of each axis (EXIF 3.0, section 4.6.6). */
const AXES = {
  latitude: { tag: 'GPSLatitude', plus: 'N', minus: 'S', limit: 90 },
  longitude: { tag: 'GPSLongitude', plus: 'E', minus: 'W', limit: 180 },
} as const;

const none = (code: FailureCode, reason: string): NoTruth => ({ kind: 'none', code, reason });

/** Degrees, minutes and seconds, of which writers may leave out the last ones. */
function unsignedDegrees(value: unknown, axis: Axis): number | NoTruth {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const numbers = parts.filter((part): part is number => Number.isFinite(part));
  if (numbers.length !== parts.length || parts.length < 1 || parts.length > 3) {
    return none('not-a-number', `its GPS ${axis} is no number`);
  }
  const [degrees = 0, minutes = 0, seconds = 0] = numbers;
  // 60 itself is let through: writers that round 59.999 leave it.
  if (degrees < 0 || minutes < 0 || minutes > 60 || seconds < 0 || seconds > 60) {
    return none('out-of-range', `its GPS ${axis} has minutes or seconds out of range`);
  }
  return degrees + minutes / 60 + seconds / 3600;
}

function signedDegrees(gps: Readonly<Record<string, unknown>>, axis: Axis): number | NoTruth {
  const { tag, plus, minus, limit } = AXES[axis];
  const degrees = unsignedDegrees(gps[tag], axis);
  if (typeof degrees !== 'number') return degrees;
  const letter = String(gps[`${tag}Ref`] ?? '')
    .replaceAll('\0', '')
    .trim()
    .toUpperCase();
  if (letter !== plus && letter !== minus) {
    return none('missing', `its GPS ${axis} does not say ${plus} or ${minus}`);
  }
  if (degrees > limit) {
    return none('out-of-range', `its GPS ${axis} is ${degrees}, more than ${limit}`);
  }
  return letter === minus && degrees !== 0 ? -degrees : degrees;
}

/**
 * The coordinate in a photograph's EXIF.
 *
 * A coordinate without its hemisphere could be any of four places and is none; 0, 0 is what cameras
 * write before they have a fix.
 *
 * @param bytes - the file, whatever it is; nothing is thrown for what is in it
 */
export async function photoTruth(bytes: Uint8Array): Promise<PhotoTruth> {
  const format = photoFormat(bytes);
  if (!format) return none('photo', 'it is no picture');
  let gps: Readonly<Record<string, unknown>> | undefined;
  try {
    ({ gps } = await pictureExif(bytes, format));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return none('photo', `its EXIF cannot be read: ${reason}`);
  }
  if (gps?.['GPSLatitude'] === undefined || gps['GPSLongitude'] === undefined) {
    return none('missing', 'it has no GPS coordinates');
  }
  const lat = signedDegrees(gps, 'latitude');
  if (typeof lat !== 'number') return lat;
  const lon = signedDegrees(gps, 'longitude');
  if (typeof lon !== 'number') return lon;
  if (lat === 0 && lon === 0) {
    return none('null-island', 'its GPS says (0, 0): the camera had no fix');
  }
  return { kind: 'coordinate', lat, lon };
}
