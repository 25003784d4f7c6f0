/**
 * Supervised fine-tuning: next-token loss on the answers.
 *
 * Source: Geo-R, section 4 (SFT on Chain-of-Region answers, AdamW). Deviations: learning rate, batch
 * and length of a run are the recipe's, since a small model is trained here from nothing; rows are
 * packed; the loss is the mean over answer tokens.
 * @module
 */
import { random, shuffled } from '../core/index.ts';
import {
  type Adapter,
  decays,
  type Example,
  type ImageGrid,
  type ModelConfig,
  type Parameters,
  pack,
} from '../model/index.ts';
import { AnswerStep } from './answer-step.ts';
import { nextTokenLoss } from './loss.ts';
import { type OptimizerSettings, runStage, type StageContext, type StageResult } from './stage.ts';
import type { Task, Turn } from './task.ts';

/** Settings of a supervised stage. */
export interface SftSettings extends OptimizerSettings {
  /** Samples per step. */
  readonly batchSize: number;
  /** Tokens per packed row. */
  readonly rowLength: number;
}

/** Sample indices of one step: a fresh random order every epoch. */
export function batchIndices(
  seed: number,
  step: number,
  batchSize: number,
  size: number,
): number[] {
  const perEpoch = Math.max(1, Math.floor(size / batchSize));
  const epoch = Math.floor(step / perEpoch);
  const order = epochOrder(seed, epoch, size);
  const start = (step % perEpoch) * batchSize;
  return Array.from({ length: batchSize }, (_, i) => order[(start + i) % size]!);
}

let lastOrder: { key: string; order: readonly number[] } | undefined;

function epochOrder(seed: number, epoch: number, size: number): readonly number[] {
  const key = `${seed} ${epoch} ${size}`;
  if (lastOrder?.key !== key) {
    const indices = Array.from({ length: size }, (_, i) => i);
    lastOrder = { key, order: shuffled(indices, random(seed, 'epoch', epoch)) };
  }
  return lastOrder.order;
}

/** The turns of one image as one example: what their prompts begin with in common is read once. */
export function exampleOf(turns: readonly Turn[], image: number): Example {
  const first = turns[0]!.prompt;
  const differs = first.findIndex((token, i) => turns.some(({ prompt }) => prompt[i] !== token));
  const shared = differs < 0 ? first.length : differs;
  return {
    prompt: first.slice(0, shared),
    images: [image],
    questions: turns.map(({ prompt }) => prompt.slice(shared)),
    completions: turns.map(({ answer }) => answer),
  };
}

/** What supervised training changes. */
export interface SftSubject {
  readonly config: ModelConfig;
  readonly parameters: Parameters;
  readonly grid: ImageGrid;
  /** Trained instead of the parameters. */
  readonly adapter?: Adapter;
}

/** Trains the parameters in place; where there is an adapter, it alone. */
export async function trainSft(
  { config, parameters, grid, adapter }: SftSubject,
  task: Task,
  settings: SftSettings,
  context: StageContext,
): Promise<StageResult> {
  const { seed, threads } = context;
  const { batchSize, rowLength } = settings;
  const trained = adapter?.parameters ?? parameters;
  const shape = {
    grid,
    length: rowLength,
    ...(threads !== undefined && { threads }),
    ...(adapter && { adapter: { targets: adapter.targets, base: parameters } }),
  };
  const step = await AnswerStep.create(config, trained, shape, nextTokenLoss);
  const grids = new Array<ImageGrid>(batchSize).fill(grid);
  const pixels = new Float32Array(batchSize * task.imageSize);
  try {
    return await runStage(trained, { decays, ...settings }, context, async (index) => {
      const indices = batchIndices(seed, index, batchSize, task.size);
      indices.forEach((sample, slot) => {
        task.writeImage(sample, pixels, slot, random(seed, 'sft-view', index, slot));
      });
      const examples = indices.map((sample, slot) => exampleOf(task.turns(sample), slot));
      const batch = pack(examples, { length: rowLength, config, grids });
      const answers = batch.answerTargets.length;
      const weights = new Float32Array(answers).fill(1 / answers);
      step.clear();
      const { loss } = await step.accumulate(batch, { grids, pixels }, { weights });
      return {
        gradients: step.gradients,
        metrics: { loss, epoch: ((index + 1) * batchSize) / task.size, num_tokens: answers },
      };
    });
  } finally {
    await step.release();
  }
}
