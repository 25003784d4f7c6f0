/**
 * What every arm is judged by, tile by tile, whatever it was trained for.
 * @module
 */
import { z } from 'zod';

/** One answer, judged, as a run stores it. `null` kilometres: no place is readable. */
export const judgedRowSchema = z.strictObject({
  id: z.string(),
  completion: z.string(),
  /** From the answer's coordinate to the truth. */
  distanceKm: z.number().nonnegative().nullable(),
  /** From where the answer's names lie to the truth. */
  namedKm: z.number().nonnegative().nullable(),
  /** Geo-R's, variant `paper`. */
  reward: z.number(),
  countryRight: z.boolean(),
  /** Whether every named level is where the answer's coordinate lies. */
  chainAgrees: z.boolean(),
});

/** One answer, judged. */
export type JudgedRow = z.infer<typeof judgedRowSchema>;

const within = (km: number | null, limitKm: number): number =>
  km !== null && km <= limitKm ? 100 : 0;

/** A measure: a number per answer, more is better. */
export interface Measure {
  /** In text after a value. */
  readonly title: string;
  /** Decimals that are worth printing. */
  readonly decimals: number;
  /** Whether it is about names, which coordinates alone do not have. */
  readonly isOfNames: boolean;
  readonly of: (row: JudgedRow) => number;
}

const points = (title: string, of: (row: JudgedRow) => number, isOfNames = false): Measure => ({
  title,
  decimals: 1,
  isOfNames,
  of,
});

/** The measures by name; shares are percent, 100 or 0 an answer. */
export const MEASURES = {
  reward: { title: 'Geo-R reward', decimals: 4, isOfNames: false, of: ({ reward }) => reward },
  within1: points('within 1 km', ({ distanceKm }) => within(distanceKm, 1)),
  within25: points('within 25 km', ({ distanceKm }) => within(distanceKm, 25)),
  within200: points('within 200 km', ({ distanceKm }) => within(distanceKm, 200)),
  within750: points('within 750 km', ({ distanceKm }) => within(distanceKm, 750)),
  within2500: points('within 2500 km', ({ distanceKm }) => within(distanceKm, 2500)),
  country: points('country right', ({ countryRight }) => (countryRight ? 100 : 0), true),
  chain: points('chain agrees', ({ chainAgrees }) => (chainAgrees ? 100 : 0), true),
  named200: points('names within 200 km', ({ namedKm }) => within(namedKm, 200), true),
} as const satisfies Readonly<Record<string, Measure>>;

/** The name of a measure. */
export type MeasureName = keyof typeof MEASURES;

/** All names. */
export const MEASURE_NAMES = Object.keys(MEASURES) as readonly MeasureName[];
