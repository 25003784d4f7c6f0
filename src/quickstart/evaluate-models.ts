/**
 * The trained models and the baselines on the held-out tiles, and on the same places as another
 * picture of the Earth shows them.
 * @module
 */
import type { PromptCondition } from '../chain/index.ts';
import type { Coordinate } from '../geo/index.ts';
import { Generator, type Model } from '../model/index.ts';
import { type AnsweringOptions, answerTiles, type JudgedAnswer } from './answer-tiles.ts';
import { bestConstantGuess, nearestTiles } from './baselines.ts';
import { otherEarthBytes, otherEarthFrom } from './other-earth.ts';
import type { EarthView } from './prepare.ts';
import type { TrainedModels } from './train-models.ts';
import { Interrupted, type Workshop } from './workshop.ts';

/** The systems that answer by a model; `direct` is the supervised one asked for coordinates alone. */
export type Answerer = 'direct' | keyof TrainedModels;

/** Most probable answers of the models, and the baselines' points, on the same tiles in order. */
export interface TileAnswers {
  readonly greedy: Readonly<Record<Answerer, readonly JudgedAnswer[]>>;
  readonly constant: readonly Coordinate[];
  readonly retrieval: readonly Coordinate[];
}

/** Everything that was answered. */
export interface Evaluated extends TileAnswers {
  /** Answers sampled at temperature 1, {@link SAMPLES_PER_TILE} per tile. */
  readonly sampled: Readonly<Record<keyof TrainedModels, readonly JudgedAnswer[]>>;
  /** The same places in another rendering; absent where there is no such picture. */
  readonly otherEarth?: TileAnswers;
}

/** Sampled answers per tile in the evaluation. */
export const SAMPLES_PER_TILE = 1;

/** Asks the models and the baselines for every held-out tile. */
export async function evaluateModels(
  workshop: Workshop,
  models: TrainedModels,
  otherEarthPath: string | undefined,
): Promise<Evaluated> {
  const { prepared, recipe, seed, reward, observer, signal } = workshop;
  const { samples, gazetteer, tokenizer } = prepared;
  const bytes = otherEarthBytes(otherEarthPath);
  const passes = bytes ? 8 : 5;
  let pass = 0;
  const answers = async (
    view: EarthView,
    model: Model,
    condition: PromptCondition,
    temperature: AnsweringOptions['temperature'],
  ): Promise<JudgedAnswer[]> => {
    const generator = await Generator.create(model.config, model.parameters, { frozen: true });
    const judged = await answerTiles(
      generator,
      {
        task: view.task('test', condition),
        grid: prepared.processor.grid,
        samples: samples.test,
        tokenizer,
      },
      { reward, gazetteer },
      {
        maxTokens: recipe.grpo.maxCompletionLength,
        temperature,
        samples: temperature === 0 ? 1 : SAMPLES_PER_TILE,
        seed,
        onProgress: (done, total) => observer.progress(pass * total + done, passes * total, {}),
      },
    );
    pass++;
    await generator.release();
    await new Promise((resume) => setImmediate(resume));
    if (signal.aborted) throw new Interrupted();
    return judged;
  };
  const guess = bestConstantGuess(samples.train);
  const onTiles = async (view: EarthView): Promise<TileAnswers> => ({
    greedy: {
      direct: await answers(view, models.sft, 'direct', 0),
      sft: await answers(view, models.sft, 'cor', 0),
      grpo: await answers(view, models.grpo, 'cor', 0),
    },
    constant: samples.test.map(() => guess),
    retrieval: nearestTiles(
      { earth: prepared.earth, samples: samples.train },
      { earth: view.earth, samples: samples.test },
      recipe.data.spanDegrees,
    ),
  });
  return {
    ...(await onTiles(prepared)),
    sampled: {
      sft: await answers(prepared, models.sft, 'cor', 1),
      grpo: await answers(prepared, models.grpo, 'cor', 1),
    },
    ...(bytes && { otherEarth: await onTiles(prepared.viewOf(otherEarthFrom(bytes))) }),
  };
}
