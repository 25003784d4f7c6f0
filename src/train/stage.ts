/**
 * What supervised and reinforcement stages share: the loop of steps with checkpoints, metrics,
 * interruption and the guard against numbers that are none.
 * @module
 */
import { GeorError } from '../core/index.ts';
import type { FileCalls } from '../core/node/index.ts';
import type { Parameters } from '../model/index.ts';
import { clippingScale, globalNorm, learningRateAt, type Schedule } from '../tensor/index.ts';
import { restoreCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { type Evidence, saveFaultyStep } from './faulty-step.ts';
import type { MetricsLog, MetricsRow } from './metrics.ts';
import { Optimizer, type OptimizerOptions } from './optimizer.ts';

/** Optimisation settings of a stage, as a recipe gives them. */
export interface OptimizerSettings extends OptimizerOptions {
  readonly steps: number;
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
  /** What went wrong and was gone around: broken pictures, rewards that failed; rewound too. */
  readonly faults?: MetricsLog;
  /** The checkpoint file, written every `checkpointEvery` steps; restored when it is there. */
  readonly checkpointPath?: string;
  readonly checkpointEvery?: number;
  /** The file system that checkpoints are written to; tests give one that fails. */
  readonly fileCalls?: FileCalls;
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
  /** `null` when there is nothing to learn from: the step counts, the parameters stay. */
  readonly gradients: ReadonlyMap<string, Float32Array> | null;
  /** Numbers that are none are left out of the row. */
  readonly metrics: Readonly<Record<string, number>>;
  /** More of them, measured when the gradients have been applied. */
  readonly afterwards?: () => Promise<Readonly<Record<string, number>>>;
}

/** What a step may ask of its stage while it computes. */
export interface StepTools {
  /** Applies gradients before the step is over, when it makes several updates. */
  update(gradients: ReadonlyMap<string, Float32Array>, loss: number): Promise<void>;
  /** Says what the step computes from: it is saved when a number turns out to be none. */
  exhibit(evidence: () => Evidence): void;
}

/**
 * Runs a stage from its checkpoint to its end.
 *
 * @param compute - the gradients of step `step` (from 0)
 * @throws GeorError `engine` when a loss, gradient or learning rate is not a number: before it
 *   reaches a checkpoint, and with what it came from saved beside that
 */
export async function runStage(
  parameters: Parameters,
  settings: OptimizerSettings,
  context: StageContext,
  compute: (step: number, tools: StepTools) => Promise<ComputedStep>,
): Promise<StageResult> {
  const optimizer = await Optimizer.create(parameters, settings, context.threads);
  try {
    return await runSteps({ parameters, optimizer }, settings, context, compute);
  } finally {
    await optimizer.release();
  }
}

async function runSteps(
  { parameters, optimizer }: { parameters: Parameters; optimizer: Optimizer },
  settings: OptimizerSettings,
  context: StageContext,
  compute: (step: number, tools: StepTools) => Promise<ComputedStep>,
): Promise<StageResult> {
  const { stage, checkpointPath, checkpointEvery = 50, signal, onStep } = context;
  let step = checkpointPath ? restoreCheckpoint(checkpointPath, parameters, optimizer) : 0;
  for (const log of [context.metrics, context.completions, context.faults])
    log?.rewind(stage, step);
  const save = (): void => {
    if (checkpointPath)
      saveCheckpoint(checkpointPath, step, parameters, optimizer, context.fileCalls);
  };
  let evidence: (() => Evidence) | undefined;
  const requireNumber = (value: number, what: string): void => {
    if (Number.isFinite(value)) return;
    const fault = { stage, step: step + 1, seed: context.seed, what };
    const saved = checkpointPath && evidence && saveFaultyStep(checkpointPath, fault, evidence());
    throw new GeorError('engine', `${stage}: the ${what} of step ${step + 1} is not a number`, {
      hint: `lower the learning rate; the last checkpoint is from before${
        saved ? `, what the step was computed from is in ${saved}` : ''
      }`,
    });
  };
  for (; step < settings.steps; ) {
    if (signal?.aborted) {
      save();
      return { steps: step, finished: false };
    }
    const learningRate = learningRateAt(step, { ...settings, peak: settings.learningRate });
    const update = async (
      gradients: ReadonlyMap<string, Float32Array>,
      loss: number,
    ): Promise<number> => {
      requireNumber(learningRate, 'learning rate');
      requireNumber(loss, 'loss');
      const norm = globalNorm(gradients);
      requireNumber(norm, 'gradient');
      await optimizer.step(gradients, learningRate, clippingScale(norm, settings.maxGradNorm));
      return norm;
    };
    evidence = undefined;
    const { gradients, metrics, afterwards } = await compute(step, {
      update: async (...now) => {
        await update(...now);
      },
      exhibit: (shown) => {
        evidence = shown;
      },
    });
    const gradNorm = gradients ? await update(gradients, metrics['loss'] ?? 0) : undefined;
    step++;
    const numbers = {
      ...metrics,
      ...(gradNorm !== undefined && { grad_norm: gradNorm }),
      learning_rate: learningRate,
      ...(await afterwards?.()),
    };
    const known = Object.entries(numbers).filter(([, value]) => Number.isFinite(value));
    const row: MetricsRow = { stage, step, ...Object.fromEntries(known) };
    context.metrics?.append(row);
    if (step % checkpointEvery === 0 || step === settings.steps) save();
    await onStep?.(row);
  }
  return { steps: step, finished: true };
}
