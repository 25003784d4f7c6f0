/**
 * The figures that geolocation papers print, from distances alone, with their uncertainty.
 *
 * Source of the thresholds: Geo-R, section 4 (street 1, city 25, region 200, country 750, continent
 * 2500 km). A row without a readable answer is infinitely far: it stays in every denominator, is wrong
 * at every threshold, scores 0 and counts in the median.
 * @module
 */
import { GEO_SCORES, type GeoScore, geoScore } from './geo-score.ts';
import { type Share, wilsonShare } from './intervals.ts';
import { type Interval, percentileInterval, type ResampleOptions } from './resampling/interval.ts';
import { bootstrapMeans } from './resampling/means.ts';
import { bootstrapMedians, medianOfSorted } from './resampling/medians.ts';

/** The five distances every paper reports, kilometres. */
export const THRESHOLDS_KM: readonly number[] = [1, 25, 200, 750, 2500];

/** Resamples of a bootstrap where nothing else is asked for. */
export const DEFAULT_RESAMPLES = 1000;

/** Whether an answer exactly on a threshold is within it. */
export type Comparison = '<=' | '<';

/** How figures are made. */
export interface FigureOptions {
  /** Default `<=`. */
  readonly comparison?: Comparison;
  /** Default {@link THRESHOLDS_KM}. */
  readonly thresholdsKm?: readonly number[];
  /** Seed of the bootstrap, default 0: the same figures on every run. */
  readonly seed?: number;
  /** Default {@link DEFAULT_RESAMPLES}. */
  readonly resamples?: number;
}

/** Share of answers within a threshold, in percent, with its 95 % Wilson interval. */
export interface ThresholdAccuracy extends Share {
  readonly thresholdKm: number;
}

/** Accuracy and median of some rows. */
export interface AccuracyFigures {
  readonly n: number;
  /** Rows with a readable answer; `invalid` is the rest. */
  readonly answered: number;
  readonly invalid: number;
  readonly accuracy: readonly ThresholdAccuracy[];
  /** Over all rows, an invalid one being infinitely far; `null` when the median is one of those. */
  readonly medianKm: number | null;
  readonly medianInterval: Interval;
}

/** A mean score with its 95 % bootstrap interval. */
export interface GeoScoreFigure extends GeoScore, Interval {}

/** Everything that distances alone tell. */
export interface DistanceFigures extends AccuracyFigures {
  /** Over the answered rows only, since an infinite error has no mean; `null` when there are none. */
  readonly meanKm: number | null;
  readonly meanInterval: Interval;
  /** Over all rows, an invalid one scoring 0. */
  readonly geoScore: readonly GeoScoreFigure[];
}

/** Nothing is known. */
export const NO_INTERVAL: Interval = { ciLow: null, ciHigh: null };

/** The options of a bootstrap, filled up. */
export const resampling = ({
  seed = 0,
  resamples = DEFAULT_RESAMPLES,
}: FigureOptions): ResampleOptions => ({ seed, resamples });

/** Whether a distance is within a threshold. */
export const isWithin = (
  distanceKm: number,
  thresholdKm: number,
  comparison: Comparison,
): boolean => (comparison === '<=' ? distanceKm <= thresholdKm : distanceKm < thresholdKm);

/** How many of sorted distances are within a threshold. */
function countWithin(sorted: Float64Array, thresholdKm: number, comparison: Comparison): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isWithin(sorted[middle]!, thresholdKm, comparison)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Accuracy at each threshold. */
export function accuracyOf(sorted: Float64Array, options: FigureOptions): ThresholdAccuracy[] {
  const { comparison = '<=', thresholdsKm = THRESHOLDS_KM } = options;
  return thresholdsKm.map((thresholdKm) => ({
    thresholdKm,
    ...wilsonShare(countWithin(sorted, thresholdKm, comparison), sorted.length),
  }));
}

/** Distances that are finite, of sorted ones. */
const finitePart = (sorted: Float64Array): Float64Array =>
  sorted.subarray(0, countWithin(sorted, Number.POSITIVE_INFINITY, '<'));

/** Accuracy and median of sorted distances. */
function sortedFigures(sorted: Float64Array, options: FigureOptions): AccuracyFigures {
  const n = sorted.length;
  const answered = finitePart(sorted).length;
  const median = n > 0 ? medianOfSorted(sorted) : Number.POSITIVE_INFINITY;
  return {
    n,
    answered,
    invalid: n - answered,
    accuracy: accuracyOf(sorted, options),
    medianKm: Number.isFinite(median) ? median : null,
    medianInterval:
      n > 0 ? percentileInterval(bootstrapMedians(sorted, resampling(options))) : NO_INTERVAL,
  };
}

/** Accuracy and median. @param distancesKm - in any order, `Infinity` for no answer */
export const accuracyFigures = (
  distancesKm: Float64Array,
  options: FigureOptions = {},
): AccuracyFigures => sortedFigures(distancesKm.slice().sort(), options);

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** All figures. @param distancesKm - kilometres in any order, `Infinity` for no answer */
export function distanceFigures(
  distancesKm: ArrayLike<number>,
  options: FigureOptions = {},
): DistanceFigures {
  const sorted = Float64Array.from(distancesKm).sort();
  const answered = finitePart(sorted);
  const intervalOf = (values: Float64Array) =>
    percentileInterval(bootstrapMeans(values, resampling(options)));
  return {
    ...sortedFigures(sorted, options),
    meanKm: answered.length > 0 ? meanOf(answered) : null,
    meanInterval: answered.length > 0 ? intervalOf(answered) : NO_INTERVAL,
    geoScore: GEO_SCORES.map(({ scaleKm, rounded }) => {
      const scores = sorted.map((distance) => geoScore(distance, scaleKm, rounded));
      const value = scores.length > 0 ? meanOf(scores) : 0;
      return { scaleKm, rounded, value, ...(scores.length > 0 ? intervalOf(scores) : NO_INTERVAL) };
    }),
  };
}
