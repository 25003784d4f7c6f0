/**
 * The report of a quick start: its figures, curves, map and tiles, put together from the outcome.
 * @module
 */
import type { RecordGroup, ReportCurve, ReportInput } from '../report/index.ts';
import type { MetricsRow } from '../train/index.ts';
import { comparisonsOf, SYSTEM_NAMES, systemsOf } from './figures.ts';
import { STAGES, type Stage, stagesOf } from './observer.ts';
import type { RunOutcome } from './run.ts';
import type { RunArguments, RunFolder } from './run-folder.ts';
import { samplesShown } from './shown-tiles.ts';

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

/** The same places in another rendering, or that there was none to try. */
function otherEarthOf({
  prepared,
  otherEarth,
}: RunOutcome): Pick<ReportInput, 'transfer' | 'notes'> {
  if (!otherEarth)
    return {
      notes: [
        'Another rendering of the Earth was not tried: there is no earth-day.jpg ' +
          '(npm run fetch:earth-day gets it).',
      ],
    };
  return {
    transfer: {
      title: 'Another rendering of the Earth',
      measured:
        'The same held-out places, cut from a picture with other colours and no sea floor that ' +
        'nothing was trained on. The nearest tile is still looked for among the training tiles.',
      systems: systemsOf(prepared.samples.test, otherEarth),
    },
  };
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
    ...otherEarthOf(outcome),
    seed,
    stages: stagesOf(recipe).map((stage) => ({
      name: STAGES[stage],
      seconds: folder.seconds.get(stage) ?? 0,
    })),
    systems: systemsOf(test, outcome),
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
    samples: samplesShown(outcome),
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
      ...(recipe.selection ? [flat('Hard tiles', recipe.selection)] : []),
      flat('GRPO', grpo),
    ],
  };
}
