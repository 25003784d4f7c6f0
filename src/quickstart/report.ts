/**
 * The report of a quick start: its figures, curves, map and tiles, put together from the outcome.
 * @module
 */
import { encodeJpeg } from '../data/index.ts';
import {
  bootstrapInterval,
  distanceFigures,
  mean,
  pairedDifference,
  quantile,
  wilsonShare,
} from '../evaluate/index.ts';
import { type Coordinate, haversineKm } from '../geo/index.ts';
import type {
  Measure,
  RecordGroup,
  ReportChain,
  ReportComparison,
  ReportCurve,
  ReportInput,
  ReportSample,
  ReportSystem,
} from '../report/index.ts';
import { geoRDistanceReward } from '../rewards/index.ts';
import type { MetricsRow } from '../train/index.ts';
import type { JudgedAnswer } from './answer-tiles.ts';
import { STAGES, type Stage } from './observer.ts';
import { type RunOutcome, SAMPLES_PER_TILE } from './run.ts';
import type { RunArguments, RunFolder } from './run-folder.ts';

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

/** Tiles shown with their chains. */
const SHOWN_TILES = 12;

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

function modelSystem(
  name: keyof RunOutcome['greedy'],
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

function baselineSystem(
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

/** Systems of the table, baselines first. */
export function systemsOf({ prepared, greedy, constant, retrieval }: RunOutcome): ReportSystem[] {
  const { test } = prepared.samples;
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
export function comparisonsOf({ greedy, sampled }: RunOutcome): ReportComparison[] {
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

const curve = (rows: readonly MetricsRow[], stage: Stage, metric: string) =>
  rows
    .filter((row) => row.stage === stage && typeof row[metric] === 'number')
    .map((row) => ({ x: row.step, y: row[metric] as number }));

function curvesOf(rows: readonly MetricsRow[]): ReportCurve[] {
  const grpo = (
    title: string,
    metric: string,
    unit: 'number' | 'percent' = 'number',
    scale = 1,
  ): ReportCurve => ({
    title,
    unit,
    smoothing: 7,
    series: [
      {
        name: metric,
        points: curve(rows, 'grpo', metric).map(({ x, y }) => ({ x, y: y * scale })),
      },
    ],
  });
  return [
    {
      title: 'Supervised training: loss per answer token',
      smoothing: 25,
      series: [{ name: 'loss', points: curve(rows, 'sft', 'loss') }],
    },
    grpo('GRPO: Geo-R reward of sampled answers', 'reward'),
    grpo('GRPO: KL divergence to the supervised model', 'kl'),
    grpo('GRPO: groups without a difference', 'frac_reward_zero_std', 'percent', 100),
    grpo('GRPO: tokens per answer', 'completions/mean_length'),
  ];
}

const chainOfAnswer = ({ answer }: JudgedAnswer): ReportChain => ({
  ...(answer.country === undefined ? {} : { country: answer.country }),
  ...(answer.region === undefined ? {} : { region: answer.region }),
  ...(answer.city === undefined ? {} : { city: answer.city }),
  ...(answer.coordinate === undefined ? {} : { coordinate: answer.coordinate }),
});

function samplesOf({ prepared, greedy }: RunOutcome): ReportSample[] {
  const { test } = prepared.samples;
  const step = Math.max(1, Math.floor(test.length / SHOWN_TILES));
  return test
    .map((sample, i) => ({ sample, i }))
    .filter(({ i }) => i % step === 0)
    .slice(0, SHOWN_TILES)
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

/** Everything the report says. */
export function reportInput(
  outcome: RunOutcome,
  folder: RunFolder,
  { seed, minutes, recipe, provider }: RunArguments,
): ReportInput {
  const { test, train } = outcome.prepared.samples;
  const { sft, grpo } = recipe;
  const flat = (title: string, settings: object): RecordGroup => ({
    title,
    entries: settings as Record<string, string | number>,
  });
  return {
    title: 'Quick start: where on Earth is this tile?',
    trained:
      `A Qwen2.5-VL model of ${(outcome.prepared.parameterCount / 1e6).toFixed(1)} million parameters, from nothing: ` +
      `${(sft.steps * sft.batchSize).toLocaleString('en')} supervised samples, then ${grpo.steps} GRPO steps of ` +
      `${grpo.prompts} tiles with ${grpo.groupSize} answers each.`,
    measured:
      `${test.length} tiles around points of held-out 2-degree blocks. Neighbouring tiles overlap in content, so this ` +
      'measures recognising a place from a new cut-out of one picture of the Earth, not locating photographs.',
    seed,
    stages: (Object.entries(STAGES) as [Stage, string][]).map(([stage, name]) => ({
      name,
      seconds: folder.seconds.get(stage) ?? 0,
    })),
    systems: systemsOf(outcome),
    before: SYSTEM_NAMES.sft,
    after: SYSTEM_NAMES.grpo,
    comparisons: comparisonsOf(outcome),
    curves: curvesOf(outcome.metrics),
    maps: (['sft', 'grpo'] as const).map((name) => ({
      system: SYSTEM_NAMES[name],
      errors: outcome.greedy[name].flatMap(({ sample, answer, distanceKm }) =>
        answer.coordinate
          ? [{ truth: { lat: sample.lat, lon: sample.lon }, answer: answer.coordinate, distanceKm }]
          : [],
      ),
    })),
    samples: samplesOf(outcome),
    record: [
      flat('Run', {
        seed,
        minutes,
        trainingTiles: train.length,
        heldOutTiles: test.length,
        node: process.version,
        ...(provider !== undefined && { provider }),
      }),
      flat('Data', recipe.data),
      flat('SFT', sft),
      flat('GRPO', grpo),
    ],
  };
}
