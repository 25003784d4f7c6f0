/**
 * The quick start: data, supervised training, reinforcement, evaluation.
 *
 * Every stage leaves its result in the run's folder, and a resumed run takes it up there: finished
 * models are loaded, a stage in the middle continues from its checkpoint.
 * @module
 */
import { writeFileAtomic } from '../core/node/index.ts';
import { geoRReward } from '../rewards/index.ts';
import { MetricsLog, type MetricsRow } from '../train/index.ts';
import { type Evaluated, evaluateModels, type TileAnswers } from './evaluate-models.ts';
import type { RunObserver } from './observer.ts';
import { type Prepared, prepare } from './prepare.ts';
import type { RunArguments, RunFolder } from './run-folder.ts';
import { trainModels } from './train-models.ts';
import { Interrupted } from './workshop.ts';

/** What a run made: answers of its models and of the baselines, and how training went. */
export interface RunOutcome extends Evaluated {
  readonly prepared: Prepared;
  readonly metrics: readonly MetricsRow[];
}

/**
 * Runs everything.
 *
 * @returns undefined when the signal stopped it: the folder can be resumed
 */
export async function runQuickstart(
  folder: RunFolder,
  { seed, recipe, otherEarth }: RunArguments,
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
    const evaluated = await folder.timed('evaluation', () =>
      evaluateModels(workshop, models, otherEarth),
    );
    observer.endStage();
    writePredictions(folder, prepared, evaluated);
    const metrics = new MetricsLog(folder.file('metrics.jsonl')).rows();
    return { ...evaluated, prepared, metrics };
  } catch (error) {
    if (error instanceof Interrupted) return undefined;
    throw error;
  }
}

/** Truth and predictions as files that `geor evaluate` reads. */
function writePredictions(folder: RunFolder, { samples }: Prepared, evaluated: Evaluated): void {
  const { test } = samples;
  const write = (name: string, rows: readonly object[]): void =>
    writeFileAtomic(
      folder.file('predictions', `${name}.jsonl`),
      rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    );
  const writeAll = (prefix: string, { greedy, constant, retrieval }: TileAnswers): void => {
    for (const [name, answers] of Object.entries(greedy)) {
      write(
        prefix + name,
        answers.map(({ sample, text }) => ({ id: sample.id, completion: text })),
      );
    }
    for (const [name, points] of Object.entries({ constant, retrieval })) {
      write(
        prefix + name,
        points.map(({ lat, lon }, i) => ({ id: test[i]!.id, lat, lon })),
      );
    }
  };
  write(
    'truth',
    test.map(({ id, lat, lon }) => ({ id, lat, lon })),
  );
  writeAll('', evaluated);
  if (evaluated.otherEarth) writeAll('other-earth-', evaluated.otherEarth);
}
