/**
 * Numbers for a terminal: plain blanks, few digits, widths that do not jump.
 * @module
 */

/** A value with about three significant digits, `–` when there is none. */
export function terminalNumber(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e6) return `${(value / 1e6).toFixed(2)}M`;
  if (magnitude >= 1e4) return `${(value / 1e3).toFixed(1)}k`;
  if (Number.isInteger(value)) return String(value);
  if (magnitude >= 100) return value.toFixed(0);
  if (magnitude >= 10) return value.toFixed(1);
  if (magnitude >= 1) return value.toFixed(2);
  if (magnitude > 0 && magnitude < 0.0005) return value.toExponential(1);
  return value.toFixed(3);
}

/** Milliseconds as `8 s`, `2 min 05 s`, `1 h 04 min`. */
export function terminalDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '–';
  const seconds = Math.round(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** Kilometres as `4.4 km`, `194 km`, `2 013 km`. */
export function terminalKm(km: number): string {
  if (!Number.isFinite(km)) return '–';
  const text = km < 9.95 ? km.toFixed(1) : km.toFixed(0);
  return `${text.replace(/\B(?=(\d{3})+$)/g, ' ')} km`;
}
