/**
 * Two systems on the same pictures: paired differences with intervals.
 *
 * Pictures are resampled together, so what both find equally hard cancels out. A difference is called
 * better or worse only when its 95 % interval excludes 0.
 * @module
 */
import { GeorError } from '../core/index.ts';
import { type FigureOptions, isWithin, NO_INTERVAL, resampling, THRESHOLDS_KM } from './figures.ts';
import { GEO_SCORES, geoScore } from './geo-score.ts';
import type { ReadingMode } from './readings.ts';
import { type Interval, percentileInterval } from './resampling/interval.ts';
import { bootstrapMeans } from './resampling/means.ts';
import { bootstrapMedianDifferences, medianOfSorted } from './resampling/medians.ts';
import { bootstrapShareDifferences } from './resampling/paired.ts';
import { countedRows, type ScoredRows } from './score.ts';

/** What a difference shows. */
export type DifferenceVerdict = 'better' | 'worse' | 'no difference shown';

/** First minus second, with its 95 % interval; `null` where a median is infinite. */
export interface PairedFigure extends Interval {
  readonly difference: number | null;
  /** The first against the second. */
  readonly verdict: DifferenceVerdict;
}

/** The first of two runs against the second. */
export interface RunComparison {
  readonly n: number;
  /** Differences in percentage points; pictures only one of the two has within the threshold. */
  readonly accuracy: readonly (PairedFigure & {
    readonly thresholdKm: number;
    readonly onlyFirst: number;
    readonly onlySecond: number;
  })[];
  /** Kilometres; below 0 the first is nearer. */
  readonly medianKm: PairedFigure;
  readonly geoScore: readonly (PairedFigure & {
    readonly scaleKm: number;
    readonly rounded: boolean;
  })[];
}

function verdictOf({ ciLow, ciHigh }: Interval, isHigherBetter: boolean): DifferenceVerdict {
  if (ciLow === null || ciHigh === null || (ciLow <= 0 && ciHigh >= 0))
    return 'no difference shown';
  return ciLow > 0 === isHigherBetter ? 'better' : 'worse';
}

const figure = (difference: number, interval: Interval, isHigherBetter = true): PairedFigure => ({
  difference: Number.isFinite(difference) ? difference : null,
  ...interval,
  verdict: verdictOf(interval, isHigherBetter),
});

function compareMedians(
  first: Float64Array,
  second: Float64Array,
  options: FigureOptions,
): PairedFigure {
  const median = (distances: Float64Array) => medianOfSorted(distances.slice().sort());
  const differences = bootstrapMedianDifferences(first, second, resampling(options));
  const interval = differences.some(Number.isNaN) ? NO_INTERVAL : percentileInterval(differences);
  return figure(median(first) - median(second), interval, false);
}

/**
 * Compares two runs by their distances.
 *
 * @param first - kilometres per picture, `Infinity` for no answer
 * @param second - the same pictures in the same order
 * @throws GeorError `usage` when the lists differ in length or are empty.
 */
export function compareDistances(
  first: Float64Array,
  second: Float64Array,
  options: FigureOptions = {},
): RunComparison {
  const n = first.length;
  if (n === 0 || n !== second.length)
    throw new GeorError('usage', `${n} and ${second.length} distances are not pairs`, {
      hint: 'give one distance per picture in both lists, in the same order',
    });
  const { comparison = '<=', thresholdsKm = THRESHOLDS_KM } = options;
  return {
    n,
    accuracy: thresholdsKm.map((thresholdKm) => {
      let [onlyFirst, onlySecond] = [0, 0];
      for (let row = 0; row < n; row++) {
        const isFirst = isWithin(first[row]!, thresholdKm, comparison);
        if (isFirst === isWithin(second[row]!, thresholdKm, comparison)) continue;
        if (isFirst) onlyFirst++;
        else onlySecond++;
      }
      const points = bootstrapShareDifferences(onlyFirst, onlySecond, n, resampling(options)).map(
        (share) => 100 * share,
      );
      const difference = (100 * (onlyFirst - onlySecond)) / n;
      const counts = { thresholdKm, onlyFirst, onlySecond };
      return { ...counts, ...figure(difference, percentileInterval(points)) };
    }),
    medianKm: compareMedians(first, second, options),
    geoScore: GEO_SCORES.map(({ scaleKm, rounded }) => {
      const differences = first.map(
        (distance, row) =>
          geoScore(distance, scaleKm, rounded) - geoScore(second[row]!, scaleKm, rounded),
      );
      const mean = differences.reduce((sum, value) => sum + value, 0) / n;
      const interval = percentileInterval(bootstrapMeans(differences, resampling(options)));
      return { scaleKm, rounded, ...figure(mean, interval) };
    }),
  };
}

/**
 * The first of two scored runs against the second, both under the same reading.
 *
 * @throws GeorError `usage` when they were scored against different truths.
 */
export function compareRuns(
  first: ScoredRows,
  second: ScoredRows,
  options: FigureOptions & { readonly reading?: ReadingMode } = {},
): RunComparison {
  if (first.truth !== second.truth)
    throw new GeorError('usage', 'two runs are compared on the same truth', {
      hint: 'score both against one truth table',
    });
  const distances = (rows: ScoredRows) => countedRows(rows, options.reading).distanceKm;
  return compareDistances(distances(first), distances(second), options);
}
