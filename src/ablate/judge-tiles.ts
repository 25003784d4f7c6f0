/**
 * A model's most probable answers to tiles, judged by what all arms are judged by.
 * @module
 */
import { answerQuery, type PromptCondition } from '../chain/index.ts';
import { haversineKm } from '../geo/index.ts';
import { Generator, type Model } from '../model/index.ts';
import { answerTiles, type JudgedAnswer } from '../quickstart/index.ts';
import { geoRReward } from '../rewards/index.ts';
import type { JudgedRow } from './measures.ts';
import { breathe, Interrupted, longestAnswer, type Workshop } from './workshop.ts';

/**
 * Answers tiles.
 *
 * @param unit - what the observer is told
 * @param indices - of the part's samples; all when absent
 * @throws Interrupted when the signal came meanwhile
 */
export async function judgeTiles(
  workshop: Workshop,
  model: Model,
  asked: PromptCondition,
  unit: string,
  part: 'train' | 'test',
  indices?: readonly number[],
): Promise<JudgedRow[]> {
  const { prepared, observer, signal, seed, threads } = workshop;
  const { gazetteer, tokenizer, samples, processor } = prepared;
  const generator = await Generator.create(
    model.config,
    model.parameters,
    threads === undefined ? {} : { threads },
  );
  const judged = await answerTiles(
    generator,
    {
      ...{
        task: prepared.task(part, asked),
        grid: processor.grid,
        samples: samples[part],
        tokenizer,
      },
      ...(indices && { indices }),
    },
    { reward: geoRReward({ variant: 'paper' }), gazetteer },
    {
      maxTokens: longestAnswer(prepared.task('train', asked)),
      ...{ temperature: 0, samples: 1, seed },
      onProgress: (done, total) => observer.progress(unit, done / total, {}),
    },
  );
  await generator.release();
  await breathe();
  if (signal.aborted) throw new Interrupted();
  return judged.map((answer) => judgedRow(workshop, answer));
}

function judgedRow({ geocoder }: Workshop, judged: JudgedAnswer): JudgedRow {
  const { sample, text, answer, distanceKm, reward, countryRight, chainAgrees } = judged;
  const named = answer.country === undefined ? null : geocoder(answerQuery(answer));
  return {
    ...{ id: sample.id, completion: text },
    distanceKm: Number.isFinite(distanceKm) ? distanceKm : null,
    namedKm: named && haversineKm(named, sample),
    ...{ reward, countryRight, chainAgrees },
  };
}
