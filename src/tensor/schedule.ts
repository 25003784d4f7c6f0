/**
 * Learning rates over a run.
 * @module
 */

/** The shape of a learning-rate curve after warm-up. */
export type Schedule = 'constant' | 'cosine' | 'linear';

/** A learning-rate curve. */
export interface ScheduleOptions {
  /** The highest rate. */
  readonly peak: number;
  /** Steps of the whole run. */
  readonly steps: number;
  readonly warmupSteps: number;
  readonly schedule: Schedule;
  /** Where the decay ends, as a share of the peak, 0 to 1. Default 0. */
  readonly minimumShare?: number;
  /**
   * Whether the warm-up starts at rate 0, as in transformers, where the first step then changes
   * nothing; else at peak / warmupSteps. Default: no.
   */
  readonly warmsUpFromZero?: boolean;
}

/**
 * The learning rate of one step: linear warm-up, then the schedule's decay towards its minimum.
 *
 * Source: transformers' `optimization.py`: constant_with_warmup, linear, cosine and (with a minimum)
 * cosine_with_min_lr; the same rates when the warm-up starts at zero.
 *
 * @param step - from 0
 * @returns in [0, peak]
 */
export function learningRateAt(
  step: number,
  {
    peak,
    steps,
    warmupSteps,
    schedule,
    minimumShare = 0,
    warmsUpFromZero = false,
  }: ScheduleOptions,
): number {
  const warmup = Math.min(1, (step + (warmsUpFromZero ? 0 : 1)) / Math.max(1, warmupSteps));
  const progress = Math.min(1, Math.max(0, step - warmupSteps) / Math.max(1, steps - warmupSteps));
  const decay = {
    constant: 1,
    linear: 1 - progress,
    cosine: 0.5 * (1 + Math.cos(Math.PI * progress)),
  }[schedule];
  const isWarm = step >= warmupSteps; // without warm-up the first step has the full rate
  return peak * (isWarm ? 1 : warmup) * (decay + minimumShare * (1 - decay));
}
