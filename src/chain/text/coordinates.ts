/**
 * A coordinate as the contract writes it, and the finder of such coordinates in text.
 *
 * Source: Geo-R, section 3.2, eq. (6): a decimal latitude-longitude pair, in parentheses, separated
 * by a comma. Whole degrees count as decimal; white space inside the parentheses is free, line breaks
 * are not.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import type { Coordinate } from '../../geo/index.ts';

/** Decimals of a written coordinate: the fourth is worth 11 m of latitude. */
export const DEFAULT_DECIMALS = 4;

const degrees = (value: number, decimals: number): string => {
  const text = value.toFixed(decimals);
  return /^-0(?:\.0*)?$/.test(text) ? text.slice(1) : text;
};

/**
 * Writes latitude and longitude: always the same number of decimals, never `-0.0`.
 *
 * @param decimals - 0 to 10
 * @throws GeorError `data` for a coordinate off the globe, `usage` for other decimals.
 */
export function formatDegrees(
  at: Coordinate,
  decimals: number = DEFAULT_DECIMALS,
): readonly [lat: string, lon: string] {
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > 10)
    throw new GeorError('usage', `${decimals} is no number of decimals`, { hint: 'use 0 to 10' });
  if (!isOnGlobe(at.lat, at.lon))
    throw new GeorError('data', `(${at.lat}, ${at.lon}) is not a coordinate`, {
      hint: 'latitude is in [-90, 90] and longitude in [-180, 180], in degrees',
    });
  return [degrees(at.lat, decimals), degrees(at.lon, decimals)];
}

/** A coordinate in parentheses, e.g. `(43.4520, 142.6154)`; see {@link formatDegrees}. */
export function formatCoordinate(at: Coordinate, decimals: number = DEFAULT_DECIMALS): string {
  return `(${formatDegrees(at, decimals).join(', ')})`;
}

/** Whether both are finite, |lat| <= 90 and |lon| <= 180. */
export function isOnGlobe(lat: number, lon: number): boolean {
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
}

// Linear: a match can only begin at `(`, and no failed attempt runs past the next one.
const pair = /\([ \t]*([+-]?\d+(?:\.\d+)?)[ \t]*,[ \t]*([+-]?\d+(?:\.\d+)?)[ \t]*\)/g;

/** Every valid decimal pair in parentheses, in order; pairs off the globe are not valid. */
export function findPairs(text: string): Coordinate[] {
  const found: Coordinate[] = [];
  pair.lastIndex = 0; // `exec` in a loop: half the time of `matchAll`, in the hottest line of a reward
  for (let match = pair.exec(text); match; match = pair.exec(text)) {
    const lat = Number(match[1]);
    const lon = Number(match[2]);
    if (isOnGlobe(lat, lon)) found.push({ lat, lon });
  }
  return found;
}
