/**
 * The held-out tiles that a quick start shows with their chains.
 * @module
 */
import { encodeJpeg } from '../data/index.ts';
import type { ReportChain, ReportSample } from '../report/index.ts';
import type { JudgedAnswer } from './answer-tiles.ts';
import { SYSTEM_NAMES } from './figures.ts';
import type { Prepared } from './prepare.ts';
import type { RunOutcome } from './run.ts';

/** Tiles in the report, and how many of them are located at the end of a run. */
const SHOWN_TILES = 12;
const LOCATED_TILES = 3;

type Answered = Pick<RunOutcome, 'prepared' | 'greedy'>;

/** Evenly over the held-out tiles, whatever was answered to them. */
function shownIndices({ samples: { test } }: Prepared): number[] {
  const step = Math.max(1, Math.floor(test.length / SHOWN_TILES));
  return test
    .map((_, i) => i)
    .filter((i) => i % step === 0)
    .slice(0, SHOWN_TILES);
}

/** A held-out tile and what the finished model says about it. */
export interface LocatedTile {
  readonly tile: Uint8Array;
  readonly judged: JudgedAnswer;
}

/** The first tiles of the report, located by the model after reinforcement. */
export const locatedTiles = ({ prepared, greedy }: Answered): LocatedTile[] =>
  shownIndices(prepared)
    .slice(0, LOCATED_TILES)
    .map((i) => ({
      tile: prepared.tileOf(prepared.samples.test[i]!),
      judged: greedy.grpo[i]!,
    }));

const chainOfAnswer = ({ answer }: JudgedAnswer): ReportChain => ({
  ...(answer.country === undefined ? {} : { country: answer.country }),
  ...(answer.region === undefined ? {} : { region: answer.region }),
  ...(answer.city === undefined ? {} : { city: answer.city }),
  ...(answer.coordinate === undefined ? {} : { coordinate: answer.coordinate }),
});

/** The tiles of the report with the chains of both models; the first of them are the located ones. */
export function samplesShown({ prepared, greedy }: Answered): ReportSample[] {
  return shownIndices(prepared)
    .map((i) => ({ sample: prepared.samples.test[i]!, i }))
    .map(({ sample: { place, lat, lon, ...sample }, i }) => {
      const data = prepared.tileOf({ ...sample, place, lat, lon });
      const side = Math.sqrt(data.length / 3);
      const jpeg = encodeJpeg({ width: side, height: side, data });
      const { country, region, city } = place;
      return {
        tile: `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`,
        truth: {
          country,
          ...(region ? { region } : {}),
          ...(city ? { city } : {}),
          coordinate: { lat, lon },
        },
        answers: (['sft', 'grpo'] as const).map((name) => {
          const judged = greedy[name][i]!;
          return {
            system: SYSTEM_NAMES[name],
            chain: chainOfAnswer(judged),
            distanceKm: Number.isFinite(judged.distanceKm) ? judged.distanceKm : null,
            reward: judged.reward,
            text: judged.text,
          };
        }),
      };
    });
}
