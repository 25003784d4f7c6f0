/**
 * Learning rates over a run.
 * @module
 */

/** The shape of a learning-rate curve after warm-up. */
export type Schedule = 'constant' | 'cosine' | 'linear';

/**
 * The learning rate of one step: linear warm-up, then the schedule's decay towards zero.
 *
 * @param step - from 0
 * @returns in (0, peak]
 */
export function learningRateAt(
  step: number,
  {
    peak,
    steps,
    warmupSteps,
    schedule,
  }: { peak: number; steps: number; warmupSteps: number; schedule: Schedule },
): number {
  const warmup = Math.min(1, (step + 1) / Math.max(1, warmupSteps));
  const progress = Math.min(1, Math.max(0, step - warmupSteps) / Math.max(1, steps - warmupSteps));
  const decay = {
    constant: 1,
    linear: 1 - progress,
    cosine: 0.5 * (1 + Math.cos(Math.PI * progress)),
  }[schedule];
  return peak * warmup * decay;
}
