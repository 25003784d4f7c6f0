/**
 * The figures of a quick start: what each system is worth, and what reinforcement changed.
 * @module
 */
import {
  bootstrapInterval,
  distanceFigures,
  mean,
  pairedDifference,
  quantile,
  wilsonShare,
} from '../evaluate/index.ts';
import { type Coordinate, haversineKm } from '../geo/index.ts';
import type { Measure, ReportComparison, ReportSystem } from '../report/index.ts';
import { geoRDistanceReward } from '../rewards/index.ts';
import type { JudgedAnswer } from './answer-tiles.ts';
import {
  type Answerer,
  type Evaluated,
  SAMPLES_PER_TILE,
  type TileAnswers,
} from './evaluate-models.ts';

/** Names of the systems in tables. */
export const SYSTEM_NAMES = {
  constant: 'Constant best guess',
  retrieval: 'Nearest training tile',
  direct: 'SFT, coordinates alone',
  sft: 'SFT, Chain of Region',
  grpo: 'GRPO, Chain of Region',
} as const;

/** Seed of the bootstrap; the intervals of a report do not change when it is made again. */
const BOOTSTRAP = { seed: 1 };

const share = (
  answers: readonly JudgedAnswer[],
  holds: (answer: JudgedAnswer) => boolean,
): Measure => {
  const { percent, ciLow, ciHigh } = wilsonShare(answers.filter(holds).length, answers.length);
  return { value: percent, ciLow, ciHigh };
};

const medianOf = (distancesKm: readonly number[]): Measure => {
  const { value, ciLow, ciHigh } = bootstrapInterval(
    distancesKm,
    (sample) => quantile(sample, 0.5),
    {
      ...BOOTSTRAP,
      resamples: 400,
    },
  );
  const finite = (x: number): number | null => (Number.isFinite(x) ? x : null);
  return { value: finite(value), ciLow: finite(ciLow), ciHigh: finite(ciHigh) };
};

const meanReward = (rewards: readonly number[]): Measure =>
  bootstrapInterval(rewards, mean, BOOTSTRAP);

const known = (distancesKm: readonly number[]): (number | null)[] =>
  distancesKm.map((distance) => (Number.isFinite(distance) ? distance : null));

/** The row of a model's answers. */
export function modelSystem(
  name: Answerer,
  note: string,
  answers: readonly JudgedAnswer[],
): ReportSystem {
  const distances = answers.map(({ distanceKm }) => distanceKm);
  const isChain = name !== 'direct';
  return {
    name: SYSTEM_NAMES[name],
    note,
    role: 'main',
    distancesKm: known(distances),
    evaluation: {
      ...distanceFigures(distances),
      median: medianOf(distances),
      meanReward: meanReward(answers.map(({ reward }) => reward)),
      ...(isChain
        ? {
            countryPercent: share(answers, ({ countryRight }) => countryRight),
            consistencyPercent: share(answers, ({ countryAgrees }) => countryAgrees),
          }
        : {}),
    },
  };
}

/** The row of a baseline's points. */
export function baselineSystem(
  name: 'constant' | 'retrieval',
  note: string,
  truth: readonly Coordinate[],
  answers: readonly Coordinate[],
): ReportSystem {
  const distances = truth.map((coordinate, i) => haversineKm(coordinate, answers[i]!));
  return {
    name: SYSTEM_NAMES[name],
    note,
    role: 'context',
    distancesKm: distances,
    evaluation: {
      ...distanceFigures(distances),
      median: medianOf(distances),
      meanReward: meanReward(distances.map((distance) => geoRDistanceReward(distance, 'paper'))),
    },
  };
}

/** Systems of a table, baselines first. */
export function systemsOf(
  test: readonly Coordinate[],
  { greedy, constant, retrieval }: TileAnswers,
): ReportSystem[] {
  return [
    baselineSystem(
      'constant',
      'the one point that earns most on the training tiles',
      test,
      constant,
    ),
    baselineSystem('retrieval', 'by pixels; it stores every training tile', test, retrieval),
    modelSystem('direct', 'the same model, asked for no chain', greedy.direct),
    modelSystem('sft', 'country, region, city, coordinates', greedy.sft),
    modelSystem('grpo', 'the same, improved by reinforcement', greedy.grpo),
  ];
}

/** GRPO against SFT on the same tiles: greedy and sampled reward, and the chain's agreement. */
export function comparisonsOf({ greedy, sampled }: Evaluated): ReportComparison[] {
  const perTile = (
    answers: readonly JudgedAnswer[],
    value: (answer: JudgedAnswer) => number,
  ): number[] =>
    Array.from({ length: answers.length / SAMPLES_PER_TILE }, (_, i) =>
      mean(answers.slice(i * SAMPLES_PER_TILE, (i + 1) * SAMPLES_PER_TILE).map(value)),
    );
  const compare = (
    metric: string,
    unit: ReportComparison['unit'],
    after: readonly number[],
    before: readonly number[],
  ): ReportComparison => ({
    metric,
    from: SYSTEM_NAMES.sft,
    to: SYSTEM_NAMES.grpo,
    ...pairedDifference(after, before, BOOTSTRAP),
    unit,
    higherIsBetter: true,
  });
  const rewardOf = ({ reward }: JudgedAnswer): number => reward;
  const points = (holds: (answer: JudgedAnswer) => boolean) => (answer: JudgedAnswer) =>
    holds(answer) ? 100 : 0;
  const of = (value: (answer: JudgedAnswer) => number) =>
    [greedy.grpo.map(value), greedy.sft.map(value)] as const;
  return [
    compare('Geo-R reward, most probable answer', 'reward', ...of(rewardOf)),
    compare(
      'Geo-R reward, sampled answers',
      'reward',
      perTile(sampled.grpo, rewardOf),
      perTile(sampled.sft, rewardOf),
    ),
    compare('Within 200 km', 'points', ...of(points(({ distanceKm }) => distanceKm <= 200))),
    compare('Country right', 'points', ...of(points(({ countryRight }) => countryRight))),
    compare(
      'Named country is where the coordinate lies',
      'points',
      ...of(points(({ countryAgrees }) => countryAgrees)),
    ),
    compare(
      'Every named place is where the coordinate lies',
      'points',
      ...of(points(({ chainAgrees }) => chainAgrees)),
    ),
  ];
}
