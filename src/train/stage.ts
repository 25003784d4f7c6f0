/**
 * What supervised and reinforcement stages share: the loop of steps with checkpoints, metrics,
 * interruption and the guard against numbers that are none.
 * @module
 */
import { GeorError } from '../core/index.ts';
import type { Parameters } from '../model/index.ts';
import {
  AdamW,
  type AdamWOptions,
  clippingScale,
  globalNorm,
  learningRateAt,
  type Schedule,
} from '../tensor/index.ts';
import { restoreCheckpoint, saveCheckpoint } from './checkpoint.ts';
import type { MetricsLog, MetricsRow } from './metrics.ts';

/** Optimisation settings of a stage, as a recipe gives them. */
export interface OptimizerSettings
  extends Pick<AdamWOptions, 'beta1' | 'beta2' | 'weightDecay' | 'decays'> {
  readonly steps: number;
  readonly learningRate: number;
  readonly warmupSteps: number;
  readonly schedule: Schedule;
  /** Gradients of a larger global norm are scaled down to it. */
  readonly maxGradNorm: number;
}

/** Where a stage keeps its state and whom it tells. */
export interface StageContext {
  /** Name in the metrics. */
  readonly stage: string;
  readonly seed: number;
  readonly threads?: number;
  readonly metrics?: MetricsLog;
  /** Sampled answers, rewound with the metrics when a run resumes. */
  readonly completions?: MetricsLog;
  /** The checkpoint file, written every `checkpointEvery` steps; restored when it is there. */
  readonly checkpointPath?: string;
  readonly checkpointEvery?: number;
  /** Asks the stage to stop after the current step. */
  readonly signal?: AbortSignal;
  /** Called after every step. */
  readonly onStep?: (row: MetricsRow) => void | Promise<void>;
}

/** How a stage ended. */
export interface StageResult {
  readonly steps: number;
  /** False when the signal stopped it; its checkpoint is written. */
  readonly finished: boolean;
}

/** What one step computed: gradients to apply and numbers to report. */
export interface ComputedStep {
  readonly gradients: ReadonlyMap<string, Float32Array>;
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * Runs a stage from its checkpoint to its end.
 *
 * @param compute - the gradients of step `step` (from 0); `update` applies intermediate ones when a
 *   step makes several updates
 * @throws GeorError `engine` when a loss, gradient or learning rate is not a number
 */
export async function runStage(
  parameters: Parameters,
  settings: OptimizerSettings,
  context: StageContext,
  compute: (
    step: number,
    update: (gradients: ReadonlyMap<string, Float32Array>) => number,
  ) => Promise<ComputedStep>,
): Promise<StageResult> {
  const {
    stage,
    metrics,
    completions,
    checkpointPath,
    checkpointEvery = 50,
    signal,
    onStep,
  } = context;
  const arrays = new Map([...parameters].map(([name, { data }]) => [name, data]));
  const { beta1, beta2, weightDecay, decays } = settings;
  const optimizer = new AdamW(arrays, {
    ...(beta1 === undefined ? {} : { beta1 }),
    ...(beta2 === undefined ? {} : { beta2 }),
    ...(weightDecay === undefined ? {} : { weightDecay }),
    ...(decays === undefined ? {} : { decays }),
  });
  let step = checkpointPath ? restoreCheckpoint(checkpointPath, parameters, optimizer) : 0;
  metrics?.rewind(stage, step);
  completions?.rewind(stage, step);
  const save = (): void => {
    if (checkpointPath) saveCheckpoint(checkpointPath, step, parameters, optimizer);
  };
  for (; step < settings.steps; ) {
    if (signal?.aborted) {
      save();
      return { steps: step, finished: false };
    }
    const learningRate = learningRateAt(step, { ...settings, peak: settings.learningRate });
    requireNumber(learningRate, 'learning rate', stage, step);
    const update = (gradients: ReadonlyMap<string, Float32Array>): number => {
      const norm = globalNorm(gradients);
      requireNumber(norm, 'gradient', stage, step);
      optimizer.step(gradients, learningRate, clippingScale(norm, settings.maxGradNorm));
      return norm;
    };
    const computed = await compute(step, update);
    requireNumber(computed.metrics['loss'] ?? 0, 'loss', stage, step);
    const gradNorm = update(computed.gradients);
    step++;
    const row: MetricsRow = {
      stage,
      step,
      ...computed.metrics,
      grad_norm: gradNorm,
      learning_rate: learningRate,
    };
    metrics?.append(row);
    if (step % checkpointEvery === 0 || step === settings.steps) save();
    await onStep?.(row);
  }
  return { steps: step, finished: true };
}

/** Ends a stage whose numbers are lost, before they reach the parameters. */
function requireNumber(value: number, what: string, stage: string, step: number): void {
  if (Number.isFinite(value)) return;
  throw new GeorError('engine', `${stage}: the ${what} of step ${step + 1} is not a number`, {
    hint: 'lower the learning rate; the last checkpoint is from before',
  });
}
