/**
 * What the report of an evaluation is made of.
 * @module
 */
import type {
  AnswerReading,
  Evaluation,
  PublishedComparison,
  RunComparison,
} from '../../evaluate/index.ts';
import type { RecordGroup, ReportChain } from '../report-input.ts';
import type { MapError } from '../svg/world-map.ts';

/** One answer to look at. */
export interface ShownAnswer {
  readonly id: string;
  readonly truth: ReportChain;
  /** What was named, else the place at the answered coordinate. */
  readonly answer: ReportChain;
  /** `null` where there is no readable answer. */
  readonly distanceKm: number | null;
  readonly reading: AnswerReading;
  readonly repairs?: readonly string[];
  /** The completion, where there is one. */
  readonly text?: string;
}

/** Another run that this one is compared with. */
export interface ComparedRun {
  readonly comparison: RunComparison;
  /** What the two are called. */
  readonly first: string;
  readonly second: string;
}

/** The report of an evaluation. */
export interface EvaluationReport {
  readonly title: string;
  /** What was answered, and by what, in a sentence. */
  readonly subject: string;
  readonly evaluation: Evaluation;
  /** Kilometres per truth row, `Infinity` for no answer. */
  readonly distancesKm: Float64Array;
  /** Answers to draw on the map: all, or an even sample. */
  readonly mapped: readonly MapError[];
  readonly worst: readonly ShownAnswer[];
  readonly best: readonly ShownAnswer[];
  /** Answers that could not be read. */
  readonly unread: readonly ShownAnswer[];
  readonly published?: PublishedComparison;
  readonly against?: ComparedRun;
  readonly record?: readonly RecordGroup[];
  /** When it was made, ISO 8601. */
  readonly madeAt?: string;
}
