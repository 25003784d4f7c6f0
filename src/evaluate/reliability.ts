/**
 * Whether a stated confidence is earned.
 *
 * Source: Guo et al., "On calibration of modern neural networks" (ICML 2017), section 2: ten bins of
 * equal width, and the expected calibration error, the mean distance between confidence and accuracy
 * weighted by rows.
 * @module
 */
import { type Comparison, isWithin } from './figures.ts';
import { type Share, wilsonShare } from './intervals.ts';

/** Answers whose confidence lies in [from, to); the last bin includes 1. */
export interface ConfidenceBin extends Share {
  readonly from: number;
  readonly to: number;
  readonly n: number;
  /** Mean stated confidence, in [0, 1]. */
  readonly meanConfidence: number;
}

/** Stated confidence against what came of it. */
export interface Reliability {
  /** An answer within this distance is right. */
  readonly withinKm: number;
  /** Rows with a confidence in [0, 1]; others are in `ignored` if they state one. */
  readonly n: number;
  readonly ignored: number;
  /** Only bins that hold rows. */
  readonly bins: readonly ConfidenceBin[];
  /** In [0, 1]; 0 is perfectly calibrated. */
  readonly expectedCalibrationError: number;
}

const BINS = 10;

/**
 * Reliability of a confidence.
 *
 * @param confidence - per row, NaN where none was stated
 * @param distancesKm - per row, `Infinity` for no answer, which is wrong
 */
export function reliability(
  confidence: Float64Array,
  distancesKm: Float64Array,
  withinKm: number,
  comparison: Comparison = '<=',
): Reliability {
  const n = new Uint32Array(BINS);
  const right = new Uint32Array(BINS);
  const sum = new Float64Array(BINS);
  let ignored = 0;
  confidence.forEach((stated, row) => {
    if (Number.isNaN(stated)) return;
    if (stated < 0 || stated > 1) {
      ignored++;
      return;
    }
    const bin = Math.min(BINS - 1, Math.floor(stated * BINS));
    n[bin]!++;
    sum[bin]! += stated;
    if (isWithin(distancesKm[row]!, withinKm, comparison)) right[bin]!++;
  });
  const total = n.reduce((all, own) => all + own, 0);
  const bins = Array.from(
    n,
    (own, i): ConfidenceBin => ({
      from: i / BINS,
      to: (i + 1) / BINS,
      n: own,
      meanConfidence: own > 0 ? sum[i]! / own : 0,
      ...wilsonShare(right[i]!, own),
    }),
  ).filter((bin) => bin.n > 0);
  const error = bins.reduce(
    (all, bin) => all + bin.n * Math.abs(bin.percent / 100 - bin.meanConfidence),
    0,
  );
  return { withinKm, n: total, ignored, bins, expectedCalibrationError: total ? error / total : 0 };
}
