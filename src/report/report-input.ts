/**
 * Everything a report is made of, as plain data: it survives `JSON.stringify` and can be written by
 * hand.
 *
 * Optional parts that are left out leave their section out. Numbers that were not measured are
 * `null`, never 0.
 * @module
 */
import type { Coordinate } from '../geo/index.ts';

/** A number with the ends of its 95 % confidence interval. */
export interface Measure {
  readonly value: number | null;
  readonly ciLow?: number | null;
  readonly ciHigh?: number | null;
}

/** One accuracy column: how many answers lie within a threshold. */
export interface AccuracyAt {
  readonly thresholdKm: number;
  readonly count: number;
  readonly percent: number;
  readonly ciLow: number;
  readonly ciHigh: number;
}

/** The figures of one system, in the shape of `geor evaluate --json` with a few more. */
export interface ReportEvaluation {
  /** Truth rows; an absent answer is a wrong one. */
  readonly n: number;
  readonly answered: number;
  readonly invalid: number;
  readonly accuracy: readonly AccuracyAt[];
  readonly medianKm: number | null;
  readonly meanKm?: number | null;
  /** Interval of the median, where one was made. */
  readonly median?: Measure;
  readonly meanReward?: Measure;
  readonly countryPercent?: Measure;
  /** Share of chains whose named places agree with their own coordinate. */
  readonly consistencyPercent?: Measure;
}

/** A row of the results table. */
export interface ReportSystem {
  readonly name: string;
  /** What it is, in half a sentence. */
  readonly note?: string;
  /** `main` for what was trained, `context` for what it is compared with. */
  readonly role: 'main' | 'context';
  readonly evaluation: ReportEvaluation;
  /** One error per truth row for the distribution chart; `null` where there was no answer. */
  readonly distancesKm?: readonly (number | null)[];
}

/** The systems once more, on other pictures than they were trained on. */
export interface ReportTransfer {
  readonly title: string;
  /** What differs from the main table, in plain words. */
  readonly measured: string;
  readonly systems: readonly ReportSystem[];
}

/** A paired difference between two systems on the same tiles: `to` minus `from`. */
export interface ReportComparison {
  /** What is compared, e.g. `Geo-R reward`. */
  readonly metric: string;
  readonly from: string;
  readonly to: string;
  readonly difference: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  /** `points` are percentage points. */
  readonly unit: 'reward' | 'km' | 'points';
  readonly higherIsBetter: boolean;
}

/** A figure of one or more curves over training steps. */
export interface ReportCurve {
  readonly title: string;
  readonly caption?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly unit?: 'number' | 'percent';
  /** Points per moving average; 0 draws the measurements only. */
  readonly smoothing?: number;
  /** Values the y axis must reach. */
  readonly include?: readonly number[];
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly { readonly x: number; readonly y: number | null }[];
  }[];
}

/** A world map of one system's errors. */
export interface ReportMap {
  readonly system: string;
  readonly errors: readonly {
    readonly truth: Coordinate;
    readonly answer: Coordinate;
    readonly distanceKm: number;
  }[];
}

/** The levels of a chain from large to small, and the coordinate at its end. */
export interface ReportChain {
  readonly country?: string;
  readonly region?: string;
  readonly city?: string;
  readonly coordinate?: Coordinate;
}

/** What one system said about a tile. */
export interface SampleAnswer {
  readonly system: string;
  readonly chain: ReportChain;
  readonly distanceKm: number | null;
  readonly reward?: number | null;
  /** The completion as generated, shown on demand. */
  readonly text?: string;
}

/** A held-out tile with its truth and the answers. */
export interface ReportSample {
  /** A `data:image/...` URL; anything else is not shown. */
  readonly tile: string;
  readonly truth: ReportChain;
  readonly answers: readonly SampleAnswer[];
}

/** A part of the run that took time. */
export interface ReportStage {
  readonly name: string;
  readonly seconds: number;
  readonly note?: string;
}

/** A table of the run record: settings, versions, machine. */
export interface RecordGroup {
  readonly title: string;
  readonly entries: Readonly<Record<string, string | number | boolean | null>>;
}

/** A whole report. */
export interface ReportInput {
  readonly title: string;
  /** What was trained, on what, in a sentence. */
  readonly trained: string;
  /** What the figures measure and what they do not, in plain words. */
  readonly measured: string;
  /** When it was made, ISO 8601. */
  readonly madeAt?: string;
  readonly seed?: number;
  readonly stages: readonly ReportStage[];
  readonly systems: readonly ReportSystem[];
  /** Names of the systems the headline compares. */
  readonly before?: string;
  readonly after?: string;
  readonly comparisons?: readonly ReportComparison[];
  readonly transfer?: ReportTransfer;
  readonly curves?: readonly ReportCurve[];
  readonly maps?: readonly ReportMap[];
  readonly samples?: readonly ReportSample[];
  readonly record?: readonly RecordGroup[];
  /** Further remarks below the results. */
  readonly notes?: readonly string[];
}
