/**
 * Errors sorted into classes by the field's thresholds, for colour and for counting.
 * @module
 */
import { formatKm, formatNumber } from './format.ts';
import { ERROR_COLORS } from './palette.ts';

/** Bounds between classes in km: city, region, country, continent. 1 km is below what a map shows. */
export const ERROR_BOUNDS_KM: readonly number[] = [25, 200, 750, 2500];

/** A class of errors, its bound included. */
export interface ErrorClass {
  readonly label: string;
  readonly color: string;
  readonly highKm: number;
}

/** The five classes, best first. */
export const ERROR_CLASSES: readonly ErrorClass[] = [
  ...ERROR_BOUNDS_KM,
  Number.POSITIVE_INFINITY,
].map((highKm, i) => {
  const lowKm = ERROR_BOUNDS_KM[i - 1];
  const label =
    lowKm === undefined
      ? `up to ${formatKm(highKm)}`
      : highKm === Number.POSITIVE_INFINITY
        ? `more than ${formatKm(lowKm)}`
        : `${formatNumber(lowKm, 0)}\u2013${formatKm(highKm)}`;
  return { label, color: ERROR_COLORS[i] ?? ERROR_COLORS[0]!, highKm };
});

/** Index into {@link ERROR_CLASSES} of an error. */
export function errorClassOf(distanceKm: number): number {
  return ERROR_CLASSES.findIndex(({ highKm }) => distanceKm <= highKm);
}
