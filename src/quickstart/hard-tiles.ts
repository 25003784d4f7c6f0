/**
 * The tiles that reinforcement learns from: those far from everything the supervised model knows.
 *
 * Source: Geo-R, section 3.3. The model locates some training tiles; where it is right, that place
 * and its surroundings are left out (`data/selection/hard.ts`). The paper asks a pretrained model about
 * 100 thousand samples and has no threshold for "correctly"; here it is the recipe's `correctKm`.
 * @module
 */
import { writeFileAtomic } from '../core/node/index.ts';
import { type EarthSample, hardSelection } from '../data/index.ts';
import type { Coordinate } from '../geo/index.ts';
import { Generator, type Model } from '../model/index.ts';
import { answerTiles } from './answer-tiles.ts';
import { Interrupted, type Workshop } from './workshop.ts';

/** The training samples that are hard for a model; all of them when the recipe selects none. */
export async function hardTiles(
  { prepared, recipe, seed, reward, folder, observer, signal }: Workshop,
  model: Model,
): Promise<readonly EarthSample[]> {
  const { train } = prepared.samples;
  const { selection, grpo } = recipe;
  if (!selection) return train;
  const { correctKm, radiusKm } = selection;
  observer.stage('selection');
  return folder.timed('selection', async () => {
    const step = Math.max(1, Math.floor(train.length / selection.probes));
    const probes = train.map((_, i) => i).filter((i) => i % step === 0);
    const generator = await Generator.create(model.config, model.parameters, { frozen: true });
    const answers = await answerTiles(
      generator,
      {
        task: prepared.task('train', 'cor'),
        grid: prepared.processor.grid,
        samples: train,
        tokenizer: prepared.tokenizer,
        indices: probes.slice(0, selection.probes),
      },
      { reward, gazetteer: prepared.gazetteer },
      {
        maxTokens: grpo.maxCompletionLength,
        temperature: 0,
        samples: 1,
        seed,
        onProgress: (done, total) => observer.progress(done, total, {}),
      },
    );
    await generator.release();
    await new Promise((resume) => setImmediate(resume));
    if (signal.aborted) throw new Interrupted();
    const popular = answers
      .filter(({ distanceKm }) => distanceKm <= correctKm)
      .map(({ sample }) => sample);
    const hard = farFrom(popular, train, radiusKm);
    const isEnough = hard.length >= grpo.prompts;
    const record = { ...selection, asked: answers.length, located: popular.length };
    writeFileAtomic(
      folder.file('hard-tiles.json'),
      `${JSON.stringify({ ...record, of: train.length, hard: hard.length }, null, 2)}\n`,
    );
    observer.endStage(
      isEnough
        ? `${hard.length} of ${train.length} lie ${radiusKm} km or more from what it knows`
        : `${hard.length} of ${train.length} are too few, all are used`,
    );
    return isEnough ? hard : train;
  });
}

/** The samples further than a radius from every popular point. */
export function farFrom(
  popular: readonly Coordinate[],
  samples: readonly EarthSample[],
  radiusKm: number,
): EarthSample[] {
  const method = hardSelection({ popular, radiusKm });
  return samples.filter((at) => method.stratumOf(at, () => at.place) !== null);
}
