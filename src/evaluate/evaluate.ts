/**
 * Predictions against truth: the figures that geolocation papers print, with their uncertainty.
 *
 * Source of the thresholds: Geo-R, section 4 (street 1, city 25, region 200, country 750, continent
 * 2500 km). An absent or unreadable answer stays in every denominator: it is wrong at every
 * threshold and infinitely far in the median.
 * @module
 */
import type { AnswerContract } from '../chain/index.ts';
import { GeorError } from '../core/index.ts';
import { mean, quantile } from './bootstrap.ts';
import { type GeoScore, geoScores } from './geo-score.ts';
import { type Share, wilsonShare } from './intervals.ts';
import { type JudgedRow, judgePredictions } from './judge.ts';
import { type LevelAccuracy, levelAccuracy, type PlaceFinder } from './levels.ts';
import type { PredictionRow, TruthRow } from './rows.ts';

/** The five distances every paper reports, kilometres. */
export const THRESHOLDS_KM: readonly number[] = [1, 25, 200, 750, 2500];

/** How distances are measured; only `haversine` (R = 6371 km) exists so far. */
export type DistanceKind = 'haversine' | 'wgs84';

/** Whether an answer exactly on a threshold is within it. */
export type Comparison = '<=' | '<';

/** How to evaluate. */
export interface EvaluateOptions {
  /** Default `haversine`. */
  readonly distance?: DistanceKind;
  /** Default `<=`. */
  readonly comparison?: Comparison;
  /** Default {@link THRESHOLDS_KM}. */
  readonly thresholdsKm?: readonly number[];
  /** How completions are read; default `geo-r`. */
  readonly contract?: AnswerContract;
  /** With it, country, region and city accuracy are measured too. */
  readonly reverseGeocode?: PlaceFinder;
}

/** Share of answers within a threshold, in percent, with its 95 % Wilson interval. */
export interface ThresholdAccuracy extends Share {
  readonly thresholdKm: number;
}

/** The figures, in the shape of `geor evaluate --json`. */
export interface Evaluation {
  /** Truth rows. */
  readonly n: number;
  /** Rows with a readable coordinate; `invalid` is the rest. */
  readonly answered: number;
  readonly invalid: number;
  readonly distance: DistanceKind;
  readonly comparison: Comparison;
  readonly accuracy: readonly ThresholdAccuracy[];
  /** Over all rows, an invalid one being infinitely far; `null` when the median is one of those. */
  readonly medianKm: number | null;
  /** Over the answered rows only, since an infinite error has no mean; `null` when there are none. */
  readonly meanKm: number | null;
  /** Over all rows, an invalid one scoring 0. */
  readonly geoScore: readonly GeoScore[];
  readonly levels?: LevelAccuracy;
  /** How often each repair was needed; absent when no completions were read. */
  readonly repairs?: Readonly<Record<string, number>>;
}

function countRepairs(rows: readonly JudgedRow[]): Record<string, number> | undefined {
  const answers = rows.flatMap(({ answer }) => answer ?? []);
  if (answers.length === 0) return undefined;
  const counts: Record<string, number> = {};
  for (const { repairs } of answers)
    for (const repair of repairs) counts[repair] = (counts[repair] ?? 0) + 1;
  return counts;
}

/** The figures of rows that are judged already. */
export function summarize(rows: readonly JudgedRow[], options: EvaluateOptions = {}): Evaluation {
  const { distance = 'haversine', comparison = '<=', thresholdsKm = THRESHOLDS_KM } = options;
  if (distance === 'wgs84')
    throw new GeorError('usage', 'distances on the WGS84 ellipsoid are not available yet', {
      hint: 'leave the distance at haversine, which the papers use',
    });
  const n = rows.length;
  const distances = rows.map((row) => row.distanceKm);
  const finite = distances.filter(Number.isFinite);
  const median = quantile(distances, 0.5);
  const repairs = countRepairs(rows);
  return {
    n,
    answered: finite.length,
    invalid: n - finite.length,
    distance,
    comparison,
    accuracy: thresholdsKm.map((thresholdKm) => {
      const isWithin = (d: number) => (comparison === '<=' ? d <= thresholdKm : d < thresholdKm);
      return { thresholdKm, ...wilsonShare(distances.filter(isWithin).length, n) };
    }),
    medianKm: Number.isFinite(median) ? median : null,
    meanKm: finite.length > 0 ? mean(finite) : null,
    geoScore: geoScores(distances),
    ...(options.reverseGeocode && { levels: levelAccuracy(rows, options.reverseGeocode) }),
    ...(repairs && { repairs }),
  };
}

/**
 * Joins predictions to the truth by whole id and measures them.
 *
 * @throws GeorError `data` for repeated ids, a prediction without a truth row, no truth or a truth
 * off the globe; `usage` for a distance that does not exist.
 * @example
 * evaluatePredictions([{ id: 'a', lat: 0, lon: 0 }], [{ id: 'a', completion: '(0.1, 0.1)' }])
 * // { n: 1, answered: 1, accuracy: [{ thresholdKm: 1, count: 0, .. }, { thresholdKm: 25, count: 1, .. }, ..
 */
export function evaluatePredictions(
  truth: readonly TruthRow[],
  predictions: readonly PredictionRow[],
  options: EvaluateOptions = {},
): Evaluation {
  return summarize(judgePredictions(truth, predictions, options.contract), options);
}
