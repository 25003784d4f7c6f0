/**
 * Supervised fine-tuning: next-token loss on the answers, equal to TRL's completion-only loss on the
 * same model (`sft-golden.test.ts`).
 *
 * Source: Geo-R, section 4 (SFT on Chain-of-Region answers, AdamW). Deviations: learning rate, batch
 * and length of a run are the recipe's, since a small model is trained here from nothing; rows are
 * packed; the loss is the mean over the step's answer tokens, however it is cut into passes.
 *
 * With `coordinateWeight` the paper's joint objective over reasoning chain and coordinate regression,
 * as `coordinate-loss.ts` reads it.
 * @module
 */
import { GeorError, random } from '../core/index.ts';
import {
  type Adapter,
  decays,
  type ImageGrid,
  type ModelConfig,
  type Parameters,
  pack,
  type Tokenizer,
} from '../model/index.ts';
import { AnswerStep } from './answer-step.ts';
import { batchIndices } from './batch-indices.ts';
import { CoordinateTargets, jointLoss } from './coordinate-loss.ts';
import { drawImages, imageBatch } from './draw-images.ts';
import { exampleOf } from './example.ts';
import { HeldOutLoss } from './held-out-loss.ts';
import { nextTokenLoss } from './loss.ts';
import { type OptimizerSettings, runStage, type StageContext, type StageResult } from './stage.ts';
import type { Task } from './task.ts';

/** Settings of a supervised stage. */
export interface SftSettings extends OptimizerSettings {
  /** Samples per step. */
  readonly batchSize: number;
  /** Samples per forward and backward pass; bounds the memory. Default: the whole batch. */
  readonly samplesPerPass?: number;
  /** Tokens per packed row. */
  readonly rowLength: number;
  /** Steps between two looks at the held-out samples, besides the one at the end. Default: none. */
  readonly evalEvery?: number;
  /** Weight of the coordinate term beside the next-token loss. Default 0: without. */
  readonly coordinateWeight?: number;
}

/** What supervised training changes. */
export interface SftSubject {
  readonly config: ModelConfig;
  readonly parameters: Parameters;
  /** Of every image; left out where the task has grids of its own. */
  readonly grid?: ImageGrid;
  /** Trained instead of the parameters. */
  readonly adapter?: Adapter;
  /** Needed for `coordinateWeight`: tells digits. */
  readonly tokenizer?: Tokenizer;
  /** Samples that are not trained on; their loss is `eval_loss`. */
  readonly heldOut?: Task;
}

/**
 * Trains the parameters in place; where there is an adapter, it alone.
 *
 * @throws GeorError `config` when the joint objective lacks a tokenizer; `engine` when a number is
 *   none
 */
export async function trainSft(
  subject: SftSubject,
  task: Task,
  settings: SftSettings,
  context: StageContext,
): Promise<StageResult> {
  const { config, parameters, grid, adapter, tokenizer, heldOut } = subject;
  const { seed, threads, stage, faults } = context;
  const { batchSize, rowLength, samplesPerPass = batchSize, evalEvery } = settings;
  const { coordinateWeight = 0 } = settings;
  if (coordinateWeight > 0 && !tokenizer)
    throw new GeorError('config', 'a coordinate term needs the tokenizer of the model');
  const trained = adapter?.parameters ?? parameters;
  const shape = {
    ...(grid && { grid }),
    length: rowLength,
    ...(threads !== undefined && { threads }),
    ...(adapter && { adapter: { targets: adapter.targets, base: parameters } }),
  };
  const coordinates =
    coordinateWeight > 0 && tokenizer ? new CoordinateTargets(tokenizer) : undefined;
  const step = await AnswerStep.create(
    config,
    trained,
    shape,
    coordinates ? jointLoss(coordinates) : nextTokenLoss,
  );
  const evaluation =
    heldOut && (await HeldOutLoss.create(config, trained, heldOut, { ...shape, samplesPerPass }));
  try {
    return await runStage(trained, { decays, ...settings }, context, async (index, tools) => {
      const onBroken = (fault: string, sample: number, reason: string): void =>
        faults?.append({ stage, step: index + 1, fault, sample, reason });
      const wanted = batchIndices(seed, index, batchSize, task.size);
      const { images, broken } = await drawImages(task, wanted, {
        config,
        ...(grid && { grid }),
        viewOf: (slot) => random(seed, 'sft-view', index, slot),
        standInOf: (slot) => random(seed, 'sft-stand-in', index, slot),
        onBroken: (sample, reason) => onBroken('image', sample, reason),
      });
      const turns = images.map(({ sample }) => task.turns(sample));
      const answers = turns.flat().reduce((sum, { answer }) => sum + answer.length, 0);
      const pairs = coordinates?.count(turns.flat()) ?? 0;
      const losses: number[] = [];
      let regression = 0;
      tools.exhibit(() => ({ images, tokens: turns, numbers: { losses } }));
      step.clear();
      for (let from = 0; from < batchSize; from += samplesPerPass) {
        const own = turns.slice(from, from + samplesPerPass);
        const shown = imageBatch(images.slice(from, from + samplesPerPass));
        const batch = pack(own.map(exampleOf), { length: rowLength, config, grids: shown.grids });
        const { loss, outputs } = await step.accumulate(batch, shown, {
          weights: new Float32Array(batch.answerTargets.length).fill(1 / answers),
          ...coordinates?.feeds(own.flat(), batch, coordinateWeight / Math.max(1, pairs)),
        });
        losses.push(loss);
        regression += outputs['regression']?.[0] ?? 0;
      }
      const isLook = evalEvery !== undefined && (index + 1) % evalEvery === 0;
      const isEvaluated = isLook || index + 1 === settings.steps;
      return {
        gradients: step.gradients,
        metrics: {
          loss: losses.reduce((a, b) => a + b, 0),
          ...(coordinates && { loss_coordinate: regression / coordinateWeight }),
          epoch: ((index + 1) * batchSize) / task.size,
          num_tokens: answers,
          broken_images: broken,
        },
        ...(evaluation &&
          isEvaluated && {
            afterwards: () =>
              evaluation.measure((...broken) => onBroken('held-out image', ...broken)),
          }),
      };
    });
  } finally {
    await Promise.all([step.release(), evaluation?.release()]);
  }
}
