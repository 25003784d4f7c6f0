/**
 * Predictions against truth: every figure in one record, with how it was made.
 * @module
 */
import type { AnswerContract, Repair } from '../chain/index.ts';
import { GeorError } from '../core/index.ts';
import type { AttributeColumn } from './attribute-column.ts';
import { type Breakdown, breakdown, type Grouping } from './breakdown.ts';
import {
  accuracyOf,
  type Comparison,
  DEFAULT_RESAMPLES,
  type DistanceFigures,
  distanceFigures,
  type FigureOptions,
  type ThresholdAccuracy,
} from './figures.ts';
import { type Share, wilsonShare } from './intervals.ts';
import {
  type CountryConfusion,
  type LevelAccuracy,
  type PlaceFigures,
  type PlaceFinder,
  placeFigures,
} from './places.ts';
import { countReadings, type ReadingCounts, type ReadingMode } from './readings.ts';
import { type Reliability, reliability } from './reliability.ts';
import type { PredictionRow, TruthRow } from './rows.ts';
import {
  countedRows,
  type DistanceKind,
  type GeocodeCounts,
  type ScoredRows,
  type ScoreOptions,
  scorePredictions,
} from './score.ts';
import { truthTable } from './truth-table.ts';

/** What is reported of scored rows. */
export interface ReportOptions extends FigureOptions {
  /** Default `tolerant`: an answer that could be read with repairs counts. */
  readonly reading?: ReadingMode;
  /** With it, country, region and city accuracy and the confusion of countries are measured too. */
  readonly reverseGeocode?: PlaceFinder;
  /** Columns to break the results down by. */
  readonly by?: readonly Grouping[];
  /** A stated confidence is compared with being within this distance; default 25 km. */
  readonly confidenceKm?: number;
}

/** How to evaluate. */
export interface EvaluateOptions extends ReportOptions, ScoreOptions {}

/** Accuracy under one reading of the completions. */
export interface ReadingFigures {
  readonly answered: number;
  readonly accuracy: readonly ThresholdAccuracy[];
}

/** The figures, in the shape of `geor evaluate --json`. */
export interface Evaluation extends DistanceFigures {
  readonly distance: DistanceKind;
  readonly comparison: Comparison;
  readonly reading: ReadingMode;
  /** Share of rows with a readable answer. */
  readonly valid: Share;
  /** How answers were read; adds up to `n`. */
  readonly readings: ReadingCounts;
  /** The contract that completions were read by; absent, like `repairs`, when none were read. */
  readonly contract?: AnswerContract;
  /** How often each repair was needed. */
  readonly repairs?: Readonly<Partial<Record<Repair, number>>>;
  /** Both readings side by side, whichever the other figures are of; with `repairs`. */
  readonly byReading?: Readonly<Record<ReadingMode, ReadingFigures>>;
  /** At which level names were found; absent when no name was looked up. */
  readonly geocoded?: Readonly<GeocodeCounts>;
  readonly levels?: LevelAccuracy;
  /** Countries taken for each other, the most frequent first. */
  readonly confusions?: readonly CountryConfusion[];
  readonly breakdowns?: readonly Breakdown[];
  /** Present when predictions state a confidence. */
  readonly reliability?: Reliability;
  /** How the intervals of medians, means and scores were drawn. */
  readonly bootstrap: { readonly seed: number; readonly resamples: number };
}

/** How many confused pairs of countries are reported. */
const MAX_CONFUSIONS = 20;

function readingFigures(rows: ScoredRows, options: ReportOptions): ReadingFigures {
  const sorted = rows.distanceKm.slice().sort();
  const answered = rows.distanceKm.reduce((sum, d) => sum + (Number.isFinite(d) ? 1 : 0), 0);
  return { answered, accuracy: accuracyOf(sorted, options) };
}

/** The column to break down by, whatever its case, and what it is really called. */
function columnOf(
  name: string,
  rows: ScoredRows,
  places: PlaceFigures | undefined,
): readonly [string, AttributeColumn] {
  if (places && (name === 'continent' || name === 'country')) return [name, places[name]];
  const wanted = name.toLowerCase();
  for (const entry of rows.truth.attributes) if (entry[0].toLowerCase() === wanted) return entry;
  const known = [...(places ? ['continent', 'country'] : []), ...rows.truth.attributes.keys()];
  throw new GeorError('usage', `the truth has no column ${name} to break results down by`, {
    hint: known.length > 0 ? `there are: ${known.join(', ')}` : 'give its rows attributes',
  });
}

/**
 * The figures of scored rows.
 *
 * @throws GeorError `usage` for a column to break down by that is not there or has too many values.
 */
export function evaluateRows(rows: ScoredRows, options: ReportOptions = {}): Evaluation {
  const { comparison = '<=', reading = 'tolerant', seed = 0, by = [] } = options;
  const counted = countedRows(rows, reading);
  const figures = distanceFigures(counted.distanceKm, options);
  const { repairs, geocoded, confidence, contract } = rows;
  const places = options.reverseGeocode && placeFigures(counted, options.reverseGeocode);
  return {
    ...figures,
    distance: rows.distance,
    comparison,
    reading,
    valid: wilsonShare(figures.answered, figures.n),
    readings: countReadings(rows.reading),
    ...(repairs && {
      contract,
      repairs,
      byReading: {
        strict: readingFigures(countedRows(rows, 'strict'), options),
        tolerant: readingFigures(rows, options),
      },
    }),
    ...(geocoded && { geocoded }),
    ...(places && {
      levels: places.levels,
      confusions: places.confusions.slice(0, MAX_CONFUSIONS),
    }),
    ...(by.length > 0 && {
      breakdowns: by.map((grouping) => {
        const [name, column] = columnOf(grouping.column, rows, places);
        return breakdown(column, counted.distanceKm, { ...grouping, column: name }, options);
      }),
    }),
    ...(confidence && {
      reliability: reliability(
        confidence,
        counted.distanceKm,
        options.confidenceKm ?? 25,
        comparison,
      ),
    }),
    bootstrap: { seed, resamples: options.resamples ?? DEFAULT_RESAMPLES },
  };
}

/**
 * Joins predictions to the truth by whole id and measures them.
 *
 * @throws GeorError `data` for repeated ids, a prediction without a truth row, no truth or a truth
 * off the globe; `usage` for a contract of names without a geocoder, and as {@link evaluateRows}.
 * @example
 * evaluatePredictions([{ id: 'a', lat: 0, lon: 0 }], [{ id: 'a', completion: '(0.1, 0.1)' }])
 * // { n: 1, answered: 1, accuracy: [{ thresholdKm: 1, count: 0, .. }, { thresholdKm: 25, count: 1, .. }, ..
 */
export function evaluatePredictions(
  truth: readonly TruthRow[],
  predictions: readonly PredictionRow[],
  options: EvaluateOptions = {},
): Evaluation {
  return evaluateRows(scorePredictions(truthTable(truth), predictions, options), options);
}
