/**
 * Everything an engine's configuration is written from, none of it in the words of an engine.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import type { EngineName } from '../manifest/manifest.ts';
import { type Layout, MODEL_PRESETS, type ModelPresetName, SMALL_LAYOUT } from './model-presets.ts';
import type { GrpoNumbers, Numbers, RecipeName } from './recipe.ts';

/** The machines of a run. */
export interface Cluster {
  readonly nodes: number;
  /** 0 for processors only. */
  readonly gpusPerNode: number;
  readonly processesPerNode: number;
  /** The run's folder as these machines see it. */
  readonly root: string;
}

/** A run to write. */
export interface Plan {
  readonly run: string;
  readonly engine: EngineName;
  readonly engineVersion: string;
  readonly recipe: RecipeName;
  readonly variant: 'paper' | 'released';
  readonly numbers: Numbers;
  readonly model: {
    /** Folder or hub id as the machines see it. */
    readonly path: string;
    readonly preset: ModelPresetName | null;
  };
  readonly cluster: Cluster;
  readonly seed: number;
  /** Steps between two checkpoints. */
  readonly saveSteps: number;
  readonly rows: { readonly train: number; readonly validation: number };
  /** Settings in the engine's own words, the last word over what geor writes. */
  readonly engineSettings: Readonly<Record<string, unknown>>;
}

/** Processes that train. */
export function trainingProcesses({ nodes, processesPerNode }: Cluster): number {
  return nodes * processesPerNode;
}

/** How the model is laid out over the GPUs. */
export function layoutOf({ model, numbers }: Plan): Layout {
  return model.preset ? MODEL_PRESETS[model.preset].layout[numbers.adaptation] : SMALL_LAYOUT;
}

/** How the sequences of a step fall on the processes. */
export interface Batches {
  /** Sequences of a process in one forward pass. */
  readonly perDevice: number;
  /** Passes whose gradients are added up for a step of the optimiser. */
  readonly accumulation: number;
  /** Passes that the completions of one generation are enough for; 1 step of SFT. */
  readonly passesPerGeneration: number;
}

/**
 * Splits a step over the processes.
 *
 * The completions of a prompt stay on one process, which is where a reward sees the whole group:
 * a multiple of the group size goes to each.
 *
 * @throws GeorError `usage` when the step cannot be split so
 */
export function batchesOf(plan: Plan): Batches {
  const processes = trainingProcesses(plan.cluster);
  const { sequencesPerGpu } = layoutOf(plan);
  const { numbers } = plan;
  // verl fills each pass by tokens, wherever the sequences of a group are
  if (plan.engine === 'verl')
    return { perDevice: sequencesPerGpu, accumulation: 1, passesPerGeneration: 1 };
  if (numbers.stage === 'sft') {
    const each = shareOf('batchSize', numbers.batchSize, processes);
    const perDevice = largestDivisor(each, sequencesPerGpu);
    return { perDevice, accumulation: each / perDevice, passesPerGeneration: 1 };
  }
  const { promptsPerStep, groupSize, updatesPerStep } = numbers;
  const prompts = shareOf('promptsPerStep', promptsPerStep, processes);
  const sequences = prompts * groupSize;
  if (sequences % updatesPerStep !== 0) {
    throw new GeorError(
      'usage',
      `${sequences} completions on each process are not ${updatesPerStep} equal updates`,
      { hint: 'change updatesPerStep, promptsPerStep or groupSize with --set' },
    );
  }
  const eachUpdate = sequences / updatesPerStep;
  const perDevice = largestDivisor(eachUpdate, sequencesPerGpu);
  const accumulation = eachUpdate / perDevice;
  return { perDevice, accumulation, passesPerGeneration: accumulation * updatesPerStep };
}

function shareOf(name: string, count: number, processes: number): number {
  if (count % processes === 0) return count / processes;
  const next = Math.ceil(count / processes) * processes;
  throw new GeorError(
    'usage',
    `${name} ${count} cannot be split over ${processes} processes in whole prompts`,
    { hint: `give a multiple of ${processes}, e.g. --set ${name}=${next}` },
  );
}

function largestDivisor(of: number, atMost: number): number {
  for (let divisor = Math.min(of, atMost); divisor > 1; divisor--)
    if (of % divisor === 0) return divisor;
  return 1;
}

/** Updates that the engine counts as a step: TRL and ms-swift each one, verl a whole generation. */
export function updatesPerCountedStep({ engine, numbers }: Plan): number {
  return engine === 'verl' && numbers.stage === 'grpo' ? numbers.updatesPerStep : 1;
}

/** What the engines call the most steps of a run. */
const STEP_LIMITS = ['max_steps', 'trainer.total_training_steps'] as const;

/**
 * Steps, as the engine counts them, that the rows give; what is left over at the end of an epoch is
 * dropped.
 *
 * @throws GeorError `data` when there is not a single step in them
 */
export function countedSteps(plan: Plan): number {
  const { numbers, rows, engineSettings } = plan;
  const perStep = numbers.stage === 'sft' ? numbers.batchSize : numbers.promptsPerStep;
  const updates = numbers.stage === 'sft' ? 1 : numbers.updatesPerStep;
  const all = Math.floor(Math.floor(rows.train / perStep) * numbers.epochs * updates);
  for (const name of STEP_LIMITS) {
    const limit = engineSettings[name];
    if (typeof limit === 'number' && limit > 0 && rows.train >= perStep) return limit;
  }
  const steps = all / updatesPerCountedStep(plan);
  if (steps > 0) return Math.floor(steps);
  throw new GeorError('data', `${rows.train} rows are not one step of ${perStep}`, {
    hint: `give more rows, or fewer per step with --set`,
  });
}

/**
 * Steps during which the rate rises. A number of steps means the same in every version of
 * transformers; a share of them has changed its name.
 */
export function warmupSteps(plan: Plan): number {
  const { warmupRatio } = plan.numbers;
  return warmupRatio === 0 ? 0 : Math.ceil(warmupRatio * countedSteps(plan));
}

/** The numbers of a plan of GRPO. */
export function grpoOf({ numbers }: Plan): GrpoNumbers {
  if (numbers.stage === 'grpo') return numbers;
  throw new GeorError('internal', 'internal: a plan of SFT has no numbers of GRPO');
}
