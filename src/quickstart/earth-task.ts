/**
 * Tiles of the Earth as a task: what the model sees, is asked and should answer.
 * @module
 */
import { answerPrompt, buildChain, type PromptCondition } from '../chain/index.ts';
import type { Random } from '../core/index.ts';
import { cutTile, type Earth, type EarthSample, jitter } from '../data/index.ts';
import {
  answerTokens,
  type ImageProcessor,
  type ModelConfig,
  promptTokens,
  type Tokenizer,
} from '../model/index.ts';
import type { Task, Turn } from '../train/index.ts';

/** How tiles are cut and answers written. */
export interface EarthTaskSettings {
  /** Height of a tile in degrees. */
  readonly spanDegrees: number;
  /** Height and width of a tile in pixels. */
  readonly sizePx: number;
  /** Decimals of the coordinates in an answer. */
  readonly decimals: number;
}

/** The answer to learn for a sample under a prompt condition. */
export const chainOf = (
  sample: EarthSample,
  condition: PromptCondition,
  decimals: number,
): string => buildChain(sample.place, 'geo-r', { condition, decimals });

/**
 * Makes the task. Answers are tokenised once.
 *
 * @param conditions - supervised training learns an answer under each; generation asks the first
 */
export function earthTask(
  samples: readonly EarthSample[],
  conditions: readonly PromptCondition[],
  { spanDegrees, sizePx, decimals }: EarthTaskSettings,
  {
    earth,
    tokenizer,
    config,
    processor,
  }: {
    earth: Earth;
    tokenizer: Tokenizer;
    config: ModelConfig;
    processor: ImageProcessor;
  },
): Task {
  const tile = new Uint8Array(sizePx * sizePx * 3);
  const prompts = conditions.map((condition) =>
    promptTokens(tokenizer, answerPrompt('geo-r', condition, 'short'), {
      config,
      grid: processor.grid,
    }),
  );
  const turns = samples.map((sample): readonly Turn[] =>
    conditions.map((condition, i) => ({
      prompt: prompts[i]!,
      answer: answerTokens(tokenizer, chainOf(sample, condition, decimals)),
    })),
  );
  return {
    size: samples.length,
    imageSize: processor.size,
    writeImage(index: number, out: Float32Array, slot: number, source?: Random): void {
      const { lat, lon } = samples[index]!;
      const scale = source ? jitter(source).scale : 1;
      processor.write(
        cutTile(earth, { lat, lon, spanDegrees: spanDegrees * scale, sizePx }, tile),
        out,
        slot,
      );
    },
    turns: (index) => turns[index]!,
    prompt: () => prompts[0]!,
    target: (index) => samples[index]!,
  };
}
