/**
 * The loss on samples that are not trained on, with TRL's names: `eval_loss`, the mean over all their
 * answer tokens of - log p, and `eval_mean_token_accuracy`, the share of answer tokens that the model
 * finds most probable.
 *
 * Deviation from TRL: its figures are means over batches, and so depend on how samples are batched.
 * @module
 */
import {
  type ImageGrid,
  type ModelConfig,
  type PackedBatch,
  type Parameters,
  pack,
} from '../model/index.ts';
import { AnswerScorer, type StepShape } from './answer-step.ts';
import { drawImages, imageBatch } from './draw-images.ts';
import { exampleOf } from './example.ts';
import type { Task } from './task.ts';

/** How held-out samples are read. */
export interface HeldOutShape extends StepShape {
  readonly grid?: ImageGrid;
  /** Samples scored at once. */
  readonly samplesPerPass: number;
}

/** A model under observation: its parameters are read in place, whenever it is measured. */
export class HeldOutLoss {
  readonly #config: ModelConfig;
  readonly #task: Task;
  readonly #shape: HeldOutShape;
  readonly #scorer: AnswerScorer;

  private constructor(config: ModelConfig, task: Task, shape: HeldOutShape, scorer: AnswerScorer) {
    this.#config = config;
    this.#task = task;
    this.#shape = shape;
    this.#scorer = scorer;
  }

  /**
   * Compiles the scoring graph.
   *
   * @param trained - what changes between measurements, as in `AnswerStep.create`
   */
  static async create(
    config: ModelConfig,
    trained: Parameters,
    task: Task,
    shape: HeldOutShape,
  ): Promise<HeldOutLoss> {
    const { samplesPerPass: _, ...stepShape } = shape;
    const scorer = await AnswerScorer.create(config, trained, stepShape, true);
    return new HeldOutLoss(config, task, shape, scorer);
  }

  /**
   * Measures the model as it is. A picture that cannot be read is left out, reported and counted as
   * `eval_broken_images`.
   */
  async measure(
    onBroken?: (sample: number, reason: string) => void,
  ): Promise<Record<string, number>> {
    const { samplesPerPass, grid, length } = this.#shape;
    const task = this.#task;
    let [logs, best, tokens, broken] = [0, 0, 0, 0];
    for (let from = 0; from < task.size; from += samplesPerPass) {
      const count = Math.min(samplesPerPass, task.size - from);
      const wanted = Array.from({ length: count }, (_, i) => from + i);
      const drawn = await drawImages(task, wanted, {
        config: this.#config,
        ...(grid && { grid }),
        ...(onBroken && { onBroken }),
      });
      broken += drawn.broken;
      if (drawn.images.length === 0) continue;
      const shown = imageBatch(drawn.images);
      const examples = drawn.images.map(({ sample }, image) =>
        exampleOf(task.turns(sample), image),
      );
      const batch: PackedBatch = pack(examples, {
        length,
        config: this.#config,
        grids: shown.grids,
      });
      const { logProbabilities, isBest } = await this.#scorer.score(batch, shown);
      for (let i = 0; i < logProbabilities.length; i++) {
        logs += logProbabilities[i]!;
        best += isBest![i]!;
      }
      tokens += logProbabilities.length;
    }
    return {
      eval_loss: -logs / tokens,
      eval_mean_token_accuracy: best / tokens,
      eval_num_tokens: tokens,
      ...(broken > 0 && { eval_broken_images: broken }),
    };
  }

  /** Frees the compiled graph. */
  release(): Promise<void> {
    return this.#scorer.release();
  }
}
