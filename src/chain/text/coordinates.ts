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
import { digitValue, isDigit } from './digits.ts';

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

const [TAB, SPACE, CLOSE, PLUS, COMMA, MINUS, POINT] = [0x09, 0x20, 0x29, 0x2b, 0x2c, 0x2d, 0x2e];

/** Whole numbers of so many digits, and the powers of ten they are divided by, are exact. */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, i) => 10 ** i);

/**
 * Reads one pair from an opening parenthesis on. A class, because its fields take the place of the
 * objects that a million answers would leave to be collected.
 */
class PairScanner {
  /** The numbers of the last pair read. */
  lat = 0;
  lon = 0;
  #value = 0;

  /** Reads `( lat , lon )` at `open`; whether it stands there. */
  read(text: string, open: number): boolean {
    let at = this.#number(text, blanksEnd(text, open + 1));
    if (at < 0) return false;
    this.lat = this.#value;
    at = blanksEnd(text, at);
    if (text.charCodeAt(at) !== COMMA) return false;
    at = this.#number(text, blanksEnd(text, at + 1));
    if (at < 0) return false;
    this.lon = this.#value;
    return text.charCodeAt(blanksEnd(text, at)) === CLOSE;
  }

  /** Reads `[+-]digits[.digits]`: where it ends, or -1. */
  #number(text: string, start: number): number {
    const sign = text.charCodeAt(start);
    const first = sign === MINUS || sign === PLUS ? start + 1 : start;
    let value = 0;
    let end = first;
    for (let code = text.charCodeAt(end); isDigit(code); code = text.charCodeAt(++end))
      value = value * 10 + digitValue(code);
    if (end === first) return -1;
    let decimals = 0;
    if (text.charCodeAt(end) === POINT && isDigit(text.charCodeAt(end + 1))) {
      const point = end++;
      for (let code = text.charCodeAt(end); isDigit(code); code = text.charCodeAt(++end))
        value = value * 10 + digitValue(code);
      decimals = end - point - 1;
    }
    if (end - first > EXACT_DIGITS) this.#value = Number(text.slice(start, end));
    else {
      value /= POWERS[decimals]!;
      this.#value = sign === MINUS ? -value : value;
    }
    return end;
  }
}

function blanksEnd(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); code === SPACE || code === TAB; code = text.charCodeAt(at))
    at++;
  return at;
}

const scanner = new PairScanner();

/**
 * Every valid decimal pair in parentheses, in order; pairs off the globe are not valid.
 *
 * By hand and not by a pattern: this is the hottest line of a reward. Linear, since no attempt runs
 * past the next opening parenthesis.
 */
export function findPairs(text: string): Coordinate[] {
  const found: Coordinate[] = [];
  for (let open = text.indexOf('('); open >= 0; open = text.indexOf('(', open + 1)) {
    if (!scanner.read(text, open)) continue;
    const { lat, lon } = scanner;
    if (isOnGlobe(lat, lon)) found.push({ lat, lon });
  }
  return found;
}
