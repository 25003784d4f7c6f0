/**
 * The quick start: data, supervised training, reinforcement, evaluation.
 *
 * Every stage leaves its result in the run's folder, and a resumed run takes it up there: finished
 * models are loaded, a stage in the middle continues from its checkpoint.
 * @module
 */
import type { PromptCondition } from '../chain/index.ts';
import { writeFileAtomic } from '../core/node/index.ts';
import type { Coordinate } from '../geo/index.ts';
import { Generator, type Model } from '../model/index.ts';
import { geoRReward } from '../rewards/index.ts';
import { MetricsLog, type MetricsRow } from '../train/index.ts';
import { answerTiles, type JudgedAnswer } from './answer-tiles.ts';
import { bestConstantGuess, nearestTiles } from './baselines.ts';
import type { RunObserver } from './observer.ts';
import { type Prepared, prepare } from './prepare.ts';
import type { RunArguments, RunFolder } from './run-folder.ts';
import { Interrupted, type TrainedModels, trainModels, type Workshop } from './train-models.ts';

/** Answers of the trained models and of the baselines, on the same tiles in the same order. */
export interface RunOutcome {
  readonly prepared: Prepared;
  readonly metrics: readonly MetricsRow[];
  /** Most probable answers; `direct` is the supervised model asked for the coordinates alone. */
  readonly greedy: Readonly<Record<'direct' | keyof TrainedModels, readonly JudgedAnswer[]>>;
  /** Answers sampled at temperature 1, {@link SAMPLES_PER_TILE} per tile. */
  readonly sampled: Readonly<Record<'sft' | 'grpo', readonly JudgedAnswer[]>>;
  readonly constant: readonly Coordinate[];
  readonly retrieval: readonly Coordinate[];
}

/** Sampled answers per tile in the evaluation. */
export const SAMPLES_PER_TILE = 1;

/**
 * Runs everything.
 *
 * @returns undefined when the signal stopped it: the folder can be resumed
 */
export async function runQuickstart(
  folder: RunFolder,
  { seed, recipe }: RunArguments,
  observer: RunObserver,
  signal: AbortSignal,
): Promise<RunOutcome | undefined> {
  observer.stage('data');
  const prepared = await folder.timed('data', () => prepare(recipe, seed));
  const { train, test } = prepared.samples;
  observer.endStage(`${train.length} tiles to learn from, ${test.length} held out`);
  const reward = geoRReward({ variant: 'paper' });
  const workshop = { prepared, recipe, seed, reward, folder, observer, signal };
  try {
    const models = await trainModels(workshop);
    observer.stage('evaluation');
    const outcome = await folder.timed('evaluation', () => evaluateModels(workshop, models));
    observer.endStage();
    writePredictions(folder, outcome);
    return outcome;
  } catch (error) {
    if (error instanceof Interrupted) return undefined;
    throw error;
  }
}

async function evaluateModels(workshop: Workshop, models: TrainedModels): Promise<RunOutcome> {
  const { prepared, recipe, seed, reward, folder, observer, signal } = workshop;
  const { samples, gazetteer, tokenizer, earth } = prepared;
  const passes = 5;
  let pass = 0;
  const answers = async (
    model: Model,
    condition: PromptCondition,
    temperature: number,
  ): Promise<JudgedAnswer[]> => {
    const generator = await Generator.create(model.config, model.parameters);
    const judged = await answerTiles(
      generator,
      {
        task: prepared.task('test', condition),
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
  const greedy = {
    direct: await answers(models.sft, 'direct', 0),
    sft: await answers(models.sft, 'cor', 0),
    grpo: await answers(models.grpo, 'cor', 0),
  };
  const sampled = {
    sft: await answers(models.sft, 'cor', 1),
    grpo: await answers(models.grpo, 'cor', 1),
  };
  const guess = bestConstantGuess(samples.train);
  return {
    prepared,
    metrics: new MetricsLog(folder.file('metrics.jsonl')).rows(),
    greedy,
    sampled,
    constant: samples.test.map(() => guess),
    retrieval: nearestTiles(earth, samples.train, samples.test, recipe.data.spanDegrees),
  };
}

/** Truth and predictions as files that `geor evaluate` reads. */
function writePredictions(
  folder: RunFolder,
  { prepared, greedy, constant, retrieval }: RunOutcome,
): void {
  const write = (name: string, rows: readonly object[]): void =>
    writeFileAtomic(
      folder.file('predictions', `${name}.jsonl`),
      rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    );
  const { test } = prepared.samples;
  write(
    'truth',
    test.map(({ id, lat, lon }) => ({ id, lat, lon })),
  );
  for (const [name, answers] of Object.entries(greedy)) {
    write(
      name,
      answers.map(({ sample, text }) => ({ id: sample.id, completion: text })),
    );
  }
  for (const [name, points] of Object.entries({ constant, retrieval })) {
    write(
      name,
      points.map(({ lat, lon }, i) => ({ id: test[i]!.id, lat, lon })),
    );
  }
}
