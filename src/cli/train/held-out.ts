/**
 * What a run's held-out answers are worth, from the files that it keeps them in.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  bootstrapInterval,
  type Estimate,
  mean,
  quantile,
  wilsonShare,
} from '../../evaluate/index.ts';

const answerSchema = z.object({
  id: z.string(),
  distanceKm: z.number().nullable(),
  reward: z.number().nullable(),
});

/** Figures of one set of answers; an answer without a place is wrong at every distance. */
export interface HeldOutFigures {
  readonly name: 'before' | 'after';
  readonly n: number;
  readonly withoutPlace: number;
  /** Percent within each distance, with its 95 % interval. */
  readonly within: readonly { km: number; percent: number; ciLow: number; ciHigh: number }[];
  readonly medianKm: Estimate;
  /** Of the answers that could be scored; absent when none could. */
  readonly reward?: Estimate;
}

/** Distances shown, km. */
const SHOWN_KM = [25, 200, 750];

/** Figures of the answers of a run's folder: before training, where the model was not new, and after. */
export function heldOutFigures(folder: string): HeldOutFigures[] {
  return (['before', 'after'] as const).flatMap((name) => {
    const file = join(folder, 'predictions', `${name}.jsonl`);
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    return [
      figuresOf(
        name,
        lines.map((line) => answerSchema.parse(JSON.parse(line))),
      ),
    ];
  });
}

function figuresOf(
  name: HeldOutFigures['name'],
  answers: readonly z.output<typeof answerSchema>[],
): HeldOutFigures {
  const distances = answers.map(({ distanceKm }) => distanceKm ?? Number.POSITIVE_INFINITY);
  const rewards = answers.flatMap(({ reward }) => (reward === null ? [] : [reward]));
  return {
    name,
    n: answers.length,
    withoutPlace: answers.filter(({ distanceKm }) => distanceKm === null).length,
    within: SHOWN_KM.map((km) => {
      const count = distances.filter((distance) => distance <= km).length;
      const { percent, ciLow, ciHigh } = wilsonShare(count, answers.length);
      return { km, percent, ciLow, ciHigh };
    }),
    medianKm: bootstrapInterval(distances, (sample) => quantile(sample, 0.5), {
      seed: 1,
      resamples: 400,
    }),
    ...(rewards.length > 0 && { reward: bootstrapInterval(rewards, mean, { seed: 1 }) }),
  };
}
