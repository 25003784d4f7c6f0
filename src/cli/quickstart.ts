/**
 * `geor quickstart`: the whole job in minutes, shown as it goes.
 * @module
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { GeorError } from '../core/index.ts';
import { writeFileAtomic } from '../core/node/index.ts';
import {
  freshFolder,
  type LocatedTile,
  locatedTiles,
  openRunFolder,
  type RunArguments,
  type RunObserver,
  readRecipe,
  readRunRecord,
  recipeForMinutes,
  reportInput,
  runQuickstart,
  STAGES,
  stagesOf,
  unfinishedFolder,
} from '../quickstart/index.ts';
import {
  comparisonText,
  formatKm,
  formatPercent,
  type ReportInput,
  type ReportSystem,
  renderMarkdown,
  renderReport,
  verdictOf,
} from '../report/index.ts';
import type { Display, DisplaySample } from './display/index.ts';
import { longRun } from './long-run.ts';
import { announceProvider, providerOption, providerSettings } from './provider.ts';
import { version } from './version.ts';

interface Flags {
  readonly minutes: number;
  readonly seed: number;
  readonly recipe?: string;
  readonly provider?: string;
  readonly otherEarth?: string;
  readonly output?: string;
  readonly resume?: true;
  readonly json?: true;
}

const DEFAULT_FOLDER = join('runs', 'quickstart');

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('a number above 0 is needed');
  return value;
};

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('a whole number is needed');
  return value;
};

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('quickstart')
    .description(
      'train, improve by reinforcement and evaluate a small model on pictures of the Earth',
    )
    .option(
      '--minutes <n>',
      'how long it should take on two cores; sets the number of steps',
      positive,
      5,
    )
    .option('--seed <n>', 'seed of everything random', whole, 1)
    .option('--recipe <file>', 'settings, YAML (default: the shipped recipes/quickstart.yaml)')
    .addOption(providerOption())
    .option(
      '--other-earth <jpeg>',
      'another picture of the whole Earth to test on (default: earth-day.jpg, if it was fetched)',
    )
    .option(
      '-o, --output <folder>',
      `the run's folder (default: ${DEFAULT_FOLDER}, or -2, -3, ...)`,
    )
    .option('--resume', 'continue the run in the folder (default: the last unfinished one)')
    .option('--json', 'print the figures as one JSON document')
    .action(run);
}

/** Which folder and which settings: those asked for, or those the run to resume began with. */
function plan(flags: Flags): { path: string; settings: RunArguments } {
  if (flags.resume) {
    const path = flags.output ?? unfinishedFolder(DEFAULT_FOLDER);
    const record = path && readRunRecord(path);
    if (!path || !record) {
      throw new GeorError(
        'usage',
        path ? `${path} holds no run to resume` : 'there is no unfinished run',
        {
          hint: 'start one without --resume, or name its folder with -o',
        },
      );
    }
    const { seed, minutes, recipe, provider } = record;
    const otherEarth = flags.otherEarth ?? record.otherEarth;
    if (flags.provider !== undefined && flags.provider !== (provider ?? 'cpu'))
      throw new GeorError('usage', `${path} was begun on ${provider ?? 'cpu'}`, {
        hint: 'a run goes on as it began: leave --provider out, or start another run',
      });
    const settings = { seed, minutes, recipe, ...providerSettings(provider) };
    return { path, settings: { ...settings, ...(otherEarth !== undefined && { otherEarth }) } };
  }
  const path = flags.output ?? freshFolder(DEFAULT_FOLDER);
  if (readRunRecord(path)) {
    throw new GeorError('usage', `${path} already holds a run`, {
      hint: 'continue it with --resume, or choose another folder with -o',
    });
  }
  const { seed, minutes } = flags;
  return {
    path,
    settings: {
      ...{ seed, minutes, recipe: recipeForMinutes(readRecipe(flags.recipe), minutes) },
      ...providerSettings(flags.provider),
      ...(flags.otherEarth !== undefined && { otherEarth: resolve(flags.otherEarth) }),
    },
  };
}

function observe(display: Display, sizePx: number): RunObserver {
  return {
    stage: (stage) => display.stage(STAGES[stage]),
    endStage: (remark) => display.endStage(remark),
    progress: (done, total, fields) => display.progress({ done, total, fields }),
    sample: (judged, tile) => display.showSample(shown({ judged, tile }, sizePx)),
  };
}

const shown = ({ judged, tile }: LocatedTile, sizePx: number): DisplaySample => ({
  tile,
  sizePx,
  truth: { ...judged.sample.place, coordinate: judged.sample },
  answer: judged.answer,
  distanceKm: Number.isFinite(judged.distanceKm) ? judged.distanceKm : null,
});

async function run(flags: Flags): Promise<void> {
  const { path, settings } = plan(flags);
  await announceProvider(settings.provider);
  const folder = openRunFolder(path, settings, version);
  await longRun(
    stagesOf(settings.recipe).map((stage) => STAGES[stage]),
    async (display, signal) => {
      const outcome = await runQuickstart(
        folder,
        settings,
        observe(display, settings.recipe.data.sizePx),
        signal,
      );
      if (!outcome) {
        display.done(`Stopped. Continue with: geor quickstart --resume -o ${path}`);
        process.exitCode = 130;
        return;
      }
      const input = reportInput(outcome, folder, settings);
      writeFileAtomic(folder.file('report.html'), renderReport(input));
      writeFileAtomic(folder.file('report.md'), renderMarkdown(input));
      const withoutDistances = (systems: readonly ReportSystem[]) =>
        systems.map(({ distancesKm: _, ...system }) => system);
      const figures = {
        systems: withoutDistances(input.systems),
        comparisons: input.comparisons,
        ...(input.transfer && { otherEarth: withoutDistances(input.transfer.systems) }),
      };
      writeFileAtomic(folder.file('figures.json'), `${JSON.stringify(figures, null, 2)}\n`);
      folder.save(true);
      const { sizePx } = settings.recipe.data;
      for (const located of locatedTiles(outcome)) display.keepSample(shown(located, sizePx));
      display.table(resultTable(input.systems));
      if (input.transfer) {
        display.note(`${input.transfer.title}, the same places:`);
        display.table(resultTable(input.transfer.systems));
      }
      for (const line of summary(input)) display.note(line);
      display.done(`Report: ${folder.file('report.html')}`);
      if (flags.json) writeFileSync(1, `${JSON.stringify(figures, null, 2)}\n`);
    },
  );
}

/** A table of the report at 80 columns. */
const resultTable = (systems: readonly ReportSystem[]): string[][] => [
  ['', '25 km', '200 km', '750 km', 'median', 'reward', 'country'],
  ...systems.map(resultRow),
];

function resultRow({ name, evaluation }: ReportSystem): string[] {
  const at = (km: number): string =>
    formatPercent(
      evaluation.accuracy.find(({ thresholdKm }) => thresholdKm === km)?.percent ?? null,
    );
  return [
    name,
    at(25),
    at(200),
    at(750),
    formatKm(evaluation.medianKm),
    evaluation.meanReward?.value?.toFixed(3) ?? '',
    evaluation.countryPercent ? formatPercent(evaluation.countryPercent.value) : '',
  ];
}

/** What reinforcement did, in sentences that say when it is noise. */
function summary({ comparisons = [], notes = [] }: ReportInput): string[] {
  const changed = (metric: string): string[] => {
    const comparison = comparisons.find((one) => one.metric.startsWith(metric));
    if (!comparison) return [];
    const { difference, interval } = comparisonText(comparison);
    return [`${comparison.metric}: ${difference} (${interval}), ${verdictOf(comparison)}`];
  };
  return [
    'GRPO against SFT on the same tiles, 95 % intervals:',
    ...changed('Geo-R reward, most').map((line) => `  ${line}`),
    ...changed('Every named place').map((line) => `  ${line}`),
    ...notes,
  ];
}
