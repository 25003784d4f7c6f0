/**
 * Numbers as a report prints them: grouped, rounded to what a reader can use, with units.
 *
 * Groups of three and units are set off by a narrow no-break space (U+202F), minus is U+2212,
 * ranges take an en dash. What is not a finite number prints as an en dash.
 * @module
 */

/** Narrow no-break space, between thousands and before units. */
export const THIN_SPACE = '\u202f';

/** What stands where no number is. */
export const NO_NUMBER = '\u2013';

/** A number that may not have been measured. */
export type MaybeNumber = number | null | undefined;

/** Whether there is a finite number. */
export function isNumber(value: MaybeNumber): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

const SUPERSCRIPTS = '\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079';

const superscript = (exponent: number): string =>
  (exponent < 0 ? '\u207b' : '') +
  [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');

const grouped = (value: number, decimals: number): string => {
  const [whole = '0', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
  const text = fraction === undefined ? digits : `${digits}.${fraction}`;
  return value < 0 && /[1-9]/.test(text) ? `\u2212${text}` : text;
};

// Three significant digits from 1 to 1000, no fraction from 100 on.
const usefulDecimals = (magnitude: number): number => {
  if (magnitude >= 100 || magnitude === 0) return 0;
  if (magnitude >= 10) return 1;
  if (magnitude >= 1) return 2;
  return Math.min(5, 2 - Math.floor(Math.log10(magnitude)));
};

/**
 * A plain number.
 *
 * @param decimals - fixed decimals; without it about three significant digits
 * @example formatNumber(12345.678) // '12 346' (with a thin space)
 * @example formatNumber(0.0000123) // '1.2×10⁻⁵'
 */
export function formatNumber(value: MaybeNumber, decimals?: number): string {
  if (!isNumber(value)) return NO_NUMBER;
  const magnitude = Math.abs(value);
  if (decimals === undefined && magnitude > 0 && (magnitude < 1e-4 || magnitude >= 1e12)) {
    const exponent = Math.floor(Math.log10(magnitude));
    return `${grouped(value / 10 ** exponent, 1)}×10${superscript(exponent)}`;
  }
  return grouped(value, decimals ?? usefulDecimals(magnitude));
}

/** A signed difference: `+3.1`, `−0.20`, `0`. */
export function formatSigned(value: MaybeNumber, decimals?: number): string {
  const text = formatNumber(value, decimals);
  return isNumber(value) && value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** Kilometres: one decimal below 10, none above. */
export function formatKm(km: MaybeNumber): string {
  if (!isNumber(km)) return NO_NUMBER;
  return `${formatNumber(km, Math.abs(km) < 9.95 && !Number.isInteger(km) ? 1 : 0)}${THIN_SPACE}km`;
}

/** A percentage already on the scale of 0 to 100. */
export function formatPercent(percent: MaybeNumber, decimals = 1): string {
  return isNumber(percent) ? `${formatNumber(percent, decimals)}${THIN_SPACE}%` : NO_NUMBER;
}

/** `low–high`, or an en dash alone when an end is missing. */
export function formatInterval(low: MaybeNumber, high: MaybeNumber, decimals?: number): string {
  if (!isNumber(low) || !isNumber(high)) return NO_NUMBER;
  // A dash between signed ends would read as another minus.
  const between = low < 0 || high < 0 ? ' to ' : '\u2013';
  return `${formatNumber(low, decimals)}${between}${formatNumber(high, decimals)}`;
}

/** Seconds as people say them: `52 s`, `4 min 05 s`, `1 h 04 min`. */
export function formatDuration(seconds: MaybeNumber): string {
  if (!isNumber(seconds) || seconds < 0) return NO_NUMBER;
  const s = THIN_SPACE;
  if (seconds < 9.95) return `${formatNumber(seconds, 1)}${s}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}${s}s`;
  const padded = (value: number): string => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}${s}min ${padded(whole % 60)}${s}s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)}${s}h ${padded(minutes % 60)}${s}min`;
}

/** A large count, short: `1.24 M`, `25.6 k`, `980`. */
export function formatCount(count: MaybeNumber): string {
  if (!isNumber(count)) return NO_NUMBER;
  for (const [size, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'k'],
  ] as const) {
    if (Math.abs(count) >= size) {
      return `${formatNumber(count / (unit === 'k' ? 1e3 : size))}${THIN_SPACE}${unit}`;
    }
  }
  return formatNumber(count, Number.isInteger(count) ? 0 : undefined);
}

/** Latitude and longitude, two decimals (about a kilometre). */
export function formatCoordinate(
  coordinate: { readonly lat: number; readonly lon: number } | null | undefined,
): string {
  if (!coordinate || !isNumber(coordinate.lat) || !isNumber(coordinate.lon)) return NO_NUMBER;
  return `${formatNumber(coordinate.lat, 2)}, ${formatNumber(coordinate.lon, 2)}`;
}
