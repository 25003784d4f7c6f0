/**
 * `geor ablate`: the papers' tables in miniature, and what they say of each claim.
 * @module
 */
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  type AblateRecord,
  ablateRecipeForMinutes,
  ablationReport,
  type Findings,
  findingsOf,
  formatFindings,
  markdownFindings,
  modelsOf,
  RECIPE_MINUTES,
  readAblateRecipe,
  readAblateRecord,
  relativeCost,
  runSeed,
  storedAnswers,
  TABLE_NAMES,
  type TableName,
  writeAblateRecord,
} from '../ablate/index.ts';
import { GeorError } from '../core/index.ts';
import { writeFileAtomic } from '../core/node/index.ts';
import { freshFolder } from '../quickstart/index.ts';
import { renderAblation } from '../report/index.ts';
import type { Display } from './display/index.ts';
import { longRun } from './long-run.ts';
import { version } from './version.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  readonly seeds?: readonly number[];
  readonly only?: readonly TableName[];
  readonly minutes?: number;
  readonly recipe?: string;
  readonly output?: string;
  readonly resume?: true;
  readonly threads?: number;
  readonly json?: true;
}

const DEFAULT_FOLDER = join('runs', 'ablate');
const DEFAULT_SEEDS: readonly number[] = [1, 2, 3];

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('a number above 0 is needed');
  return value;
};

const wholeNumbers = (text: string): number[] => {
  const values = text.split(',').map(Number);
  if (!values.every(Number.isInteger) || new Set(values).size < values.length)
    throw new InvalidArgumentError('different whole numbers with commas between are needed');
  return values;
};

const tableNames = (text: string, before: readonly TableName[] = []): TableName[] => {
  const names = text.split(',').map((name) => {
    const known = TABLE_NAMES.find((one) => one === name);
    if (!known) throw new InvalidArgumentError(`the tables are ${TABLE_NAMES.join(', ')}`);
    return known;
  });
  return [...new Set([...before, ...names])];
};

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('ablate')
    .description("the papers' tables in miniature, and what they say of each claim")
    .option(
      '--seeds <list>',
      `seeds, commas between (default: ${DEFAULT_SEEDS.join(',')}; verdicts need three)`,
      wholeNumbers,
    )
    .addOption(
      new Option(
        '--only <tables>',
        `${TABLE_NAMES.join(', ')}; commas between (default: all)`,
      ).argParser(tableNames),
    )
    .option(
      '--minutes <n>',
      `how long a seed should take on two cores; sets steps and tiles (default: ${RECIPE_MINUTES})`,
      positive,
    )
    .option('--recipe <file>', 'settings, YAML (default: the shipped recipes/ablate.yaml)')
    .option(
      '-o, --output <folder>',
      `the run's folder (default: ${DEFAULT_FOLDER}, or -2, -3, ...)`,
    )
    .option('--resume', 'go on in the folder; --seeds and --only may name others')
    .option('--threads <n>', "ONNX Runtime's threads (default: its own choice)", wholeNumber(1))
    .option('--json', 'print the findings as one JSON document')
    .action(run);
}

/** What to do where: what is asked, or what the run to resume was asked. */
function plan(flags: Flags): { path: string; asked: AblateRecord } {
  const path = flags.output ?? (flags.resume ? DEFAULT_FOLDER : freshFolder(DEFAULT_FOLDER));
  const before = readAblateRecord(path);
  if (flags.resume) {
    if (!before)
      throw new GeorError('usage', `${path} holds no ablation to resume`, {
        hint: 'start one without --resume, or name its folder with -o',
      });
    if ([flags.minutes, flags.recipe, flags.threads].some((flag) => flag !== undefined))
      throw new GeorError('usage', 'a run goes on with the recipe and threads it began with', {
        hint: 'leave --minutes, --recipe and --threads out, or start another run',
      });
    const tables = flags.only ?? before.tables;
    return {
      path,
      asked: { ...before, seeds: [...(flags.seeds ?? before.seeds)], tables: [...tables] },
    };
  }
  if (before)
    throw new GeorError('usage', `${path} already holds an ablation`, {
      hint: 'continue it with --resume, or choose another folder with -o',
    });
  const { minutes = RECIPE_MINUTES, seeds = DEFAULT_SEEDS, only = TABLE_NAMES } = flags;
  const recipe = ablateRecipeForMinutes(readAblateRecipe(flags.recipe), minutes);
  const asked = { command: 'ablate', version, minutes, recipe } as const;
  const threads = flags.threads === undefined ? {} : { threads: flags.threads };
  return { path, asked: { ...asked, seeds: [...seeds], tables: [...only], ...threads } };
}

const seedTitle = (seed: number): string => `Seed ${seed}`;

/** One bar a seed: its models, weighed by what they cost. */
function progressOf(display: Display, { recipe, tables }: AblateRecord) {
  const models = modelsOf(tables);
  const costs = models.map((name) => relativeCost(name, recipe));
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  return (unit: string, share: number, fields: Readonly<Record<string, number>>): void => {
    const at = (models as readonly string[]).indexOf(unit);
    if (at < 0) return; // answers take seconds; the bar waits
    const done = costs.slice(0, at).reduce((sum, cost) => sum + cost, 0) + share * costs[at]!;
    display.progress({
      done: Math.round((100 * done) / total),
      total: 100,
      fields: { ...fields, model: unit },
    });
  };
}

async function run(flags: Flags): Promise<void> {
  const { path, asked } = plan(flags);
  writeAblateRecord(path, asked);
  await longRun(asked.seeds.map(seedTitle), async (display, signal) => {
    for (const seed of asked.seeds) {
      display.stage(seedTitle(seed));
      const isDone = await runSeed({
        ...{ folder: path, seed, recipe: asked.recipe, tables: asked.tables },
        ...{ observer: { progress: progressOf(display, asked) }, signal: signal },
        ...(asked.threads !== undefined && { threads: asked.threads }),
      });
      if (!isDone) {
        display.done(`Stopped. Continue with: geor ablate --resume -o ${path}`);
        process.exitCode = 130;
        return;
      }
      display.endStage();
    }
    const findings = findingsOf(
      asked.seeds.map((seed) => storedAnswers(path, seed, asked.tables)),
      asked.tables,
    );
    writeFindings(path, findings, asked);
    display.done(`Report: ${resolve(path, 'report.html')}`);
    process.stdout.write(
      flags.json ? `${JSON.stringify(findings, null, 2)}\n` : `${formatFindings(findings)}\n`,
    );
  });
}

/** The findings as data, as Markdown and as a page. */
function writeFindings(path: string, findings: Findings, asked: AblateRecord): void {
  const report = { ...ablationReport(findings, asked), madeAt: new Date().toISOString() };
  writeFileAtomic(join(path, 'ablate.json'), `${JSON.stringify(findings, null, 2)}\n`);
  writeFileAtomic(join(path, 'ablate.md'), markdownFindings(findings));
  writeFileAtomic(join(path, 'report.html'), renderAblation(report));
}
