/**
 * A model's answers to held-out tiles, and what they are worth.
 * @module
 */
import { type Answer, consistency, parseAnswer } from '../chain/index.ts';
import { GeorError, random } from '../core/index.ts';
import type { EarthSample } from '../data/index.ts';
import { type Gazetteer, haversineKm, reverseGeocode } from '../geo/index.ts';
import { bannedTokens, type Generator, type ImageGrid, type Tokenizer } from '../model/index.ts';
import type { Reward } from '../rewards/index.ts';
import type { Task } from '../train/index.ts';

/** How tiles are answered. */
export interface AnsweringOptions {
  readonly maxTokens: number;
  /** 0 takes the most probable tokens. */
  readonly temperature: number;
  /** Answers per tile. */
  readonly samples: number;
  readonly seed: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** One answer, judged. */
export interface JudgedAnswer {
  readonly sample: EarthSample;
  readonly text: string;
  readonly answer: Answer;
  /** `Infinity` when no coordinate is readable. */
  readonly distanceKm: number;
  readonly reward: number;
  readonly countryRight: boolean;
  /** Whether the named country, and every named level, is where the answer's coordinate lies. */
  readonly countryAgrees: boolean;
  readonly chainAgrees: boolean;
}

/** Tiles answered at once: bounds the memory of the cache. */
const BATCH = 125;

/** The samples of a task, to be answered. */
export interface Tiles {
  readonly task: Task;
  /** Patches of every tile. */
  readonly grid: ImageGrid;
  readonly samples: readonly EarthSample[];
  readonly tokenizer: Tokenizer;
  /** Which samples. Default: all. */
  readonly indices?: readonly number[];
}

/** Answers tiles; several answers of a tile stand together. */
export async function answerTiles(
  generator: Generator,
  { task, grid, samples, tokenizer, indices: all = samples.map((_, i) => i) }: Tiles,
  judge: { reward: Reward; gazetteer: Gazetteer },
  options: AnsweringOptions,
): Promise<JudgedAnswer[]> {
  const banned = bannedTokens(tokenizer);
  const judged: JudgedAnswer[] = [];
  for (let from = 0; from < all.length; from += BATCH) {
    const indices = all.slice(from, from + BATCH);
    const pixels = new Float32Array(indices.length * task.imageSize);
    for (const [slot, index] of indices.entries()) await task.writeImage(index, pixels, slot);
    const generated = await generator.generate(
      {
        prompts: indices.map((index, slot) => ({ tokens: task.prompt(index), images: [slot] })),
        images: { grids: new Array<ImageGrid>(indices.length).fill(grid), pixels },
      },
      {
        samples: options.samples,
        maxTokens: options.maxTokens,
        temperature: options.temperature,
        banned,
        randomOf: (prompt, sample) =>
          random(options.seed, 'held-out-answer', indices[prompt]!, sample),
      },
    );
    const texts = generated.map(({ tokens }) =>
      tokenizer.decode(tokens, { skipSpecialTokens: true }),
    );
    const truths = texts.map((_, i) => samples[indices[Math.floor(i / options.samples)]!]!);
    const { total, unscored } = await judge.reward({ completions: texts, targets: truths });
    texts.forEach((text, i) => {
      const reward = total[i] ?? null;
      if (reward === null)
        throw new GeorError('data', `an answer could not be scored: ${unscored[i]}`);
      judged.push(judgeAnswer(text, truths[i]!, reward, judge.gazetteer));
    });
    options.onProgress?.(from + indices.length, all.length);
  }
  return judged;
}

function judgeAnswer(
  text: string,
  sample: EarthSample,
  reward: number,
  gazetteer: Gazetteer,
): JudgedAnswer {
  const answer = parseAnswer(text, 'geo-r');
  const { coordinate } = answer;
  const agrees = consistency(
    answer,
    coordinate ? reverseGeocode(gazetteer, coordinate.lat, coordinate.lon) : null,
  );
  return {
    sample,
    text,
    answer,
    distanceKm: coordinate ? haversineKm(coordinate, sample) : Number.POSITIVE_INFINITY,
    reward,
    countryRight: answer.country === sample.place.country,
    countryAgrees: agrees.country === true,
    chainAgrees: agrees.overall === true,
  };
}
